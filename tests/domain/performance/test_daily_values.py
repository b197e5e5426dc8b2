"""What rows were worth at the end of each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.ledger.bookings import AAPL, BROKER, buy, moment, sell, split
from tests.domain.valuation.market import BERLIN, EUR, STEADY
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import STEP, Prices, instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.performance.daily_values import daily_values
from tickfolio.domain.performance.histories import CloseHistory, Days, Histories
from tickfolio.domain.valuation.book import AccountFacts, PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Worth
from tickfolio.domain.valuation.windows import OneSpan

WEEKS = timedelta(days=9)


def closes(symbols: Iterable[Symbol], seed: int) -> dict[Symbol, CloseHistory]:
    """The same prices as a history."""
    moments = [FIRST + number * STEP for number in range(-400, int(WEEKS / STEP) + 9)]
    prices = Prices(seed)
    return {symbol: CloseHistory(moments, [price_of(prices, symbol, at).price for at in moments]) for symbol in symbols}


def price_of(prices: Prices, symbol: Symbol, at: datetime) -> PriceInForce:
    found = prices(symbol, at)
    assert found is not None
    return found


def quote(prices: Prices, symbol: Symbol, *, at: datetime) -> Quote:
    found = price_of(prices, symbol, at)
    return Quote(
        symbol=symbol,
        price=found.price,
        previous_close=None,
        session_day=found.at.date(),
        session=MarketSession.CLOSED,
        source_time=found.at,
        received_time=found.at,
        source="history",
        version=1,
    )


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16))
def test_each_value_is_what_the_portfolio_showed_at_the_end_of_the_day(ledger: AnyLedger, seed: int) -> None:
    book = book_of(ledger)
    first = FIRST.date() - timedelta(days=1)
    days = Days(first, first + WEEKS, book.zone)
    histories = Histories(days, book.base, closes=closes(list(book.instruments), seed), rates=ledger.rates)
    live = LivePortfolio(book, days=OneSpan(FIRST))
    folded = LivePortfolio(book, days=OneSpan(FIRST)).ledgers(rates=ledger.rates, at=days.ends[-1])
    rows = {row.key: row for row in daily_values(book, [each for _, each in folded], histories)}
    prices = Prices(seed)
    for place, end in enumerate(days.ends):
        shown = live.value(
            quote_of=partial(quote, prices, at=end), quality_of=lambda _: Quality.CLOSED, rates=ledger.rates, at=end
        )
        values = {
            key: Decimal(int(row.values[place])).scaleb(-book.base.minor_unit)
            for key, row in rows.items()
            if row.values[place] or not row.is_known[place]
        }
        expected = {row.key: row.worth.value for row in shown.rows if isinstance(row.worth, Worth) and row.worth.value}
        unknown = {row.key for row in shown.rows if not isinstance(row.worth, Worth)}
        assert {key for key, row in rows.items() if not row.is_known[place]} == unknown
        assert {key: value for key, value in values.items() if key not in unknown} == expected


# ---------- By hand ----------


def values_of(*transactions: Transaction, closing: dict[str, str], days: int = 4) -> list[tuple[Decimal, bool]]:
    """From Friday, 18 May 2012, on: the value of AAPL at the end of each day in EUR at 0.80, with closes at 20:00 UTC."""
    book = PortfolioBook(
        base=EUR,
        zone=BERLIN,
        accounts=(AccountFacts(BROKER, "Broker"),),
        transactions=transactions,
        instruments={AAPL: instrument(AAPL, "USD")},
    )
    first = date(2012, 5, 18)
    span = Days(first, first + timedelta(days=days - 1), BERLIN)
    history = CloseHistory([moment(f"{day} 20:00") for day in closing], [Decimal(each) for each in closing.values()])
    histories = Histories(span, EUR, closes={AAPL: history}, rates=STEADY)
    live = LivePortfolio(book, days=OneSpan(span.begins[0]))
    ledgers = [ledger for _, ledger in live.ledgers(rates=STEADY, at=span.ends[-1])]
    (row,) = (row for row in daily_values(book, ledgers, histories) if row.symbol == AAPL)
    return [
        (Decimal(int(value)).scaleb(-2), bool(known)) for value, known in zip(row.values, row.is_known, strict=True)
    ]


def test_half_a_cent_goes_to_the_even_cent_exactly() -> None:
    held = buy("2012-05-17", "1", "1 USD")
    found = values_of(held, closing={"2012-05-18": "0.15625", "2012-05-21": "0.16875"})  # 0.125 and 0.135 EUR
    assert [value for value, _ in found] == [Decimal(each) for each in ("0.12", "0.12", "0.12", "0.14")]


def test_a_split_that_the_price_does_not_know_yet_changes_no_value() -> None:
    found = values_of(
        buy("2012-05-17", "3", "300 USD"),
        split("2012-05-19", new=2, old=1),
        closing={"2012-05-18": "100", "2012-05-21": "51"},
    )
    assert [value for value, _ in found] == [Decimal(each) for each in ("240.00", "240.00", "240.00", "244.80")]


def test_what_has_no_price_yet_has_no_value_whatever_was_split() -> None:
    found = values_of(
        buy("2012-05-17", "3", "300 USD"), split("2012-05-19", new=2, old=1), closing={"2012-05-21": "50"}
    )
    assert found == [(Decimal("0.00"), False)] * 3 + [(Decimal("240.00"), True)]


def test_a_split_before_anything_was_held_is_of_no_consequence() -> None:
    found = values_of(
        buy("2012-05-17", "3", "300 USD"),
        sell("2012-05-18 10:00", "3", "300 USD"),
        split("2012-05-19", new=2, old=1),
        buy("2012-05-21 10:00", "2", "100 USD"),
        closing={"2012-05-18": "100", "2012-05-21": "50"},
    )
    assert [value for value, _ in found] == [Decimal(each) for each in ("0.00", "0.00", "0.00", "80.00")]


def test_an_amount_beyond_what_binary_numbers_tell_is_exact() -> None:
    found = values_of(buy("2012-05-17", "99999999999", "1 USD"), closing={"2012-05-18": "123456.78"}, days=1)
    assert found == [(Decimal("9876542399901234.58"), True)]
