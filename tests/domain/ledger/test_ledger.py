"""One account's transactions, folded."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given, settings

from tests.domain.ledger import generated
from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    cash_transfer,
    deposit,
    dividend,
    exchange,
    fee,
    money,
    sell,
    settled,
    spin_off,
    split,
    symbol_change,
    withdrawal,
)
from tests.domain.ledger.generated import ACCOUNTS, GeneratedLedger, ledgers
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold, fold_all
from tickfolio.domain.ledger.lots import Arrival
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    CurrencyExchange,
    Deposit,
    Dividend,
    Fee,
    Sell,
    Split,
    Transaction,
    Withdrawal,
)
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.errors import InsufficientQuantity, InvalidValue

D = Decimal
EUR, USD = Currency("EUR"), Currency("USD")


def balances(*transactions: Transaction) -> dict[str, Decimal]:
    return {currency.code: cash.balance for currency, cash in fold(BROKER, transactions).cash.items()}


def test_a_deposit_brings_cash_and_a_withdrawal_takes_it() -> None:
    assert balances(deposit("2012-05-14", "1000 EUR"), withdrawal("2012-05-15", "300 EUR")) == {"EUR": 700}


def test_a_purchase_takes_cost_with_fees_from_the_cash_of_its_currency() -> None:
    assert balances(buy("2012-05-14", "10", "5300 USD", fees="9.90")) == {"USD": Decimal("-5309.90")}


def test_a_purchase_that_was_settled_takes_what_really_moved() -> None:
    purchase = buy("2012-05-14", "10", "1000 USD", settlement=settled("785 EUR", rate="0.785"))
    assert balances(purchase) == {"EUR": -785}


def test_a_sale_brings_its_net_proceeds() -> None:
    trades = buy("2012-05-14", "10", "1000 USD"), sell("2012-05-15", "10", "1100 USD", fees="10")
    assert balances(*trades) == {"USD": 90}


def test_a_dividend_brings_what_is_left_after_the_tax() -> None:
    assert balances(dividend("2012-05-14", "80 USD", tax="12")) == {"USD": 68}


def test_a_fee_takes_cash() -> None:
    ledger = fold(BROKER, [fee("2012-05-14", "4.50 EUR"), fee("2012-05-15", "2 EUR", symbol=AAPL)])
    assert ledger.cash[EUR].balance == Decimal("-6.50")
    assert [each.value.stated for each in ledger.cash[EUR].charges] == [money("4.50 EUR")]
    assert [each.value.stated for each in ledger.positions[AAPL].charges] == [money("2 EUR")]


def test_an_exchange_moves_both_currencies_and_both_remember_the_rate_really_paid() -> None:
    ledger = fold(BROKER, [deposit("2012-05-14", "800 EUR"), exchange("2012-05-15", "800 EUR", "1000 USD")])
    assert (ledger.cash[EUR].balance, ledger.cash[USD].balance) == (D(0), D(1000))
    (dollars,) = ledger.cash[USD].lots
    (euros,) = ledger.cash[EUR].reliefs
    assert (dollars.value.stated, dollars.value.settled) == (money("800 EUR"), money("1000 USD"))
    assert euros.went_out.settled == money("1000 USD")


def test_a_split_moves_no_cash() -> None:
    ledger = fold(BROKER, [buy("2012-05-14", "10", "1000 USD"), split("2012-05-15", 2, 1)])
    assert (ledger.positions[AAPL].quantity, ledger.cash[USD].balance) == (D(20), D(-1000))


def test_a_free_purchase_moves_no_cash() -> None:
    assert balances(buy("2012-05-14", "10", "0 USD")) == {}


def test_transactions_are_folded_by_trade_time_then_by_entry() -> None:
    early = buy("2012-05-14", "10", "1000 USD", sequence=900)
    same_moment = buy("2012-05-14", "10", "1200 USD", sequence=901)
    sale = sell("2012-05-15", "10", "1500 USD")
    ledger = fold(BROKER, [sale, same_moment, early])
    assert [lot.opened_by for lot in ledger.positions[AAPL].closed] == [early.id]


def test_a_transaction_before_the_last_one_is_refused_when_booked_one_by_one() -> None:
    ledger = AccountLedger(BROKER)
    ledger.book(deposit("2012-05-15", "1 EUR"))
    with pytest.raises(InvalidValue, match="in_ledger_order"):
        ledger.book(deposit("2012-05-14", "1 EUR"))


def test_two_transactions_with_one_place_in_the_order_are_refused() -> None:
    twins = buy("2012-05-14", "1", "1 USD", sequence=950), buy("2012-05-14", "1", "1 USD", sequence=950)
    with pytest.raises(InvalidValue, match="after"):
        fold(BROKER, twins)


def test_a_transaction_of_another_account_is_refused() -> None:
    with pytest.raises(InvalidValue, match="of account broker, was one of bank"):
        fold(BROKER, [deposit("2012-05-14", "1 EUR", account=AccountId("bank"))])


def test_what_one_account_holds_cannot_be_sold_from_another() -> None:
    with pytest.raises(InsufficientQuantity, match="at most 0 AAPL"):
        fold(BROKER, [sell("2012-05-15", "1", "1 USD")])


def test_a_dividend_is_a_receivable_from_the_ex_date_until_it_is_paid() -> None:
    due, ledger = dividend("2012-06-09", "80 USD", tax="12", ex="2012-05-08"), AccountLedger(BROKER)
    ledger.accrue(due)
    assert [income.net for income in ledger.receivables.values()] == [money("68 USD")]
    assert not ledger.cash
    ledger.book(due)
    assert (ledger.receivables, ledger.cash[USD].balance) == ({}, D(68))
    assert len(ledger.positions[AAPL].incomes) == 1


def test_a_dividend_that_was_never_a_receivable_counts_the_same() -> None:
    paid, accrued = AccountLedger(BROKER), AccountLedger(BROKER)
    due = dividend("2012-06-09", "80 USD", tax="12", ex="2012-05-08")
    accrued.accrue(due)
    accrued.book(due)
    paid.book(due)
    assert paid.positions[AAPL].incomes == accrued.positions[AAPL].incomes
    assert paid.cash[USD].flows == accrued.cash[USD].flows


def test_each_type_of_transaction_is_at_least_a_twentieth_of_those_generated() -> None:
    generated.drawn.clear()

    @settings(max_examples=200)
    @given(ledgers(min_size=4))
    def draw(_ledger: GeneratedLedger) -> None:
        pass

    draw()
    total = sum(generated.drawn.values())
    shares = {kind: 100 * generated.drawn[kind] // total for kind in generated.SIMPLE}
    assert total > 500
    assert all(share >= 5 for share in shares.values()), shares


@given(ledgers())
def test_lots_sum_to_the_position_and_to_what_was_bought_less_what_was_sold(ledger: GeneratedLedger) -> None:
    for account in ACCOUNTS:
        for position in fold(account, ledger.of(account)).positions.values():
            assert sum((lot.quantity for lot in position.lots), Decimal(0)) == position.quantity >= 0
            if not position.splits:
                bought, sold = _traded(ledger.of(account), position.symbol)
                assert position.quantity == bought - sold


@given(ledgers())
def test_all_that_purchases_cost_is_in_the_open_and_the_closed_lots(ledger: GeneratedLedger) -> None:
    for account in ACCOUNTS:
        folded = fold(account, ledger.of(account))
        purchases = [each for each in ledger.of(account) if isinstance(each, Buy)]
        sales = [each for each in ledger.of(account) if isinstance(each, Sell)]
        for symbol, position in folded.positions.items():
            lots = [lot.cost for lot in position.lots] + [lot.cost for lot in position.closed]
            paid = [each.gross + each.fees + each.taxes for each in purchases if each.symbol == symbol]
            assert _sum(cost.stated for cost in lots) == _sum(paid)
            received = [each.gross - each.fees - each.taxes for each in sales if each.symbol == symbol]
            assert _sum(lot.proceeds.stated for lot in position.closed) == _sum(received)


@given(ledgers())
def test_cash_postings_balance(ledger: GeneratedLedger) -> None:
    for account in ACCOUNTS:
        folded = fold(account, ledger.of(account))
        totals: dict[Currency, Decimal] = {}
        for transaction in ledger.of(account):
            for posting in _postings(transaction):
                totals[posting.currency] = EXACT.add(totals.get(posting.currency, Decimal(0)), posting.amount)
        assert {currency: cash.balance for currency, cash in folded.cash.items()} == {
            currency: totals[currency] for currency in folded.cash
        }
        assert all(amount == 0 for currency, amount in totals.items() if currency not in folded.cash)
        for cash in folded.cash.values():
            assert reduce(EXACT.add, (lot.amount for lot in cash.lots), Decimal(0)) == cash.balance


def _traded(transactions: tuple[Transaction, ...], symbol: Symbol) -> tuple[Decimal, Decimal]:
    bought = [each.quantity for each in transactions if isinstance(each, Buy) and each.symbol == symbol]
    sold = [each.quantity for each in transactions if isinstance(each, Sell) and each.symbol == symbol]
    return sum(bought, Decimal(0)), sum(sold, Decimal(0))


def _sum(amounts: Iterable[Money]) -> Decimal:
    total = Decimal(0)
    for money_ in amounts:
        total = EXACT.add(total, money_.amount)
    return total


def _postings(transaction: Transaction) -> list[Money]:
    """What moved in cash, written down once more by hand."""
    match transaction:
        case Deposit():
            return [transaction.amount]
        case Withdrawal() | Fee():
            return [-transaction.amount]
        case Buy():
            paid = transaction.gross + transaction.fees + transaction.taxes
            return [-(paid if transaction.settlement is None else transaction.settlement.amount)]
        case Sell():
            received = transaction.gross - transaction.fees - transaction.taxes
            return [received if transaction.settlement is None else transaction.settlement.amount]
        case Dividend():
            net = transaction.gross - transaction.withholding_tax
            return [net if transaction.settlement is None else transaction.settlement.amount]
        case CurrencyExchange():
            return [-transaction.sold, transaction.bought]
        case Split():
            return []
        case _:
            raise AssertionError(transaction)


def test_a_transfer_goes_to_a_known_account() -> None:
    with pytest.raises(InvalidValue, match="an account of the portfolio to transfer to, was bank"):
        fold(BROKER, [cash_transfer("2012-05-14", "1 EUR")])
    with pytest.raises(InvalidValue, match="a transaction of a known account, was one of broker"):
        fold_all({BANK: AccountOptions()}, [deposit("2012-05-14", "1 EUR")])


def test_cash_goes_to_another_account_with_the_rates_at_which_it_came() -> None:
    options = {BROKER: AccountOptions(), BANK: AccountOptions()}
    ledgers = fold_all(options, [deposit("2012-05-14", "10 EUR"), cash_transfer("2012-05-15", "12 EUR")])
    here, there = ledgers[BROKER].cash[EUR], ledgers[BANK].cash[EUR]
    assert (here.balance, there.balance) == (D(-2), D(12))
    assert [(lot.amount, lot.value.at.day) for lot in there.lots] == [(D(10), 14), (D(2), 15)]
    assert [(lot.amount, lot.value.at.day) for lot in here.lots] == [(D(-2), 15)]
    assert (here.reliefs, there.reliefs) == ((), ())


def test_what_came_of_another_instrument_is_noted_with_its_lots() -> None:
    bought = buy("2012-05-14", "10", "1000 USD")
    changes: list[tuple[Transaction, bool]] = [
        (symbol_change("2012-05-15"), False),
        (spin_off("2012-05-15", 1, 2, "0.1"), True),
    ]
    for change, is_new in changes:
        held = fold(BROKER, [bought, change]).positions[NEWCO]
        assert held.arrivals == [Arrival(change.id, change.at, AAPL, tuple(held.lots), is_new)]
