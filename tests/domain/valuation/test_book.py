"""What a portfolio is without prices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import AAPL, BROKER, cash_transfer, deposit
from tests.domain.valuation.market import book
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.errors import InvalidValue


def test_transactions_are_handed_out_by_account() -> None:
    one, two = deposit("2012-05-14", "1 EUR"), deposit("2012-05-15", "2 EUR")
    assert book(one, two).by_account() == {BROKER: [one, two]}


def test_an_account_without_transactions_is_there_too() -> None:
    assert book().by_account() == {BROKER: []}


def test_a_transaction_of_no_account_of_the_book_is_refused() -> None:
    with pytest.raises(InvalidValue, match="an account of the book, was bank"):
        book(deposit("2012-05-14", "1 EUR", account=AccountId("bank"))).by_account()


def test_an_account_is_of_the_group_that_it_is_folded_with() -> None:
    bank, cash = AccountId("bank"), AccountId("cash")
    alone, moved = deposit("2012-05-14", "9 EUR", account=cash), cash_transfer("2012-05-15", "1 EUR", to=bank)
    three = replace(book(alone, moved), accounts=tuple(AccountFacts(id_, id_.title()) for id_ in (BROKER, bank, cash)))
    accounts, transactions = three.group_of(bank)
    assert ({facts.id for facts in accounts}, transactions) == ({BROKER, bank}, [moved])
    accounts, transactions = three.group_of(cash)
    assert ([facts.id for facts in accounts], transactions) == ([cash], [alone])
    with pytest.raises(InvalidValue, match="an account of the book, was vault"):
        three.group_of(AccountId("vault"))


def test_an_instrument_is_found_by_its_symbol_or_refused() -> None:
    assert book().instrument(AAPL).name == "Apple Inc."
    with pytest.raises(InvalidValue, match="was none for NONE"):
        book().instrument(Symbol("NONE"))
