"""What the market data know of an instrument, in the accounts that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    dividend,
    merger,
    moment,
    money,
    received,
    reinvested,
    return_of_capital,
    sell,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
    transfer_in,
    transfer_out,
)
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import (
    ActionOutcome,
    Outcome,
    action_outcomes,
    is_derived,
    pays,
)
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions, ActionRule
from tickfolio.domain.ledger.transactions import (
    Dividend,
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
)
from tickfolio.domain.money import Currency

D = Decimal
USD, EUR = Currency("USD"), Currency("EUR")
EX = date(2012, 5, 21)
RULES = {BROKER: ActionRule.ALL, BANK: ActionRule.ALL}
HELD = buy("2012-05-14", "10", "1000 USD")

SPLIT = facts.Split(AAPL, EX, new=2, old=1)
DIVIDEND = facts.CashDividend(AAPL, EX, D("0.26"), USD, pay_date=date(2012, 6, 14))
BONUS = facts.StockDistribution(AAPL, EX, new=1, old=20)
SPIN_OFF = facts.Demerger(AAPL, EX, NEWCO, 1, 4, D("0.2"))
MERGER = facts.Takeover(AAPL, EX, NEWCO, 1, 2, D("3.50"), USD)
EXCHANGE = facts.Takeover(AAPL, EX, NEWCO, 1, 2)
REPAYMENT = facts.CapitalRepayment(AAPL, EX, D("0.333"), USD)
RENAMING = facts.Renaming(AAPL, EX, NEWCO)


def begins_at(symbol: Symbol, day: date) -> datetime:
    """Each exchange has a beginning of its own: that of AAPL is at 4, that of NEWCO at 5."""
    return datetime.combine(day, time(len(symbol)), tzinfo=UTC)


def outcomes(
    transactions: Sequence[Transaction], *actions: CorporateAction, rules: Any = None, excluded: Any = frozenset()
) -> list[ActionOutcome]:
    known = [ActionFact(number, action) for number, action in enumerate(actions, start=1)]
    return action_outcomes(
        transactions, known, rules=RULES if rules is None else rules, begins_at=begins_at, excluded=excluded
    )


def applied(*transactions: Transaction, by: CorporateAction) -> Transaction:
    (found,) = outcomes(transactions, by)
    assert found.outcome is Outcome.APPLIED
    assert found.booking is not None
    return found.booking


# ---------- What each becomes ----------


def test_a_split_is_booked_at_the_beginning_of_its_ex_date_before_all_else() -> None:
    booked = applied(HELD, by=SPLIT)
    assert isinstance(booked, Split)
    assert (booked.new, booked.old, booked.at, booked.account) == (2, 1, moment("2012-05-21 04:00"), BROKER)
    assert booked.sequence < 0
    assert is_derived(booked.id)
    assert not is_derived(HELD.id)


def test_a_dividend_is_of_the_units_before_the_ex_date_and_due_until_it_is_paid() -> None:
    booked = applied(HELD, buy("2012-05-21 14:00", "90", "9000 USD"), by=DIVIDEND)
    assert isinstance(booked, Dividend)
    assert (booked.gross, booked.withholding_tax.amount) == (money("2.60 USD"), D(0))
    assert (booked.accrues_at, booked.at) == (moment("2012-05-21 04:00"), moment("2012-06-14 04:00"))


def test_a_dividend_without_a_day_of_payment_is_paid_on_its_ex_date() -> None:
    booked = applied(HELD, by=facts.CashDividend(AAPL, EX, D("0.26"), USD))
    assert isinstance(booked, Dividend)
    assert (booked.accrues_at, booked.at) == (None, moment("2012-05-21 04:00"))


def test_the_others_are_what_their_names_say() -> None:
    bonus, parted, merged = (applied(HELD, by=each) for each in (BONUS, SPIN_OFF, MERGER))
    assert isinstance(bonus, StockDividend)
    assert bonus.quantity == D("0.5")
    assert isinstance(parted, SpinOff)
    assert (parted.new_symbol, parted.new, parted.old, parted.cost_share) == (NEWCO, 1, 4, D("0.2"))
    assert isinstance(merged, Merger)
    assert (merged.new_symbol, merged.cash, merged.cost_share) == (NEWCO, money("35.00 USD"), None)
    exchanged, repaid, renamed = (applied(HELD, by=each) for each in (EXCHANGE, REPAYMENT, RENAMING))
    assert isinstance(exchanged, Merger)
    assert exchanged.cash is None
    assert isinstance(repaid, ReturnOfCapital)
    assert repaid.amount == money("3.33 USD")
    assert isinstance(renamed, SymbolChange)
    assert renamed.new_symbol == NEWCO


def test_facts_follow_one_another_and_what_is_booked() -> None:
    later = facts.CashDividend(AAPL, date(2012, 8, 9), D("0.25"), USD)
    sold = sell("2012-05-22", "5", "300 USD")
    found = outcomes([HELD, sold], SPLIT, later)
    assert [each.units for each in found] == [D(10), D(15)]
    booked = found[1].booking
    assert isinstance(booked, Dividend)
    assert booked.gross == money("3.75 USD")


def test_units_that_became_another_instrument_have_its_facts() -> None:
    after = facts.CashDividend(NEWCO, date(2012, 8, 9), D(1), USD)
    assert [each.units for each in outcomes([HELD], RENAMING, after)] == [D(10), D(10)]


def test_each_account_has_its_own() -> None:
    found = outcomes([HELD, transfer_out("2012-05-15", "4")], SPLIT)
    assert {each.account: each.units for each in found} == {BROKER: D(6), BANK: D(4)}
    assert len({each.booking.id for each in found if each.booking}) == 2


def test_what_is_derived_can_be_folded() -> None:
    transactions: list[Transaction] = [HELD, transfer_out("2012-05-15", "4")]
    found = outcomes(transactions, BONUS, SPIN_OFF, DIVIDEND, REPAYMENT)
    options = {account: AccountOptions() for account in (BROKER, BANK)}
    ledgers = fold_all(options, [*transactions, *(each.booking for each in found if each.booking)])
    assert ledgers[BROKER].position(AAPL).quantity == D("6.3")
    assert ledgers[BROKER].position(NEWCO).quantity == D("1.575")


def test_nobody_who_held_none_has_anything() -> None:
    gone = sell("2012-05-20", "10", "1100 USD")
    assert outcomes([HELD, gone], SPLIT) == []
    assert outcomes([buy("2012-05-21 14:00", "10", "1000 USD")], SPLIT) == []
    assert outcomes([], SPLIT) == []
    assert outcomes([HELD]) == []


# ---------- What is not applied ----------


def test_what_an_account_has_booked_itself_goes_before() -> None:
    own: list[tuple[Transaction, CorporateAction]] = [
        (split("2012-05-23", 2, 1), SPLIT),
        (stock_dividend("2012-05-21 04:00", "10"), SPLIT),
        (split("2012-05-18", 21, 20), BONUS),
        (dividend("2012-06-20", "2.60 USD", ex="2012-05-21 04:00"), DIVIDEND),
        (reinvested("2012-06-14", "2.60 USD", "0.02", "2.60 USD"), DIVIDEND),
        (spin_off("2012-05-24", 1, 4, "0.3"), SPIN_OFF),
        (merger("2012-05-21 04:00", 1, 2), MERGER),
        (merger("2012-05-21 04:00", 1, 1), RENAMING),
        (symbol_change("2012-05-21 04:00"), RENAMING),
        (return_of_capital("2012-05-25", "3 USD"), REPAYMENT),
    ]
    for booked, action in own:
        (found,) = outcomes([HELD, booked], action)
        assert (found.outcome, found.booking) == (Outcome.OWN, booked)


def test_what_was_booked_long_before_or_after_is_something_else() -> None:
    for booked in (split("2012-05-29", 2, 1), split("2012-05-13 12:00", 3, 1)):
        found = outcomes([buy("2012-05-01", "10", "1000 USD"), booked], SPLIT)
        assert [each.outcome for each in found] == [Outcome.APPLIED]
    late = dividend("2012-08-25", "2.60 USD")
    assert [each.outcome for each in outcomes([HELD, late], DIVIDEND)] == [Outcome.APPLIED]


def test_a_payment_without_an_ex_date_is_of_the_last_one_before_it() -> None:
    second = facts.CashDividend(AAPL, date(2012, 8, 9), D("0.26"), USD)
    paid = dividend("2012-08-16", "2.60 USD")
    assert [each.outcome for each in outcomes([HELD, paid], DIVIDEND, second)] == [Outcome.APPLIED, Outcome.OWN]


def test_the_rule_of_the_account_decides() -> None:
    everything = (SPLIT, DIVIDEND, REPAYMENT, MERGER)
    for rule, wanted in ((ActionRule.NONE, []), (ActionRule.UNITS, [SPLIT])):
        found = outcomes([HELD], *everything, rules={BROKER: rule})
        assert [each.fact.action for each in found if each.outcome is Outcome.APPLIED] == wanted
        assert {each.outcome for each in found} <= {Outcome.APPLIED, Outcome.NOT_WANTED}
    assert [each.outcome for each in outcomes([HELD], SPLIT, rules={})] == [Outcome.NOT_WANTED]


def test_only_what_brings_cash_pays() -> None:
    every = (SPLIT, DIVIDEND, BONUS, SPIN_OFF, MERGER, EXCHANGE, REPAYMENT, RENAMING)
    assert [pays(each) for each in every] == [False, True, False, False, True, False, True, False]
    assert pays(facts.Takeover(AAPL, EX, NEWCO, 1, 2, D("0.01"), USD))


@pytest.mark.parametrize(
    ("transactions", "action", "reason"),
    [
        ([sell("2012-05-14", "10", "1000 USD")], DIVIDEND, "AAPL is sold short"),
        ([buy("2012-05-14", "10", "800 EUR")], REPAYMENT, "AAPL was bought in EUR, and this pays USD"),
        ([buy("2012-05-14", "10", "800 EUR")], MERGER, "AAPL was bought in EUR, and this pays USD"),
        (
            [buy("2012-05-14", "0.000000000000000001", "1 USD")],
            facts.Split(AAPL, EX, new=1, old=100),
            "it would leave nothing",
        ),
        (
            [HELD, sell("2012-05-14", "10", "1000 USD", symbol=NEWCO)],
            RENAMING,
            "NEWCO is held the other way round",
        ),
        ([buy("2012-05-14", "0.001", "1 USD")], DIVIDEND, "Expected a dividend above zero, was 0.00 USD."),
        (
            [HELD, spin_off("2012-05-24", 1, 4, "0.3")],
            SPLIT,
            "the account has booked a spin-off or a merger of AAPL then, which may be the same",
        ),
        (
            [HELD, merger("2012-05-21 04:00", 1, 2)],
            SPLIT,
            "the account has booked a spin-off or a merger of AAPL then, which may be the same",
        ),
    ],
)
def test_what_cannot_be_derived_is_left_to_the_hand_with_its_reason(
    transactions: list[Transaction], action: CorporateAction, reason: str
) -> None:
    found = [each for each in outcomes(transactions, action) if each.units]
    assert [(each.outcome, each.reason, each.booking) for each in found] == [(Outcome.BY_HAND, reason, None)]


def test_a_spin_off_of_another_time_or_account_leaves_a_split_to_the_rule() -> None:
    early = buy("2012-05-01", "10", "1000 USD")
    elsewhere: list[Transaction] = [
        buy("2012-05-01", "4", "400 USD", account=BANK),
        replace(spin_off("2012-05-21", 1, 4, "0.3"), account=BANK),
    ]
    (found,) = outcomes([early, spin_off("2012-05-13", 1, 4, "0.3")], SPLIT)
    assert found.outcome is Outcome.APPLIED
    both = outcomes([early, *elsewhere], SPLIT)
    assert {each.account: each.outcome for each in both} == {BROKER: Outcome.APPLIED, BANK: Outcome.BY_HAND}


@pytest.mark.parametrize("rule", [ActionRule.NONE, ActionRule.UNITS, ActionRule.ALL])
def test_what_a_short_position_pays_is_left_to_the_hand_by_every_rule(rule: ActionRule) -> None:
    short = sell("2012-05-14", "10", "1000 USD")
    for action in (DIVIDEND, REPAYMENT, MERGER):
        (found,) = outcomes([short], action, rules={BROKER: rule})
        assert (found.outcome, found.reason, found.units) == (Outcome.BY_HAND, "AAPL is sold short", D(-10))


def test_units_that_were_transferred_in_count_with_the_currency_of_their_cost() -> None:

    came = transfer_in("2012-05-14", "10", received("2011-01-03", "10", "800 EUR"))
    (found,) = outcomes([came], REPAYMENT)
    assert found.reason == "AAPL was bought in EUR, and this pays USD"


def test_where_bookings_leave_no_room_all_is_by_hand() -> None:
    (found,) = outcomes([HELD], SPLIT, excluded=frozenset({(BROKER, AAPL)}))
    assert found.outcome is Outcome.BY_HAND
    assert found.reason == "what the account has booked leaves no room for it"


def test_what_was_dismissed_in_an_account_is_left_out_there_whatever_its_rule_is() -> None:
    there = transfer_out("2012-05-15", "4")
    known = [ActionFact(1, DIVIDEND)]
    found = action_outcomes([HELD, there], known, rules=RULES, begins_at=begins_at, dismissed=frozenset({(BROKER, 1)}))
    assert {each.account: each.outcome for each in found} == {BROKER: Outcome.DISMISSED, BANK: Outcome.APPLIED}
    booked: list[Transaction] = [HELD, dividend("2012-06-14", "2.60 USD", ex="2012-05-21")]
    (own,) = action_outcomes(booked, known, rules=RULES, begins_at=begins_at, dismissed=frozenset({(BROKER, 1)}))
    assert own.outcome is Outcome.OWN
