"""Accounts' transactions as the market reaches them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BROKER,
    buy,
    deposit,
    dividend,
    exchange,
    fee,
    moment,
    money,
    sell,
    settled,
    split,
    withdrawal,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.reached import ReachedAccounts
from tickfolio.errors import InsufficientQuantity

EUR = Currency("EUR")
EX, PAID = moment("2012-05-08"), moment("2012-06-09")


def reached(*transactions: Transaction) -> ReachedAccounts:
    """One account."""
    return ReachedAccounts({BROKER: DEFAULT_OPTIONS}, transactions)


def ledger_of(account: ReachedAccounts) -> AccountLedger:
    return account.ledgers[BROKER]


def touched(*transactions: Transaction) -> tuple[list[str], list[str], bool]:
    """Symbols, currencies and whether receivables were."""
    found = reached(*transactions).advance(moment("2012-12-31"))[BROKER]
    return sorted(found.symbols), sorted(currency.code for currency in found.currencies), found.receivables


@pytest.mark.parametrize(
    ("transaction", "expected"),
    [
        (deposit("2012-05-14", "1 EUR"), ([], ["EUR"], False)),
        (withdrawal("2012-05-14", "1 EUR"), ([], ["EUR"], False)),
        (buy("2012-05-14", "1", "1 USD"), (["AAPL"], ["USD"], False)),
        (buy("2012-05-14", "1", "1 USD", settlement=settled("1 EUR", rate="1")), (["AAPL"], ["EUR"], False)),
        (dividend("2012-05-14", "1 USD"), (["AAPL"], ["USD"], True)),
        (dividend("2012-05-14", "1 USD", settlement=settled("1 EUR", rate="1")), (["AAPL"], ["EUR"], True)),
        (fee("2012-05-14", "1 EUR"), ([], ["EUR"], False)),
        (fee("2012-05-14", "1 EUR", symbol=AAPL), (["AAPL"], ["EUR"], False)),
        (split("2012-05-14", 2, 1), (["AAPL"], [], False)),
        (exchange("2012-05-14", "1 EUR", "1 USD"), ([], ["EUR", "USD"], False)),
    ],
)
def test_a_transaction_touches_what_it_changes(
    transaction: Transaction, expected: tuple[list[str], list[str], bool]
) -> None:
    assert touched(transaction) == expected


def test_a_sale_touches_its_position_and_its_cash() -> None:
    assert touched(buy("2012-05-14", "1", "1 EUR"), sell("2012-05-15", "1", "1 USD")) == (
        ["AAPL"],
        ["EUR", "USD"],
        False,
    )


def test_where_nothing_was_reached_nothing_is_touched() -> None:
    account = reached(deposit("2012-05-14", "1 EUR"))
    assert account.advance(moment("2012-05-13")) == {}


def test_transactions_are_reached_at_their_moment_one_after_the_other() -> None:
    account = reached(deposit("2012-05-15", "2 EUR"), deposit("2012-05-14", "1 EUR"))
    balances = []
    for day in (13, 14, 15):
        account.advance(moment(f"2012-05-{day}"))
        balances.append(sum(cash.balance for cash in ledger_of(account).cash.values()))
    assert balances == [0, 1, 3]


def test_a_dividend_is_a_receivable_before_its_payment_is_reached() -> None:
    due = dividend("2012-06-09 12:00", "80 USD", ex="2012-05-08 12:00")
    account = reached(due)
    account.advance(EX)
    assert list(ledger_of(account).receivables) == [due.id]
    account.advance(PAID)
    assert not ledger_of(account).receivables
    assert len(ledger_of(account).positions[AAPL].incomes) == 1


def test_what_was_applied_may_lie_beyond_an_earlier_moment() -> None:
    account = reached(deposit("2012-05-07", "1 EUR"), dividend("2012-06-09", "1 USD", ex="2012-05-08"))
    assert not account.is_beyond(moment("2012-01-01"))
    account.advance(moment("2012-05-20"))
    assert not account.is_beyond(EX)
    assert account.is_beyond(moment("2012-05-07 13:00"))


def test_a_later_transaction_is_taken_without_folding_again() -> None:
    first, second = deposit("2012-05-14", "1 EUR"), deposit("2012-05-15", "2 EUR")
    account = reached(first)
    account.advance(moment("2012-05-20"))
    ledger = ledger_of(account)
    assert account.take([first, second])
    assert account.advance(moment("2012-05-20"))
    assert ledger_of(account) is ledger
    assert [flow.transaction for cash in ledger.cash.values() for flow in cash.flows] == [first.id, second.id]


def test_what_is_not_reached_yet_may_change() -> None:
    first, later = deposit("2012-05-14", "1 EUR"), deposit("2012-06-15", "2 EUR")
    account = reached(first, later)
    account.advance(moment("2012-05-20"))
    assert account.take([first, replace(later, amount=money("3 EUR"))])
    assert account.take([first])


def test_another_past_is_not_taken() -> None:
    first, second = deposit("2012-05-14", "1 EUR"), deposit("2012-05-15", "2 EUR")
    account = reached(first, second)
    account.advance(moment("2012-05-20"))
    assert not account.take([first])
    assert not account.take([first, replace(second, amount=money("3 EUR"))])
    assert not account.take([deposit("2012-05-13", "1 EUR"), first, second])
    assert account.take([replace(first), second])


def test_another_past_is_mended_where_it_is_another_and_stays_where_it_is_not() -> None:
    first, other = buy("2012-05-14", "1", "1 USD"), buy("2012-05-15", "1", "1 EUR", symbol=Symbol("SAP"))
    account = reached(first, other)
    account.advance(moment("2012-05-20"))
    kept = ledger_of(account).positions[Symbol("SAP")]
    assert account.mend([replace(first, quantity=Decimal(3)), other]) is not None
    assert ledger_of(account).positions[AAPL].quantity == 3
    assert ledger_of(account).positions[Symbol("SAP")] is kept
    assert account.advance(moment("2012-05-20")) == {}


def test_what_is_booked_after_a_mended_past_follows_its_newest_transaction() -> None:
    first, last, between = (deposit(f"2012-05-{day}", "1 EUR") for day in (14, 18, 16))
    account = reached(first, last)
    account.advance(moment("2012-05-20"))
    assert account.mend([first]) is not None
    assert account.take([first, between])
    account.advance(moment("2012-05-20"))
    assert [flow.transaction for flow in ledger_of(account).cash[EUR].flows] == [first.id, between.id]


def test_a_dividend_that_waits_for_its_ex_date_waits_on_in_a_mended_past() -> None:
    first, due = deposit("2012-05-01", "1 EUR"), dividend("2012-06-09", "80 USD", ex="2012-05-08")
    account = reached(first, due)
    account.advance(moment("2012-05-02"))
    assert account.mend([replace(first, amount=money("2 EUR")), due]) is not None
    account.advance(EX)
    assert list(ledger_of(account).receivables) == [due.id]


def test_a_past_that_cannot_be_leaves_all_as_it_was() -> None:
    first, sale = buy("2012-05-14", "1", "1 USD"), sell("2012-05-16", "1", "1 USD")
    account = reached(first, sale)
    account.advance(moment("2012-05-20"))
    with pytest.raises(InsufficientQuantity):
        account.mend([sale])
    assert [lot.closed_by for lot in ledger_of(account).positions[AAPL].closed] == [sale.id]


def test_nothing_is_mended_before_the_first_moment() -> None:
    assert reached().mend([deposit("2012-05-14", "1 EUR")]) is None


def test_another_receivable_is_not_taken() -> None:
    due = dividend("2012-06-09", "80 USD", ex="2012-05-08")
    account = reached(due)
    account.advance(EX)
    assert not account.take([])
    assert not account.take([replace(due, gross=money("90 USD"))])
    assert account.take([due, deposit("2012-05-08", "1 EUR")])


def test_a_dividend_that_is_entered_after_its_ex_date_is_a_receivable_at_once() -> None:
    account = reached()
    account.advance(moment("2012-05-20"))
    due = dividend("2012-06-09", "80 USD", ex="2012-05-08")
    assert account.take([due])
    assert account.advance(moment("2012-05-20"))[BROKER].receivables
    assert list(ledger_of(account).receivables) == [due.id]


@pytest.mark.parametrize(
    ("at", "is_as_of"),
    [
        ("2012-05-13 12:00", False),  # the deposit would be taken back
        ("2012-05-14 12:00", True),
        ("2012-05-15 12:00", True),
        ("2012-05-16 12:00", False),  # the dividend is to be had
        ("2012-06-20 12:00", False),
    ],
)
def test_ledgers_are_those_of_a_moment_between_what_was_applied_and_what_comes(at: str, is_as_of: bool) -> None:
    accrued = replace(dividend("2012-06-09", "1 USD"), accrues_at=moment("2012-05-16"))
    account = reached(deposit("2012-05-14", "1 EUR"), accrued, deposit("2012-05-18", "1 EUR"))
    account.advance(moment("2012-05-15"))
    assert account.is_as_of(moment(at)) is is_as_of


def test_ledgers_of_all_that_was_booked_are_those_of_any_later_moment() -> None:
    account = reached(deposit("2012-05-14", "1 EUR"), deposit("2012-05-18", "1 EUR"))
    account.advance(moment("2012-05-15"))
    assert not account.is_as_of(moment("2012-05-18"))
    account.advance(moment("2012-05-18"))
    assert account.is_as_of(moment("2030-01-01"))
