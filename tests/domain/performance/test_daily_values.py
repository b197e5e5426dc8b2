"""What rows were worth at the end of each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import STEP, Prices
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.performance.daily_values import daily_values
from tickfolio.domain.performance.histories import CloseHistory, Days, Histories
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
