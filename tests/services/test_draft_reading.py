from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tests.live.market import AAPL, IBM, instrument
from tickfolio.domain.instruments import Instrument, Symbol
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
    TransactionId,
    TransactionType,
    Withdrawal,
)
from tickfolio.domain.money import Currency, Money
from tickfolio.errors import InvalidDraft
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import ReadDraft, Surroundings, TransactionDraft

AT = datetime(2012, 5, 16, 15, 0, tzinfo=UTC)
USD, EUR, JPY = Currency("USD"), Currency("EUR"), Currency("JPY")
PENCE = Instrument(
    symbol=Symbol("VOD.L"), name="Vodafone", mic="XLON", currency=Currency("GBP"), quote_unit=Decimal(100)
)
OPTION = Instrument(symbol=Symbol("AAPL-C"), name="Apple call", mic="XCBO", currency=USD, contract_size=Decimal(100))
SURROUNDINGS = Surroundings(
    accounts={"a": AccountView(id="a", portfolio_id="p", name="Broker", currency="EUR")},
    instruments={each.symbol: each for each in (instrument(AAPL), instrument(IBM), PENCE, OPTION)},
)
BUY = TransactionDraft(
    type=TransactionType.BUY, account_id="a", at=AT, symbol="aapl ", quantity=Decimal(10), price=Decimal("546.08")
)
DIVIDEND = TransactionDraft(
    type=TransactionType.DIVIDEND, account_id="a", at=AT, symbol=IBM, gross=Decimal("8.50"), taxes=Decimal("1.28")
)


def read(draft: TransactionDraft) -> ReadDraft:
    return read_draft(draft, surroundings=SURROUNDINGS, transaction_id=TransactionId("t"), sequence=7)


def meant(draft: TransactionDraft, **parts: Any) -> Transaction:
    return read(replace(draft, **parts)).transaction


def refused(draft: TransactionDraft, **parts: Any) -> dict[str, str]:
    with pytest.raises(InvalidDraft) as refusal:
        read(replace(draft, **parts))
    return refusal.value.errors


def money(amount: str, currency: Currency = USD) -> Money:
    return Money(Decimal(amount), currency)


# ---------- Trades ----------


def test_purchase_is_read_with_its_defaults() -> None:
    assert meant(BUY) == Buy(
        id=TransactionId("t"),
        account=AccountId("a"),
        at=AT,
        sequence=7,
        symbol=AAPL,
        quantity=Decimal(10),
        price=Decimal("546.08"),
        gross=money("5460.80"),
        fees=money("0"),
        taxes=money("0"),
    )


@pytest.mark.parametrize(("symbol", "gross"), [("AAPL", "5460.80"), ("VOD.L", "54.6080"), ("AAPL-C", "546080.00")])
def test_gross_is_quantity_by_price_by_contract_size_over_quote_unit(symbol: str, gross: str) -> None:
    trade = meant(BUY, symbol=symbol)
    assert isinstance(trade, Buy)
    assert trade.gross.amount == Decimal(gross)


def test_stated_gross_counts_as_it_is() -> None:
    trade = meant(BUY, gross=Decimal("5460.79"))
    assert isinstance(trade, Buy)
    assert (trade.price, trade.gross) == (Decimal("546.08"), money("5460.79"))


def test_price_follows_from_a_stated_gross_where_it_was_left_empty() -> None:
    trade = meant(BUY, price=None, quantity=Decimal(3), gross=Decimal(100), symbol="VOD.L")
    assert isinstance(trade, Buy)
    assert (trade.price, trade.gross.amount) == (Decimal("3333.333333333333"), Decimal(100))


def test_sale_moves_what_fees_and_taxes_leave() -> None:
    sale = meant(BUY, type=TransactionType.SELL, fees=Decimal("9.95"), taxes=Decimal("0.13"))
    assert isinstance(sale, Sell)
    assert (sale.fees, sale.taxes) == (money("9.95"), money("0.13"))
    assert "fees" in refused(BUY, type=TransactionType.SELL, fees=Decimal(5000), taxes=Decimal("460.81"))
    assert set(refused(BUY, type=TransactionType.SELL, fees=Decimal(5000), price=None)) == {"price"}


def test_time_is_kept_in_utc() -> None:
    there = timezone(timedelta(hours=-4))
    assert meant(BUY, at=datetime(2012, 5, 16, 11, 0, tzinfo=there)).at == AT
    assert meant(BUY, at=datetime(2012, 5, 16, 11, 0, tzinfo=there)).at.utcoffset() == timedelta(0)


# ---------- Settlement in another currency ----------


def settled(**parts: Any) -> tuple[Money, Decimal]:
    trade = meant(BUY, settlement_currency="EUR", **parts)
    assert isinstance(trade, Buy | Sell)
    assert trade.settlement is not None
    assert (trade.settlement.rate.base, trade.settlement.rate.quote) == (USD, EUR)
    return trade.settlement.amount, trade.settlement.rate.rate


def test_amount_follows_from_the_rate_in_whole_coins() -> None:
    # (5460.80 + 10.00) × 0.785423 = 4296.892148…
    assert settled(settlement_rate=Decimal("0.785423"), fees=Decimal(10)) == (
        money("4296.89", EUR),
        Decimal("0.785423"),
    )
    yen = meant(BUY, settlement_currency="JPY", settlement_rate=Decimal("80.125"))
    assert isinstance(yen, Buy)
    assert yen.settlement is not None
    assert yen.settlement.amount == money("437547", JPY)


def test_rate_follows_from_the_amount() -> None:
    assert settled(settlement_amount=Decimal("4296.89")) == (money("4296.89", EUR), Decimal("0.786860899502"))


def test_net_proceeds_of_a_sale_are_what_is_settled() -> None:
    amount, _rate = settled(type=TransactionType.SELL, fees=Decimal(10), settlement_rate=Decimal("0.5"))
    assert amount == money("2725.40", EUR)


def test_stated_amount_wins_over_the_rate_that_a_statement_rounds() -> None:
    assert settled(settlement_rate=Decimal("0.787"), settlement_amount=Decimal("4296.89")) == (
        money("4296.89", EUR),
        Decimal("0.787"),
    )


def test_rate_that_the_amounts_contradict_is_refused() -> None:
    errors = refused(
        BUY, settlement_currency="EUR", settlement_rate=Decimal("7.87"), settlement_amount=Decimal("4296.89")
    )
    assert "0.786860899502" in errors["settlement_rate"]


def test_settlement_in_the_trades_own_currency_is_none() -> None:
    trade = meant(BUY, settlement_currency="USD")
    assert isinstance(trade, Buy)
    assert trade.settlement is None


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"settlement_rate": Decimal(1)}, "settlement_currency"),
        ({"settlement_amount": Decimal(1)}, "settlement_currency"),
        ({"settlement_currency": "EUR"}, "settlement_amount"),
        ({"settlement_currency": "euro", "settlement_rate": Decimal(1)}, "settlement_currency"),
        ({"settlement_currency": "EUR", "settlement_rate": Decimal(0)}, "settlement_rate"),
        ({"settlement_currency": "EUR", "settlement_rate": Decimal("0.000000001")}, "settlement_rate"),
        ({"settlement_currency": "EUR", "settlement_amount": Decimal(-1)}, "settlement_amount"),
        ({"settlement_currency": "EUR", "settlement_amount": Decimal("0.000000000001")}, "settlement_amount"),
        ({"settlement_currency": "EUR", "settlement_amount": Decimal(1), "price": Decimal(0)}, "settlement_currency"),
    ],
)
def test_settlement_that_makes_no_sense_is_refused_at_its_field(parts: dict[str, Any], field: str) -> None:
    assert set(refused(BUY, **parts)) == {field}


# ---------- Instruments ----------


def test_unknown_symbol_is_refused_unless_it_is_to_be_made() -> None:
    assert "No feed offers HLX" in refused(BUY, symbol="hlx")["symbol"]
    made = read(replace(BUY, symbol="hlx", creates_instrument=True, currency="eur", instrument_name=" Helix  rights "))
    assert made.new_instruments == (Instrument(symbol=Symbol("HLX"), name="Helix rights", mic="XXXX", currency=EUR),)
    assert isinstance(made.transaction, Buy)
    assert made.transaction.currency == EUR


def test_instrument_that_is_there_wins_over_one_that_is_to_be_made() -> None:
    found = read(replace(BUY, creates_instrument=True, instrument_name="Not Apple"))
    assert found.new_instruments == ()


def test_new_instrument_needs_a_currency_and_bears_its_symbol_where_it_has_no_name() -> None:
    assert set(refused(BUY, symbol="HLX", creates_instrument=True)) == {"currency"}
    made = read(replace(BUY, symbol="HLX", creates_instrument=True, currency="EUR")).new_instruments[0]
    assert made is not None
    assert made.name == "HLX"
    assert set(refused(BUY, symbol="HLX", creates_instrument=True, currency="EUR", instrument_name="x" * 201)) == {
        "instrument_name"
    }


def test_trade_is_in_the_currency_of_the_instrument() -> None:
    assert "the currency of AAPL" in refused(BUY, currency="EUR")["currency"]


# ---------- Dividends ----------


def test_dividend_without_an_ex_date_counts_when_it_is_paid() -> None:
    assert meant(DIVIDEND) == Dividend(
        id=TransactionId("t"),
        account=AccountId("a"),
        at=AT,
        sequence=7,
        symbol=IBM,
        gross=money("8.50"),
        withholding_tax=money("1.28"),
    )


@pytest.mark.parametrize(
    ("symbol", "ex_date", "accrues_at"),
    [
        ("IBM", date(2012, 5, 8), datetime(2012, 5, 8, 13, 30, tzinfo=UTC)),
        ("IBM", date(2012, 5, 6), datetime(2012, 5, 6, tzinfo=UTC)),  # a Sunday
        ("VOD.L", date(2012, 5, 8), datetime(2012, 5, 8, 7, 0, tzinfo=UTC)),  # London opens at eight
        ("IBM", date(2012, 5, 16), datetime(2012, 5, 16, 13, 30, tzinfo=UTC)),
    ],
)
def test_dividend_accrues_from_the_opening_of_its_ex_date(symbol: str, ex_date: date, accrues_at: datetime) -> None:
    read_one = read(replace(DIVIDEND, symbol=symbol, ex_date=ex_date))
    assert isinstance(read_one.transaction, Dividend)
    assert (read_one.transaction.accrues_at, read_one.ex_date) == (accrues_at, ex_date)


def test_dividend_paid_on_its_ex_date_before_the_opening_accrues_when_it_is_paid() -> None:
    early = datetime(2012, 5, 16, 8, 0, tzinfo=UTC)
    dividend = meant(DIVIDEND, at=early, ex_date=date(2012, 5, 16))
    assert isinstance(dividend, Dividend)
    assert dividend.accrues_at == early


def test_ex_date_after_the_payment_is_refused() -> None:
    assert set(refused(DIVIDEND, ex_date=date(2012, 5, 17))) == {"ex_date"}


def test_dividend_may_be_in_another_currency_than_the_instrument_and_settle_in_a_third() -> None:
    dividend = meant(DIVIDEND, currency="GBP", settlement_currency="EUR", settlement_rate=Decimal("1.25"))
    assert isinstance(dividend, Dividend)
    assert dividend.settlement is not None
    assert dividend.settlement.amount == money("9.02", EUR)  # 7.22 × 1.25 = 9.025, half to even


def test_withholding_tax_above_the_dividend_is_refused() -> None:
    assert set(refused(DIVIDEND, taxes=Decimal("8.51"))) == {"taxes"}
    assert set(refused(DIVIDEND, gross=None)) == {"gross"}


# ---------- All else ----------


def test_cash_is_in_the_accounts_currency_unless_it_says_another() -> None:
    cash = TransactionDraft(type=TransactionType.DEPOSIT, account_id="a", at=AT, amount=Decimal("100.00"))
    deposit, withdrawal = meant(cash), meant(cash, type=TransactionType.WITHDRAWAL, currency="usd")
    assert isinstance(deposit, Deposit)
    assert isinstance(withdrawal, Withdrawal)
    assert (deposit.amount, withdrawal.amount) == (money("100.00", EUR), money("100.00", USD))
    assert set(refused(cash, amount=None)) == {"amount"}


def test_fee_may_be_for_an_instrument() -> None:
    fee = TransactionDraft(type=TransactionType.FEE, account_id="a", at=AT, amount=Decimal("3.50"))
    general, special = meant(fee), meant(fee, symbol="AAPL", currency="USD")
    assert isinstance(general, Fee)
    assert isinstance(special, Fee)
    assert (general.symbol, special.symbol) == (None, AAPL)
    assert set(refused(fee, symbol="HLX")) == {"symbol"}


def test_split_keeps_its_ratio_as_two_whole_numbers() -> None:
    draft = TransactionDraft(type=TransactionType.SPLIT, account_id="a", at=AT, symbol=AAPL, split_new=2, split_old=1)
    split = meant(draft)
    assert isinstance(split, Split)
    assert (split.new, split.old) == (2, 1)
    assert set(refused(draft, split_old=2)) == {"split_new"}
    assert set(refused(draft, split_new=0, split_old=None)) == {"split_new", "split_old"}


def test_exchange_has_two_currencies_and_two_amounts() -> None:
    draft = TransactionDraft(
        type=TransactionType.CURRENCY_EXCHANGE,
        account_id="a",
        at=AT,
        amount=Decimal("1000.00"),
        counter_amount=Decimal("1278.50"),
        counter_currency="USD",
    )
    exchange = meant(draft)
    assert isinstance(exchange, CurrencyExchange)
    assert (exchange.sold, exchange.bought) == (money("1000.00", EUR), money("1278.50", USD))
    assert set(refused(draft, counter_currency="EUR")) == {"counter_currency"}
    assert set(refused(draft, counter_amount=None, counter_currency=None)) == {"counter_amount", "counter_currency"}


# ---------- What is wrong ----------


def test_draft_without_a_type_is_refused() -> None:
    assert set(refused(TransactionDraft())) == {"type"}


def test_everything_that_is_wrong_is_told_together() -> None:
    errors = refused(TransactionDraft(type=TransactionType.BUY, fees=Decimal(-1), note="x" * 501))
    assert set(errors) == {"account_id", "at", "symbol", "quantity", "price", "fees", "note"}
    assert all(message.startswith("Expected") for message in errors.values())


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"account_id": "somebody else's"}, "account_id"),
        ({"at": datetime(2012, 5, 16)}, "at"),
        ({"at": datetime(1899, 12, 31, tzinfo=UTC)}, "at"),
        ({"at": datetime(2200, 1, 1, tzinfo=UTC)}, "at"),
        ({"symbol": "no such thing"}, "symbol"),
        ({"quantity": Decimal(0)}, "quantity"),
        ({"quantity": Decimal(-1)}, "quantity"),
        ({"quantity": Decimal("NaN")}, "quantity"),
        ({"quantity": Decimal("1E+15")}, "quantity"),
        ({"quantity": Decimal("0.0000000000000000001")}, "quantity"),
        ({"quantity": Decimal(999999999999999), "price": Decimal(999999999999)}, "quantity"),
        ({"price": Decimal("-0.01")}, "price"),
        ({"price": Decimal("0.0000000000001")}, "price"),
        ({"price": Decimal("1E+12")}, "price"),
        ({"gross": Decimal(-1)}, "gross"),
        ({"gross": Decimal("Infinity")}, "gross"),
        ({"price": None, "gross": Decimal("1E+17"), "quantity": Decimal("0.000001")}, "gross"),
        ({"fees": Decimal(-1)}, "fees"),
        ({"taxes": Decimal("1E+18")}, "taxes"),
        ({"currency": "dollars"}, "currency"),
        ({"note": "a\x00b"}, "note"),
    ],
)
def test_field_that_is_wrong_is_named(parts: dict[str, Any], field: str) -> None:
    assert set(refused(BUY, **parts)) == {field}
