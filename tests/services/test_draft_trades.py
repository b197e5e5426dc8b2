"""Drafts of what instruments pay, beside the trades and dividends of test_draft_reading.py."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.live.market import AAPL, instrument
from tickfolio.domain.ledger.transactions import (
    DividendReinvested,
    Interest,
    LotChoice,
    Sell,
    Transaction,
    TransactionId,
    TransactionType,
)
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import InvalidDraft
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import LotDraft, Surroundings, TransactionDraft

SURROUNDINGS = Surroundings(
    accounts={"a": AccountView(id="a", portfolio_id="p", name="Broker", currency="EUR")},
    instruments={AAPL: instrument(AAPL)},
)
DRAFT = TransactionDraft(
    type=TransactionType.DIVIDEND_REINVESTED,
    account_id="a",
    at=datetime(2012, 5, 16, 15, 0, tzinfo=UTC),
    symbol=AAPL,
    gross=Decimal(10),
    taxes=Decimal(1),
    quantity=Decimal(2),
    price=Decimal(4),
)


def meant(draft: TransactionDraft, **parts: Any) -> Transaction:
    changed = replace(draft, **parts)
    return read_draft(changed, surroundings=SURROUNDINGS, transaction_id=TransactionId("t"), sequence=7).transaction


def refused(draft: TransactionDraft, **parts: Any) -> dict[str, str]:
    with pytest.raises(InvalidDraft) as refusal:
        meant(draft, **parts)
    return refusal.value.errors


def money(amount: str, code: str = "USD") -> Money:
    return Money(Decimal(amount), Currency(code))


def test_of_price_and_amount_reinvested_one_follows_from_the_other() -> None:
    by_price = meant(DRAFT, ex_date=date(2012, 5, 10), fees=Decimal("0.5"))
    assert isinstance(by_price, DividendReinvested)
    assert (by_price.invested, by_price.fees, by_price.gross) == (money("8"), money("0.5"), money("10"))
    assert by_price.accrues_at == datetime(2012, 5, 10, 13, 30, tzinfo=UTC)
    by_amount = meant(DRAFT, price=None, counter_amount=Decimal(9))
    assert isinstance(by_amount, DividendReinvested)
    assert by_amount.price == Decimal("4.5")
    assert list(refused(DRAFT, price=None)) == ["price"]
    assert list(refused(DRAFT, taxes=Decimal(11))) == ["taxes"]


def test_interest_is_of_the_account_or_of_a_bond() -> None:
    plain = TransactionDraft(type=TransactionType.INTEREST, account_id="a", at=DRAFT.at, gross=Decimal(3))
    of_cash = meant(plain)
    assert isinstance(of_cash, Interest)
    assert (of_cash.gross, of_cash.symbol) == (money("3", "EUR"), None)
    of_bond = meant(plain, symbol=AAPL, taxes=Decimal(1))
    assert isinstance(of_bond, Interest)
    assert (of_bond.gross, of_bond.withholding_tax, of_bond.symbol) == (money("3"), money("1"), AAPL)


def test_a_sale_may_name_the_lots_that_go_first() -> None:
    sale = TransactionDraft(
        type=TransactionType.SELL, account_id="a", at=DRAFT.at, symbol=AAPL, quantity=Decimal(2), price=Decimal(4)
    )
    found = meant(sale, lots=(LotDraft(quantity=Decimal(1), transaction_id="t1"),))
    assert isinstance(found, Sell)
    assert found.lots == (LotChoice(TransactionId("t1"), Decimal(1)),)
    assert list(refused(sale, lots=(LotDraft(quantity=Decimal(3), transaction_id="t1"),))) == ["lots"]
