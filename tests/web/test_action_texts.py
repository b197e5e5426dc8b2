from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    NEWCO,
    dividend,
    merger,
    return_of_capital,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
)
from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.money import Currency
from tickfolio.web.action_texts import action_texts, said

DAY, USD = date(2012, 5, 21), Currency("USD")
DIVIDEND = facts.CashDividend(AAPL, DAY, Decimal("0.26"), USD, date(2012, 6, 14))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (facts.Split(AAPL, DAY, 1, 10), "Split, 1 for 10"),
        (DIVIDEND, "Dividend, 0.26 USD a unit, paid 14 June 2012"),
        (facts.CashDividend(AAPL, DAY, Decimal("0.26"), USD), "Dividend, 0.26 USD a unit"),
        (facts.StockDistribution(AAPL, DAY, 1, 20), "Stock dividend, 1 for 20"),
        (
            facts.Demerger(AAPL, DAY, NEWCO, 1, 4, Decimal("0.125")),
            "Spin-off of NEWCO, 1 for 4, with 12.5 % of the cost",
        ),
        (facts.Takeover(AAPL, DAY, NEWCO, 1, 2), "Merger into NEWCO, 1 for 2"),
        (
            facts.Takeover(AAPL, DAY, NEWCO, 1, 2, Decimal("3.50"), USD),
            "Merger into NEWCO, 1 for 2 and 3.50 USD a unit",
        ),
        (facts.CapitalRepayment(AAPL, DAY, Decimal(1), USD), "Return of capital, 1.00 USD a unit"),
        (facts.Renaming(AAPL, DAY, NEWCO), "New symbol, NEWCO"),
    ],
)
def test_each_action_is_said_in_a_few_words(action: CorporateAction, words: str) -> None:
    assert said(action) == words


def test_the_newest_comes_first_with_what_became_of_it() -> None:
    first = ActionFact(1, facts.Split(AAPL, date(2011, 1, 3), 2, 1))
    second = ActionFact(2, DIVIDEND)
    found = action_texts(
        [
            ActionOutcome(first, BROKER, Decimal("1234.50"), Outcome.BY_HAND, reason="it would leave nothing"),
            ActionOutcome(second, BROKER, Decimal("2469.00"), Outcome.APPLIED, dividend("2012-06-14", "641.94 USD")),
        ],
        accounts={BROKER: "Broker"},
    )
    assert [(each.symbol, each.state, each.form) for each in found] == [
        ("AAPL", "Applied", f"type=dividend&account={BROKER}&action=2"),
        ("AAPL", "To be booked by hand", f"type=split&account={BROKER}&action=1"),
    ]
    assert (found[1].units, found[1].why, found[1].account) == ("1,234.5", "it would leave nothing", "Broker")
    assert (found[0].units, found[0].brought, found[1].brought) == ("2,469", "+641.94 USD", "")


@pytest.mark.parametrize(
    ("booked", "brought"),
    [
        (dividend("2012-06-14", "6 USD"), "+6.00 USD"),
        (return_of_capital("2012-05-21", "10 USD"), "+10.00 USD"),
        (split("2012-05-21", 2, 1), "+10 AAPL"),
        (split("2012-05-21", 1, 4), "−7.5 AAPL"),
        (stock_dividend("2012-05-21", "0.5"), "+0.5 AAPL"),
        (spin_off("2012-05-21", 1, 4, "0.2"), "+2.5 NEWCO"),
        (merger("2012-05-21", 1, 2), "−10 AAPL, +5 NEWCO"),
        (merger("2012-05-21", 1, 2, cash="30 USD"), "−10 AAPL, +5 NEWCO, +30.00 USD"),
        (symbol_change("2012-05-21"), "−10 AAPL, +10 NEWCO"),
    ],
)
def test_what_an_applied_action_brought_is_told_in_cash_and_units(booked: Transaction, brought: str) -> None:
    fact = ActionFact(1, DIVIDEND)
    applied, own = (
        ActionOutcome(fact, BROKER, Decimal(10), outcome, booked) for outcome in (Outcome.APPLIED, Outcome.OWN)
    )
    assert [each.brought for each in action_texts([applied, own], accounts={BROKER: "Broker"})] == [brought, ""]
