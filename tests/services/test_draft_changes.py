"""Drafts of what companies do."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.live.market import AAPL, IBM, instrument
from tickfolio.domain.ledger.transactions import (
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    TransactionId,
    TransactionType,
)
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import InvalidDraft
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import ReadDraft, Surroundings, TransactionDraft

SURROUNDINGS = Surroundings(
    accounts={"a": AccountView(id="a", portfolio_id="p", name="Broker", currency="EUR")},
    instruments={AAPL: instrument(AAPL), IBM: instrument(IBM)},
)
DRAFT = TransactionDraft(
    type=TransactionType.MERGER,
    account_id="a",
    at=datetime(2012, 5, 16, 15, 0, tzinfo=UTC),
    symbol=AAPL,
    new_symbol=IBM,
    split_new=1,
    split_old=2,
)
SPIN_OFF = replace(DRAFT, type=TransactionType.SPIN_OFF, cost_share=Decimal("0.2"))


def read(draft: TransactionDraft, **parts: Any) -> ReadDraft:
    changed = replace(draft, **parts)
    return read_draft(changed, surroundings=SURROUNDINGS, transaction_id=TransactionId("t"), sequence=7)


def refused(draft: TransactionDraft, **parts: Any) -> dict[str, str]:
    with pytest.raises(InvalidDraft) as refusal:
        read(draft, **parts)
    return refusal.value.errors


def usd(amount: str) -> Money:
    return Money(Decimal(amount), Currency("USD"))


def test_cash_is_in_the_currency_of_the_instrument() -> None:
    merger = read(DRAFT, amount=Decimal(10), cost_share=Decimal("0.5"), cash_in_lieu=Decimal(1)).transaction
    assert isinstance(merger, Merger)
    assert (merger.cash, merger.cost_share, merger.cash_in_lieu) == (usd("10"), Decimal("0.5"), usd("1"))
    returned = read(replace(DRAFT, type=TransactionType.RETURN_OF_CAPITAL), amount=Decimal(3)).transaction
    assert isinstance(returned, ReturnOfCapital)
    assert returned.amount == usd("3")
    split = read(replace(DRAFT, type=TransactionType.SPLIT), cash_in_lieu=Decimal(2)).transaction
    assert isinstance(split, Split)
    assert split.cash_in_lieu == usd("2")


def test_units_that_came_are_all_that_a_stock_dividend_says() -> None:
    came = read(replace(DRAFT, type=TransactionType.STOCK_DIVIDEND), quantity=Decimal("0.5")).transaction
    assert isinstance(came, StockDividend)
    assert came.quantity == Decimal("0.5")


def test_a_spin_off_says_which_part_of_the_cost_goes() -> None:
    spin_off = read(SPIN_OFF).transaction
    assert isinstance(spin_off, SpinOff)
    assert spin_off.cost_share == Decimal("0.2")
    assert "such as 0.15 for 15 %" in refused(SPIN_OFF, cost_share=None)["cost_share"]
    assert "from 0 to 1" in refused(SPIN_OFF, cost_share=Decimal(15))["cost_share"]
    assert "at most 18 decimal places" in refused(SPIN_OFF, cost_share=Decimal("1e-19"))["cost_share"]


def test_a_part_of_the_cost_goes_only_with_cash() -> None:
    assert list(refused(DRAFT, cost_share=Decimal("0.5"))) == ["cost_share"]


def test_a_new_symbol_is_another_one_and_is_made_where_that_is_asked_for() -> None:
    assert refused(DRAFT, new_symbol=AAPL) == {"new_symbol": "Expected another symbol than AAPL."}
    assert "No feed offers NEWCO" in refused(DRAFT, new_symbol="newco")["new_symbol"]
    assert refused(DRAFT, new_symbol=None)["new_symbol"] == "Expected a symbol such as AAPL."
    change = replace(DRAFT, type=TransactionType.SYMBOL_CHANGE, new_symbol="newco", creates_instrument=True)
    made = read(change, instrument_name="New Company")
    assert isinstance(made.transaction, SymbolChange)
    assert [(each.symbol, each.name, each.currency.code) for each in made.new_instruments] == [
        ("NEWCO", "New Company", "USD")
    ]
