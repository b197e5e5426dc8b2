"""What is asked before something is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import NotFound
from tickfolio.services.account_options import account_options_change
from tickfolio.services.booking_doubts import Doubts, doubts_of
from tickfolio.services.drafts import TransactionDraft

pytestmark = pytest.mark.django_db
CLOSED = Decimal("530.38")
"""AAPL on 18 May 2012."""
TRADED = datetime(2012, 5, 18, 20, tzinfo=UTC)


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    alices = book(person("alice"))
    add(alices, deposit(alices, "10000.00"))
    return alices


def asked(mine: Book, draft: TransactionDraft, **more: Any) -> Doubts:
    return doubts_of(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=draft, **more)


def bought(mine: Book, price: str, **parts: Any) -> TransactionDraft:
    return purchase(mine, quantity="1", price=price, at=TRADED, **parts)


@pytest.mark.parametrize(
    ("price", "is_far"), [("1060.76", False), ("1060.77", True), ("265.19", False), ("265.18", True)]
)
def test_a_price_of_more_than_twice_or_less_than_half_of_the_markets_is_far(
    alices: Book, price: str, *, is_far: bool
) -> None:
    found = asked(alices, bought(alices, price)).price
    assert (found is not None) is is_far
    if found is not None:
        assert (found.typed, found.known.price, found.known.day) == (Decimal(price), CLOSED, date(2012, 5, 18))


def test_a_sale_is_asked_about_by_the_price_of_its_day(alices: Book) -> None:
    add(alices, bought(alices, "530"))
    assert asked(alices, replace(bought(alices, "5300"), type=TransactionType.SELL)).price is not None
    assert asked(alices, sale(alices, quantity="1", price="530", at=TRADED)) == Doubts()


def test_where_no_price_of_the_day_is_known_nothing_is_asked(alices: Book) -> None:
    early = datetime(1975, 5, 16, 20, tzinfo=UTC)
    assert asked(alices, replace(bought(alices, "9000"), at=early)).price is None


def test_what_is_edited_is_asked_about_its_price_only_where_that_is_another(alices: Book) -> None:
    there = add(alices, bought(alices, "5300"))
    same = bought(alices, "5300", note="as it was")
    assert asked(alices, same, replaces=there.id) == Doubts()
    assert asked(alices, bought(alices, "6300"), replaces=there.id).price is not None


def test_cash_that_falls_below_zero_is_told_with_what_is_left_and_when(alices: Book) -> None:
    assert asked(alices, purchase(alices, quantity="18", price="530", at=TRADED)).overdrafts == ()
    [found] = asked(alices, purchase(alices, quantity="20", price="530", at=TRADED)).overdrafts
    assert (found.account.name, found.currency.code, found.balance, found.at) == (
        "Broker",
        "USD",
        Decimal(-600),
        TRADED,
    )
    assert asked(alices, purchase(alices, quantity="20", price="530", at=TRADED), is_paid_in=True) == Doubts()


def test_what_is_booked_earlier_may_leave_too_little_for_what_came_later(alices: Book) -> None:
    add(alices, purchase(alices, quantity="18", price="530", at=TRADED))
    [found] = asked(alices, purchase(alices, quantity="10")).overdrafts
    assert (found.balance, found.at) == (Decimal(-3040), TRADED)


def test_a_deposit_that_is_made_smaller_leaves_too_little_and_one_that_is_made_larger_does_not(alices: Book) -> None:
    paid = add(alices, deposit(alices, "100.00"))
    add(alices, purchase(alices, quantity="19", price="530", at=TRADED))
    [found] = asked(alices, deposit(alices, "10.00"), replaces=paid.id).overdrafts
    assert found.balance == Decimal(-60)
    assert asked(alices, deposit(alices, "101.00"), replaces=paid.id) == Doubts()
    assert asked(alices, deposit(alices, "1.00")) == Doubts()


def test_an_account_that_may_sell_short_borrows_by_agreement(alices: Book) -> None:
    account_options_change(
        actor=alices.owner,
        portfolio_id=alices.portfolio_id,
        account_id=alices.account_id,
        options=AccountOptions(allows_shorts=True),
        expected=AccountOptions(),
    )
    assert asked(alices, purchase(alices, quantity="20", price="530", at=TRADED)) == Doubts()


def test_an_account_without_any_cash_is_of_somebody_who_does_not_enter_it() -> None:
    set_market_clock()
    bobs = book(person("bob"))
    assert asked(bobs, purchase(bobs, quantity="20", price="530", at=TRADED)) == Doubts()


def test_what_cannot_be_booked_is_refused_and_not_asked_about(alices: Book) -> None:
    assert asked(alices, bought(alices, "5300", symbol="")) == Doubts()
    assert asked(alices, bought(alices, "5300", symbol="NOBODYS")) == Doubts()


def test_strangers_are_told_nothing(alices: Book) -> None:
    with pytest.raises(NotFound):
        doubts_of(actor=person("mallory"), portfolio_id=alices.portfolio_id, draft=bought(alices, "5300"))
