"""One account of a portfolio that lives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import BROKER, buy, deposit, dividend, moment, money
from tests.domain.valuation.market import EUR, NOON, RATES, book
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.book import AccountFacts
from tickfolio.domain.valuation.cells import Moment, ReceivableCell
from tickfolio.domain.valuation.live_account import LiveAccount, LiveGroup
from tickfolio.errors import InvalidValue

FACTS = AccountFacts(BROKER, "Broker")
SAP = Symbol("SAP")


def account(*transactions: Transaction) -> LiveAccount:
    return account_of(group(*transactions))


def group(*transactions: Transaction) -> LiveGroup:
    made = LiveGroup((FACTS,), transactions)
    made.advance(NOON, book(*transactions))
    return made


def account_of(made: LiveGroup) -> LiveAccount:
    return made.accounts[BROKER]


def test_cells_are_in_the_order_of_their_rows() -> None:
    later, sooner = dividend("2012-07-01", "1 USD", ex="2012-05-15"), dividend("2012-07-01", "1 USD", ex="2012-05-14")
    made = account(
        later, sooner, deposit("2012-05-14", "1 USD"), deposit("2012-05-14", "1 EUR"), buy("2012-05-14", "1", "1 EUR")
    )
    assert [cell.key for cell in made.cells()] == [
        "h:broker:AAPL",
        "c:broker:EUR",
        "c:broker:USD",
        f"r:broker:{sooner.id}",
        f"r:broker:{later.id}",
    ]


def test_what_changed_is_touched_and_nothing_else() -> None:
    first, second = buy("2012-05-14", "1", "1 USD"), buy("2012-05-21 17:00", "1", "1 EUR", symbol=SAP)
    made = group(first, second)
    account_of(made).touched.clear()
    assert made.advance(moment("2012-05-21 17:00"), book(first, second))
    assert sorted(cell.key for cell in account_of(made).touched) == ["c:broker:EUR", "h:broker:SAP"]
    assert not made.advance(moment("2012-05-21 18:00"), book(first, second))


def test_of_another_past_what_it_is_about_is_touched_and_what_is_gone_has_no_cell() -> None:
    first, second = buy("2012-05-14", "1", "1 USD"), buy("2012-05-14", "1", "1 EUR", symbol=SAP)
    due = dividend("2012-05-22", "1 USD", ex="2012-05-15")
    made = group(first, second, due)
    account_of(made).touched.clear()
    assert made.take([second], book(second))
    assert account_of(made).touched == []
    assert [cell.key for cell in account_of(made).cells()] == ["h:broker:SAP", "c:broker:EUR"]
    assert made.take([second, due], book(second, due))
    assert made.advance(NOON, book(second, due))
    assert sorted(cell.key for cell in account_of(made).touched) == [
        "c:broker:USD",
        "h:broker:AAPL",
        f"r:broker:{due.id}",
    ]


def test_what_was_touched_and_is_gone_is_touched_no_more() -> None:
    first, second = buy("2012-05-14", "1", "1 USD"), buy("2012-05-14", "1", "1 EUR", symbol=SAP)
    made = group(first, second)
    assert len(account_of(made).touched) == 4
    assert made.take([second], book(second))
    assert sorted(cell.key for cell in account_of(made).touched) == ["c:broker:EUR", "h:broker:SAP"]


def test_what_changes_again_keeps_its_cell() -> None:
    first, second = buy("2012-05-14", "1", "1 USD"), buy("2012-05-21 17:00", "1", "1 USD")
    made = group(first, second)
    before = list(account_of(made).cells())
    assert made.advance(moment("2012-05-21 17:00"), book(first, second))
    assert all(now is then for now, then in zip(account_of(made).cells(), before, strict=True))


def test_a_receivable_that_waits_on_is_not_touched_by_another() -> None:
    first, second = (dividend("2012-07-01", "1 USD", ex=ex) for ex in ("2012-05-15", "2012-05-21 17:00"))
    made = group(first, second)
    account_of(made).touched.clear()
    assert made.advance(moment("2012-05-21 17:00"), book(first, second))
    assert f"r:broker:{second.id}" in {cell.key for cell in account_of(made).touched}
    assert f"r:broker:{first.id}" not in {cell.key for cell in account_of(made).touched}


def test_a_receivable_that_was_changed_is_shown_as_it_is_now() -> None:
    due = dividend("2012-07-01", "1 USD", ex="2012-05-15")
    more = replace(due, gross=money("2 USD"))
    made = group(due)
    assert made.take([more], book(more))
    rates = Moment(CurrentRates(BaseRates(EUR, RATES), NOON), moment("2012-05-20 22:00"))
    assert [cell.row(rates).quantity for cell in account_of(made).cells() if isinstance(cell, ReceivableCell)] == [2]


def test_a_receivable_is_due_on_the_day_of_the_owner() -> None:
    made = account(dividend("2012-07-01 22:30", "1 USD", ex="2012-05-15"))
    rates = Moment(CurrentRates(BaseRates(EUR, RATES), NOON), moment("2012-05-20 22:00"))
    names = [cell.row(rates).name for cell in made.cells() if isinstance(cell, ReceivableCell)]
    assert names == ["2012-07-02"]


def test_a_receivable_that_was_paid_is_gone() -> None:
    due = dividend("2012-05-22", "1 USD", ex="2012-05-15")
    made = group(due)
    assert f"r:broker:{due.id}" in {cell.key for cell in account_of(made).cells()}
    made.advance(moment("2012-05-22"), book(due))
    assert {cell.key for cell in account_of(made).cells()} == {"h:broker:AAPL", "c:broker:USD"}


def test_only_positions_with_open_lots_are_held() -> None:
    made = account(buy("2012-05-14", "1", "1 USD"), dividend("2012-05-14", "1 USD", symbol=SAP))
    assert [cell.instrument.symbol for cell in made.held()] == ["AAPL"]


def test_an_instrument_that_the_book_lacks_is_refused() -> None:
    unknown = buy("2012-05-14", "1", "1 USD", symbol=Symbol("NONE"))
    with pytest.raises(InvalidValue, match="was none for NONE"):
        account(unknown)


def test_where_one_place_in_the_order_is_there_twice_all_is_for_a_new_fold() -> None:
    first = deposit("2012-05-14", "1 EUR")
    made, other = group(first), replace(deposit("2012-05-14", "2 EUR"), sequence=first.sequence)
    changed = [replace(first, amount=other.amount), other]
    assert not made.take(changed, book(*changed))
