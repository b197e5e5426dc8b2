"""Attribution over a span: what moved, what was gained, and that both sum to the change in value."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST, INSTRUMENTS
from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    NEWCO,
    buy,
    deposit,
    dividend,
    fee,
    interest,
    moment,
    spin_off,
    split,
)
from tests.domain.valuation.market import BERLIN, EUR, RATES, STEADY, row_of
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import CostMethod
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Deposit,
    Merger,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
    TransferIn,
    TransferOut,
    Withdrawal,
)
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.attribution import Contribution, GainParts
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.day_change import units_at
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.spans import LeftOut, SpanChange, span_change
from tickfolio.errors import InvalidValue

D = Decimal
MINUTES = st.integers(0, 60 * 24 * 7)
STEP = timedelta(hours=7)
MOVES_UNITS = (TransferIn, TransferOut, SpinOff, Merger, SymbolChange)


class Prices:
    """A new price of each instrument every few hours."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, symbol: Symbol, at: datetime) -> PriceInForce | None:
        return self.known(symbol, at)

    def known(self, symbol: Symbol, at: datetime) -> PriceInForce:
        step = (at - FIRST) // STEP
        random = Random(f"{self._seed} {symbol} {step}")
        return PriceInForce(Decimal(random.randint(1, 50_000)), FIRST + step * STEP)


class LatePrices(Prices):
    """The same, but each instrument is quoted first at some moment of the week, or never."""

    def __call__(self, symbol: Symbol, at: datetime) -> PriceInForce | None:
        first = FIRST + Random(f"{self._seed} {symbol}").randint(0, 40) * STEP
        return super().__call__(symbol, at) if at >= first else None


def change_of(ledger: AnyLedger, first: int, length: int, seed: int, *, prices: type[Prices] = Prices) -> SpanChange:
    since = FIRST + timedelta(minutes=first)
    return span_change(
        book_of(ledger),
        since=since,
        until=since + timedelta(minutes=length),
        price_of=prices(seed),
        rates=ledger.rates,
    )


# ---------- Laws ----------


@given(ledger=any_ledgers(min_size=6), first=MINUTES, length=MINUTES, seed=st.integers(0, 2**16))
def test_opening_flows_and_parts_sum_to_the_closing(ledger: AnyLedger, first: int, length: int, seed: int) -> None:
    change = change_of(ledger, first, length, seed)
    assert change.gain == sum((each.parts.total for each in change.contributions), D(0))
    assert change.left_out == ()
    for each in change.contributions:
        assert each.opening is not None
        assert each.closing is not None
        assert each.moved is not None
        assert each.parts.total == each.closing - each.opening - each.moved


@given(ledger=any_ledgers(min_size=6), first=MINUTES, length=MINUTES, seed=st.integers(0, 2**16))
def test_only_what_crosses_the_border_is_a_flow(ledger: AnyLedger, first: int, length: int, seed: int) -> None:
    change = change_of(ledger, first, length, seed)
    rates = BaseRates(ledger.base, ledger.rates)
    crossed = D(0)
    for each in ledger.transactions:
        if change.since <= each.at <= change.until:
            if isinstance(each, TransferIn) or (isinstance(each, TransferOut) and each.to_account is None):
                return
            if isinstance(each, (Deposit, Withdrawal)):
                value = round(rates.converted(each.amount, each.at), ledger.base.minor_unit)
                crossed += value if isinstance(each, Deposit) else -value
    assert change.flows == crossed


@given(ledger=any_ledgers(min_size=6), first=MINUTES, length=MINUTES, seed=st.integers(0, 2**16))
def test_price_is_of_the_units_at_the_start_and_trading_needs_trades(
    ledger: AnyLedger, first: int, length: int, seed: int
) -> None:
    change, prices = change_of(ledger, first, length, seed), Prices(seed)
    rates = BaseRates(ledger.base, ledger.rates)
    reached = [each for each in ledger.transactions if each.at < change.since]
    before = fold_all(ledger.options, reached, base_value=rates.value)
    after = fold_all(
        ledger.options, [each for each in ledger.transactions if each.at <= change.until], base_value=rates.value
    )
    coin = D(1).scaleb(-ledger.base.minor_unit)
    for each in change.contributions:
        booked = booked_in(ledger, change, each)
        if each.symbol is None or each.kind != "holding" or not is_plain(ledger, each, booked):
            continue
        end = prices.known(each.symbol, change.until)
        start = prices.known(each.symbol, change.since - datetime.resolution)
        splits = after[each.account].position(each.symbol).splits
        units = before[each.account].position(each.symbol).quantity
        units = units_at(splits, units, since=change.since - datetime.resolution, until=change.until)
        as_one = units_at(splits, D(10) ** 18, since=start.at, until=change.until) / D(10) ** 18
        as_end = units_at(splits, D(10) ** 18, since=end.at, until=change.until) / D(10) ** 18
        rate = rates.rate(each.currency, change.until)
        gained = units * (end.price / as_end - start.price / as_one) / INSTRUMENTS[each.symbol].quote_unit * rate
        assert abs(each.parts.price - gained) <= coin * (2 + len(booked)) + abs(gained) * D("1e-12")
        if not booked:
            assert each.parts.trading == 0


def booked_in(ledger: AnyLedger, change: SpanChange, each: Contribution) -> list[Transaction]:
    return [
        one
        for one in ledger.transactions
        if change.since <= one.at <= change.until and each.symbol in symbols_of(one) and one.account == each.account
    ]


def is_plain(ledger: AnyLedger, each: Contribution, booked: list[Transaction]) -> bool:
    """Whether units came and went by trades only, and every account knows the same splits."""
    elsewhere = [one for one in ledger.transactions if one.account != each.account and each.symbol in symbols_of(one)]
    return not (
        ledger.options[each.account].method is CostMethod.AVERAGE
        or any(isinstance(one, MOVES_UNITS) for one in booked)
        or any(isinstance(one, (*MOVES_UNITS, Split, StockDividend)) for one in elsewhere)
    )


@given(ledger=any_ledgers(min_size=6), first=MINUTES, length=MINUTES, seed=st.integers(0, 2**16))
def test_only_what_was_held_without_a_price_or_has_none_at_the_end_is_left_out(
    ledger: AnyLedger, first: int, length: int, seed: int
) -> None:
    change, prices = change_of(ledger, first, length, seed, prices=LatePrices), LatePrices(seed)
    reached = [each for each in ledger.transactions if each.at < change.since]
    before = fold_all(ledger.options, reached, base_value=BaseRates(ledger.base, ledger.rates).value)
    for each in change.left_out:
        symbol = Symbol(each.symbol)
        was_held = before[AccountId(each.account_name)].position(symbol).quantity != 0
        unpriced_then = prices(symbol, change.since - datetime.resolution) is None
        assert prices(symbol, change.until) is None or (was_held and unpriced_then)
    assert change.gain == sum((each.parts.total for each in change.contributions), D(0))


@given(
    ledger=any_ledgers(min_size=6),
    first=MINUTES,
    length=MINUTES,
    further=MINUTES,
    seed=st.integers(0, 2**16),
    prices=st.sampled_from((Prices, LatePrices)),
)
def test_each_row_begins_at_what_it_ended_with(
    ledger: AnyLedger, first: int, length: int, further: int, seed: int, prices: type[Prices]
) -> None:
    one = change_of(ledger, first, length, seed, prices=prices)
    following = span_change(
        book_of(ledger),
        since=one.until + datetime.resolution,
        until=one.until + timedelta(minutes=further + 1),
        price_of=prices(seed),
        rates=ledger.rates,
    )
    left_out = {(each.symbol, each.account_name) for change in (one, following) for each in change.left_out}
    ended = {each.key: each.closing for each in one.contributions if (each.symbol, each.account) not in left_out}
    begun = {each.key: each.opening for each in following.contributions if (each.symbol, each.account) not in left_out}
    for key in ended.keys() | begun.keys():
        assert ended.get(key, D(0)) == begun.get(key, D(0))


# ---------- By hand ----------

SAP = Symbol("SAP")
PARTS_OF_A_DAY = moment("2012-05-20 22:00"), moment("2012-05-21 21:59")
"""Monday, 21 May 2012, in Berlin."""


def instrument(symbol: Symbol, currency: str = "USD") -> Instrument:
    return Instrument(symbol, f"{symbol} Inc.", "XNYS", Currency(currency))


def day_of(
    *transactions: Transaction,
    prices: dict[str, tuple[str, str]] | None = None,
    rates: object = STEADY,
    accounts: tuple[str, ...] = ("broker",),
) -> SpanChange:
    """Monday, with the closes of Friday and of Monday, 20:00 UTC."""
    closes = prices or {AAPL: ("100", "110")}
    fridays, mondays = moment("2012-05-18 20:00"), moment("2012-05-21 20:00")

    def price_of(symbol: Symbol, at: datetime) -> PriceInForce | None:
        if symbol not in closes or (at < mondays and not closes[symbol][0]):
            return None
        friday, monday = closes[symbol]
        return PriceInForce(D(friday), fridays) if at < mondays else PriceInForce(D(monday), mondays)

    symbols = {symbol for each in transactions for symbol in symbols_of(each)}
    book = PortfolioBook(
        base=EUR,
        zone=BERLIN,
        accounts=tuple(AccountFacts(AccountId(name), name.title()) for name in accounts),
        transactions=transactions,
        instruments={symbol: instrument(symbol, "EUR" if symbol == SAP else "USD") for symbol in symbols},
    )
    since, until = PARTS_OF_A_DAY
    return span_change(book, since=since, until=until, price_of=price_of, rates=rates)  # type: ignore[arg-type]


def part_of(change: SpanChange, key: str) -> Contribution:
    (found,) = (each for each in change.contributions if each.key == key)
    return found


def test_a_day_without_a_booking_is_the_price_and_the_currency() -> None:
    change = day_of(buy("2012-05-14", "10", "1000 USD"), rates=RATES)
    share = part_of(change, "h:broker:AAPL")
    # Friday 10 × 100 × 0.8, Monday 10 × 110 × 0.9.
    assert (share.opening, share.closing, share.moved) == (D("800.00"), D("990.00"), D("0"))
    assert share.parts == GainParts(price=D("90.00"), currency=D("100.00"))
    assert part_of(change, "c:broker:USD").parts == GainParts(currency=D("-100.00"))
    assert (change.opening, change.closing, change.gain) == (D("0.00"), D("90.00"), D("90.00"))


def test_the_rows_at_the_end_have_the_price_at_the_end_with_the_one_at_the_start_as_its_close() -> None:
    change = day_of(buy("2012-05-14", "10", "1000 USD"))
    assert (change.since, change.until) == PARTS_OF_A_DAY
    at = moment("2012-05-21 20:00")
    row = row_of(change.valuation, "h:broker:AAPL")
    assert row.quality is Quality.CLOSED
    assert row.quote == Quote(
        symbol=AAPL,
        price=D(110),
        previous_close=D(100),
        session_day=at.date(),
        session=MarketSession.CLOSED,
        source_time=at,
        received_time=at,
        source="history",
        version=1,
    )


def test_fees_and_interest_of_cash_are_gains_of_its_row() -> None:
    change = day_of(
        deposit("2012-05-14", "100 EUR"),
        fee("2012-05-21 10:00", "3 EUR"),
        interest("2012-05-21 11:00", "8 EUR", tax="2"),
    )
    assert part_of(change, "c:broker:EUR").parts == GainParts(income=D("8.00"), fees=D("-3.00"), taxes=D("-2.00"))
    assert (change.opening, change.flows, change.closing) == (D("100.00"), D(0), D("103.00"))


def test_a_dividend_counts_on_its_ex_date_and_moves_to_what_is_due() -> None:
    due = dividend("2012-06-09", "20 USD", tax="3", ex="2012-05-21 04:00")
    change = day_of(buy("2012-05-14", "10", "1000 USD"), due)
    share = part_of(change, "h:broker:AAPL")
    assert (share.moved, share.parts.income, share.parts.taxes) == (D("-13.60"), D("16.00"), D("-2.40"))
    waiting = part_of(change, f"r:broker:{due.id}")
    assert (waiting.opening, waiting.moved, waiting.closing, waiting.parts.total) == (
        D(0),
        D("13.60"),
        D("13.60"),
        D(0),
    )


def test_the_payment_of_a_dividend_that_was_due_is_no_gain() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"), dividend("2012-05-21 10:00", "20 USD", tax="3", ex="2012-05-16")
    )
    assert part_of(change, "h:broker:AAPL").parts == GainParts(price=D("80.00"))
    assert change.gain == D("80.00")
    assert change.flows == 0


def test_a_split_within_the_day_changes_nothing() -> None:
    change = day_of(buy("2012-05-14", "10", "1000 USD"), split("2012-05-21 04:00", 2, 1), prices={AAPL: ("100", "55")})
    assert part_of(change, "h:broker:AAPL").parts == GainParts(price=D("80.00"))


@pytest.mark.parametrize(
    ("at", "first"), [("2012-05-18 20:00", "50"), ("2012-05-21 04:00", "100"), ("2012-05-21 20:00", "100")]
)
def test_splits_up_to_the_moment_of_a_price_are_in_it(at: str, first: str) -> None:
    booked = buy("2012-05-14", "10", "1000 USD"), split(at, 2, 1)
    change = day_of(*booked, prices={AAPL: (first, "55")}, rates=RATES)
    # 20 × (55 − 50) × 0.9, and 20 × 50 × 0.1.
    assert part_of(change, "h:broker:AAPL").parts == GainParts(price=D("90.00"), currency=D("100.00"))


def test_a_split_counts_that_only_the_account_that_held_before_it_knows() -> None:
    booked = (
        buy("2012-05-14", "10", "1000 USD", account=BANK),
        replace(split("2012-05-21 03:00", 2, 1), account=BANK),
        buy("2012-05-21 05:00", "1", "50 USD"),
        replace(split("2012-05-21 06:00", 2, 1), account=BANK),
        split("2012-05-21 06:00", 2, 1),
    )
    for accounts in (("broker", "bank"), ("bank", "broker")):
        change = day_of(*booked, prices={AAPL: ("100", "27.5")}, rates=RATES, accounts=accounts)
        # 40 × (27.5 − 25) × 0.9, and 40 × 25 × 0.1.
        assert part_of(change, "h:bank:AAPL").parts == GainParts(price=D("90.00"), currency=D("100.00"))


def test_what_a_spin_off_brings_is_a_gain_where_it_came_and_a_loss_where_it_left() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        spin_off("2012-05-21 04:00", 1, 2, "0.2"),
        prices={AAPL: ("100", "85"), NEWCO: ("", "40")},
    )
    assert part_of(change, "h:broker:AAPL").parts.total == D("-120.00")
    assert part_of(change, "h:broker:NEWCO").parts == GainParts(price=D("160.00"))
    assert change.gain == D("40.00")


def test_a_row_without_a_price_at_the_start_is_left_out_with_its_reason_and_the_rest_still_adds_up() -> None:
    change = day_of(
        buy("2012-05-14", "10", "1000 USD"),
        buy("2012-05-14", "5", "300 EUR", symbol=SAP),
        buy("2012-05-21 10:00", "5", "350 EUR", symbol=SAP),
        prices={AAPL: ("100", "110"), SAP: ("", "70")},
    )
    (left_out,) = change.left_out
    assert left_out == LeftOut("h:broker:SAP", "SAP", "Broker", "no price of SAP is known")
    assert change.flows == D("-350.00")
    assert change.gain == sum((each.parts.total for each in change.contributions), D(0)) == D("80.00")


def test_cash_without_a_rate_is_left_out_by_the_name_of_its_currency() -> None:
    change = day_of(deposit("2012-05-14", "100 JPY"))
    assert change.left_out == (LeftOut("c:broker:JPY", "JPY", "Broker", "no source of exchange rates knows JPY"),)


def test_what_rounding_leaves_in_cash_is_the_currencys() -> None:
    change = day_of(*(deposit("2012-05-21 10:00", "0.007 USD") for _ in range(2)))
    # Each came as one cent, and both are worth one.
    assert part_of(change, "c:broker:USD").parts == GainParts(currency=D("-0.01"))


def test_what_rounding_leaves_in_a_holding_is_the_prices() -> None:
    bought = (buy("2012-05-21 10:00", "1", "0.007 USD") for _ in range(2))
    change = day_of(*bought, prices={AAPL: ("0.007", "0.007")})
    assert part_of(change, "h:broker:AAPL").parts == GainParts(price=D("-0.01"))


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    book = PortfolioBook(base=EUR, zone=BERLIN, accounts=(), transactions=(), instruments={})
    since, until = PARTS_OF_A_DAY
    with pytest.raises(
        InvalidValue, match=f"Expected a span that ends after it begins, was {re.escape(f'{until} to {since}')}"
    ):
        span_change(book, since=until, until=since, price_of=lambda *_: None, rates=STEADY)
