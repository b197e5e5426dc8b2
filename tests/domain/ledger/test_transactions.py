"""Transactions are values that cannot be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    buy,
    cash_transfer,
    charge,
    deposit,
    dividend,
    exchange,
    fee,
    interest,
    merger,
    money,
    reinvested,
    return_of_capital,
    sell,
    settled,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
    transfer_in,
    transfer_out,
)
from tests.domain.ledger.bookings import withdrawal as withdraw
from tickfolio.domain.ledger.transactions import (
    Booking,
    FeeRefund,
    InterestCharge,
    Settlement,
    Tax,
    TaxRefund,
    Transaction,
    TransactionType,
    in_ledger_order,
    is_after,
    transaction_type,
)
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.errors import InvalidNumber, InvalidValue

DAY = "2012-05-21"
EVERY_TYPE: dict[TransactionType, Transaction] = {
    TransactionType.DEPOSIT: deposit(DAY, "1 EUR"),
    TransactionType.WITHDRAWAL: withdraw(DAY, "1 EUR"),
    TransactionType.BUY: buy(DAY, "1", "1 USD"),
    TransactionType.SELL: sell(DAY, "1", "1 USD"),
    TransactionType.TRANSFER_IN: transfer_in(DAY, "1"),
    TransactionType.TRANSFER_OUT: transfer_out(DAY, "1"),
    TransactionType.CASH_TRANSFER: cash_transfer(DAY, "1 EUR"),
    TransactionType.CURRENCY_EXCHANGE: exchange(DAY, "1 EUR", "1 USD"),
    TransactionType.DIVIDEND: dividend(DAY, "1 USD"),
    TransactionType.DIVIDEND_REINVESTED: reinvested(DAY, "1 USD", "1", "1 USD"),
    TransactionType.INTEREST: interest(DAY, "1 EUR"),
    TransactionType.INTEREST_CHARGE: charge(InterestCharge, DAY, "1 EUR"),
    TransactionType.FEE: fee(DAY, "1 EUR"),
    TransactionType.FEE_REFUND: charge(FeeRefund, DAY, "1 EUR"),
    TransactionType.TAX: charge(Tax, DAY, "1 EUR"),
    TransactionType.TAX_REFUND: charge(TaxRefund, DAY, "1 EUR"),
    TransactionType.SPLIT: split(DAY, 2, 1),
    TransactionType.STOCK_DIVIDEND: stock_dividend(DAY, "1"),
    TransactionType.SPIN_OFF: spin_off(DAY, 1, 4, "0.1"),
    TransactionType.MERGER: merger(DAY, 1, 2),
    TransactionType.RETURN_OF_CAPITAL: return_of_capital(DAY, "1 USD"),
    TransactionType.SYMBOL_CHANGE: symbol_change(DAY),
}


def test_every_type_has_its_transaction() -> None:
    assert list(EVERY_TYPE) == list(TransactionType)
    assert {transaction_type(each): each for each in EVERY_TYPE.values()} == EVERY_TYPE


@pytest.mark.parametrize("kind", TransactionType)
def test_a_moment_that_is_not_in_utc_is_refused(kind: TransactionType) -> None:
    transaction: Booking = EVERY_TYPE[kind]
    for at in (transaction.at.replace(tzinfo=None), transaction.at.astimezone(timezone(timedelta(hours=2)))):
        with pytest.raises(InvalidValue, match="the time of a transaction in UTC"):
            replace(transaction, at=at)


def test_the_order_is_the_time_and_then_the_entry() -> None:
    later = deposit("2012-05-22", "1 EUR")
    first, second = buy("2012-05-21", "1", "1 USD"), buy("2012-05-21", "1", "1 USD")
    entered: list[Transaction] = [later, second, first]
    assert in_ledger_order(entered) == [first, second, later]
    assert is_after(later, second)
    assert is_after(second, first)
    assert not is_after(first, second)
    assert not is_after(first, later)
    assert not is_after(first, first)


@pytest.mark.parametrize("amount", ["0 EUR", "-1 EUR"])
def test_cash_that_moves_is_more_than_nothing(amount: str) -> None:
    for make in (deposit, withdraw, fee, dividend):
        with pytest.raises(InvalidValue, match=f"above zero, was {amount}"):
            make("2012-05-21", amount)
    with pytest.raises(InvalidValue, match="amount sold above zero"):
        exchange("2012-05-21", amount, "1 USD")
    with pytest.raises(InvalidValue, match="amount bought above zero"):
        exchange("2012-05-21", "1 USD", amount)


@pytest.mark.parametrize("amount", ["1000000000000000000 EUR", "0.0000000000000000000000000000001 EUR"])
def test_an_amount_that_the_exact_context_has_no_room_for_is_refused(amount: str) -> None:
    with pytest.raises(InvalidNumber, match="a deposit below 1000000000000000000 with at most 30 places"):
        deposit("2012-05-21", amount)


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1000000000000000"])
def test_a_quantity_is_above_zero_and_has_its_bounds(quantity: str) -> None:
    for make in (buy, sell):
        with pytest.raises(InvalidNumber, match="a quantity of AAPL above zero and below 1000000000000000"):
            make("2012-05-21", quantity, "1 USD")


def test_a_quantity_has_at_most_eighteen_places() -> None:
    with pytest.raises(InvalidNumber, match="at most 18 places"):
        buy("2012-05-21", "0.0000000000000000001", "1 USD")


@pytest.mark.parametrize("price", ["-0.01", "NaN", "Infinity", "1000000000000", "0.0000000000001"])
def test_a_price_is_zero_or_more_with_at_most_twelve_places(price: str) -> None:
    with pytest.raises(InvalidNumber, match="a price of zero or more, below 1000000000000 and with at most 12 places"):
        replace(buy("2012-05-21", "1", "1 USD"), price=Decimal(price))


def test_a_price_of_nothing_is_a_gift() -> None:
    assert replace(buy("2012-05-21", "1", "0 USD"), price=Decimal(0)).price == 0


def test_all_amounts_of_a_trade_are_in_its_currency() -> None:
    trade = buy("2012-05-21", "1", "1 USD")
    assert trade.currency == Currency("USD")
    with pytest.raises(InvalidValue, match="all amounts in USD, was one in EUR"):
        replace(trade, fees=money("1 EUR"))
    with pytest.raises(InvalidValue, match="all amounts in USD, was one in EUR"):
        replace(trade, taxes=money("1 EUR"))


def test_negative_fees_are_refused() -> None:
    with pytest.raises(InvalidValue, match="fees of zero or more"):
        buy("2012-05-21", "1", "1 USD", fees="-1")


def test_fees_of_a_sale_are_at_most_what_it_brought() -> None:
    assert sell("2012-05-21", "1", "10 USD", fees="10").fees == money("10 USD")
    with pytest.raises(InvalidValue, match=r"fees and taxes of at most 10 on the sale of AAPL, were 10\.01"):
        sell("2012-05-21", "1", "10 USD", fees="10.01")


def test_a_withholding_tax_is_at_most_the_dividend() -> None:
    with pytest.raises(InvalidValue, match="a withholding tax of at most 10, was 11"):
        dividend("2012-05-21", "10 USD", tax="11")


def test_an_ex_date_is_not_after_the_payment() -> None:
    with pytest.raises(InvalidValue, match="an ex-date that is not after the payment"):
        dividend("2012-05-21", "10 USD", ex="2012-05-22")


def test_what_was_settled_is_in_another_currency_and_at_a_rate_into_it() -> None:
    usd, eur = Currency("USD"), Currency("EUR")
    with pytest.raises(InvalidValue, match="a rate from the trade's currency to EUR"):
        Settlement(money("1 EUR"), ExchangeRate(eur, usd, Decimal("1.25")))
    with pytest.raises(InvalidValue, match="a rate from USD, was one from EUR"):
        buy("2012-05-21", "1", "1 USD", settlement=settled("1 GBP", rate="0.8", of="EUR"))
    with pytest.raises(InvalidValue, match="a rate from GBP, was one from USD"):
        dividend("2012-05-21", "1 GBP", settlement=settled("1 EUR", rate="0.8"))


def test_nothing_and_too_much_cannot_be_settled() -> None:
    with pytest.raises(InvalidValue, match="a settled amount above zero"):
        settled("0 EUR", rate="0.8")
    with pytest.raises(InvalidNumber, match="a rate below 1000000000000"):
        settled("1 EUR", rate="1000000000000")


def test_an_exchange_is_of_two_currencies() -> None:
    with pytest.raises(InvalidValue, match="two currencies in an exchange, was EUR twice"):
        exchange("2012-05-21", "1 EUR", "1 EUR")


@pytest.mark.parametrize(("new", "old"), [(0, 1), (1, 0), (-2, 1), (2, 2), (1_000_001, 1)])
def test_a_split_is_of_two_different_positive_numbers(new: int, old: int) -> None:
    with pytest.raises(InvalidValue, match="a split of AAPL such as 2 for 1"):
        split("2012-05-21", new, old)
