from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.domain.ledger.bookings import AAPL, BANK, BROKER, NEWCO
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.options import AccountOptions, ActionRule
from tickfolio.domain.money import Currency
from tickfolio.persistence.selectors.actions import Dismissal
from tickfolio.services.portfolios import AccountView
from tickfolio.web.inbox_texts import MOST_SHOWN, brings_text, dismissed_texts, proposal_texts, rule_texts

DAY, USD = date(2012, 5, 21), Currency("USD")
DIVIDEND = facts.CashDividend(AAPL, DAY, Decimal("0.26"), USD, date(2012, 6, 14))
NAMES = {BROKER: "Broker"}


def waiting(
    action: CorporateAction,
    *,
    number: int = 1,
    outcome: Outcome = Outcome.NOT_WANTED,
    units: str = "10",
    reason: str = "",
) -> ActionOutcome:
    return ActionOutcome(ActionFact(number, action), BROKER, Decimal(units), outcome, reason=reason)


@pytest.mark.parametrize(
    ("action", "brings"),
    [
        (DIVIDEND, "+2.60 USD"),
        (facts.CapitalRepayment(AAPL, DAY, Decimal("0.333"), USD), "+3.33 USD"),
        (facts.Split(AAPL, DAY, 2, 1), "+10 AAPL"),
        (facts.Split(AAPL, DAY, 1, 4), "−7.5 AAPL"),
        (facts.StockDistribution(AAPL, DAY, 1, 20), "+0.5 AAPL"),
        (facts.Demerger(AAPL, DAY, NEWCO, 1, 4, Decimal("0.2")), "+2.5 NEWCO"),
        (facts.Takeover(AAPL, DAY, NEWCO, 1, 2), "−10 AAPL, +5 NEWCO"),
        (facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal(3), USD), "−10 AAPL, +5 NEWCO, +30.00 USD"),
        (facts.Renaming(AAPL, DAY, NEWCO), "−10 AAPL, +10 NEWCO"),
    ],
)
def test_what_would_be_booked_is_told_in_cash_and_units(action: CorporateAction, brings: str) -> None:
    assert brings_text(waiting(action)) == brings


@pytest.mark.parametrize(
    ("action", "brings"),
    [
        (DIVIDEND, "−2.60 USD"),
        (facts.CapitalRepayment(AAPL, DAY, Decimal("0.333"), USD), "−3.33 USD"),
        (facts.StockDistribution(AAPL, DAY, 1, 20), "−0.5 AAPL"),
        (facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal(3), USD), "+10 AAPL, −5 NEWCO, −30.00 USD"),
    ],
)
def test_what_is_sold_short_owes_it(action: CorporateAction, brings: str) -> None:
    assert brings_text(waiting(action, units="-10")) == brings


def test_the_newest_comes_first_and_what_was_refused_before_it() -> None:
    old = waiting(facts.Split(AAPL, date(2011, 1, 3), 2, 1), outcome=Outcome.BY_HAND, reason="it would leave nothing")
    new = waiting(DIVIDEND, number=2, units="1234.50")
    first, second = proposal_texts([old, new], accounts=NAMES, refusals={})
    assert (first.symbol, first.what, first.brings) == (
        AAPL,
        "Dividend, 0.26 USD a unit, paid 14 June 2012",
        "+320.97 USD",
    )
    assert (first.day, first.ex_date, first.units, first.account) == (
        "14 June 2012",
        "21 May 2012",
        "1,234.5",
        "Broker",
    )
    assert first.form == f"type=dividend&account={BROKER}&action=2"
    assert (first.why, first.refusal) == ("", "")
    assert (second.why, second.day, second.action_id) == ("it would leave nothing", "3 January 2011", 1)
    refused = proposal_texts([old, new], accounts=NAMES, refusals={(BROKER, 1): "There is no room."})
    assert [each.refusal for each in refused] == ["There is no room.", ""]


def test_a_long_list_is_cut_and_the_newest_stay() -> None:
    many = [waiting(DIVIDEND, number=number) for number in range(1, MOST_SHOWN + 3)]
    shown = proposal_texts(many, accounts=NAMES, refusals={})
    assert (len(shown), shown[0].action_id) == (MOST_SHOWN, MOST_SHOWN + 2)


def test_what_was_dismissed_says_by_whom_and_when() -> None:
    found = [waiting(DIVIDEND, outcome=Outcome.DISMISSED), waiting(DIVIDEND, number=2)]
    told = [Dismissal(BROKER, 1, "alice@example.org", datetime(2026, 1, 1, 23, 30, tzinfo=UTC))]
    (text,) = dismissed_texts(found, told, accounts=NAMES, zone=ZoneInfo("Europe/Berlin"))
    assert (text.by, text.action_id, text.ex_date) == ("by alice@example.org on 2 January 2026", 1, "21 May 2012")
    nobody = [Dismissal(BROKER, 1, "", datetime(2026, 1, 1, 12, tzinfo=UTC))]
    (text,) = dismissed_texts(found, nobody, accounts=NAMES, zone=ZoneInfo("UTC"))
    assert text.by == "on 1 January 2026"
    (text,) = dismissed_texts(found, [], accounts=NAMES, zone=ZoneInfo("UTC"))
    assert text.by == ""


@pytest.mark.parametrize(
    ("rule", "offers"),
    [
        (ActionRule.UNITS, ["Always take dividends by themselves"]),
        (ActionRule.NONE, ["Always take splits and dividends by themselves"]),
        (ActionRule.ALL, []),
    ],
)
def test_an_account_is_offered_to_take_more_where_its_rule_is_why_something_waits(
    rule: ActionRule, offers: list[str]
) -> None:
    options = AccountOptions(actions=rule)
    accounts = [AccountView(BROKER, "p", "Broker", "USD", options), AccountView(BANK, "p", "Bank", "USD", options)]
    assert [each.offer for each in rule_texts([waiting(DIVIDEND)], accounts)] == offers
    assert rule_texts([waiting(DIVIDEND, outcome=Outcome.BY_HAND)], accounts) == ()
