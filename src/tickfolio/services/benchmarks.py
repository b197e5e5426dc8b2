"""An instrument to measure a portfolio against: what the same days came to in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.performance.benchmark import Benchmark, unit_events
from tickfolio.domain.performance.histories import CloseHistory, Days
from tickfolio.domain.performance.spans import ONE_DAY, Span
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.errors import InvalidValue
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.services.applied_actions import days_of
from tickfolio.services.portfolio_series import SeriesNow
from tickfolio.services.price_history import close_histories, history_actions
from tickfolio.services.valuations import RecordedMarket


@dataclass(frozen=True, slots=True)
class BenchmarkFigures:
    """A benchmark over the span of a portfolio, in the portfolio's base currency.

    Attributes:
        twr: what it returned, its dividends reinvested on their ex-dates, as a fraction.
        value: what the portfolio's own flows would be worth in it at the end, with what was there at the start.
        index: what 1 became in it, on the days of the portfolio's index.
        sessions: the days with a close of it.
    """

    symbol: str
    name: str
    twr: Decimal | NotAvailable
    value: Decimal | NotAvailable
    index: tuple[tuple[date, Decimal], ...] | NotAvailable
    sessions: frozenset[date]


def possible_benchmarks(market: RecordedMarket) -> Mapping[str, str]:
    """The names of the instruments that have a history, by symbol."""
    histories = close_histories()
    return {symbol: each.name for symbol, each in sorted(market.instruments.items()) if symbol in histories}


def benchmark_figures(
    now: SeriesNow,
    market: RecordedMarket,
    *,
    symbol: str,
    span: Span,
    flows: Iterable[tuple[datetime, Decimal]],
    opening: Decimal,
) -> BenchmarkFigures | None:
    """The figures of `symbol` over `span`; None where none is named.

    Args:
        flows: of the portfolio, negative where they left, in their order.
        opening: what the portfolio was worth at the end of the day before.

    Raises:
        InvalidValue: there is no such instrument with a history.
    """
    if not symbol:
        return None
    known, base = possible_benchmarks(market), now.book.base
    if symbol not in known:
        raise InvalidValue(f"Expected a benchmark such as {', '.join([*known][:5])}, was {symbol[:40]!r}.")
    instrument = market.instruments[Symbol(symbol)]
    closes = _closes_until(market, instrument.symbol)
    sessions = frozenset(at.astimezone(now.book.zone).date() for at in closes.closed_at)
    try:
        benchmark = _benchmark(instrument, closes, base)
    except InvalidValue as not_followed:
        nothing = NotAvailable(str(not_followed))
        return BenchmarkFigures(symbol, known[symbol], nothing, nothing, nothing, sessions)
    days = Days(span.before, span.last, now.book.zone)
    # The day that is not over ends now.
    ends = [min(end, now.at) for end in days.ends]
    index = _index(days.days, _worths(now, symbol, benchmark, ends))
    paid = [*([(ends[0], opening)] if opening else []), *flows]
    value = benchmark.value_of(paid, until=ends[-1])
    return BenchmarkFigures(
        symbol,
        known[symbol],
        twr=index if isinstance(index, NotAvailable) else RATES.subtract(index[-1][1], ONE),
        value=value if isinstance(value, NotAvailable) else rounded(value, places=base.minor_unit),
        index=index,
        sessions=sessions,
    )


def _closes_until(market: RecordedMarket, symbol: Symbol) -> CloseHistory:
    """The closes of sessions that are over, and the price of now behind them."""
    history = close_histories()[symbol]
    count = sum(1 for at in history.closed_at if at <= market.at)
    moments, prices = list(history.closed_at[:count]), list(history.prices[:count])
    quote = market.quotes.get(symbol)
    if quote is not None and (not moments or moments[-1] < quote.source_time):
        moments.append(quote.source_time)
        prices.append(quote.price)
    return CloseHistory(moments, prices)


def _benchmark(instrument: Instrument, closes: CloseHistory, base: Currency) -> Benchmark:
    table: Rates = rate_history()
    rates = BaseRates(instrument.currency, table)
    begins = days_of({instrument.symbol: instrument})
    splits, dividends = unit_events(
        _actions(instrument.symbol),
        begins_at=lambda day: begins(instrument.symbol, day),
        converted=lambda amount, paid_in, at: EXACT.multiply(amount, rates.rate(paid_in, at)),
    )
    return Benchmark(closes, currency=instrument.currency, base=base, rates=table, splits=splits, dividends=dividends)


def _actions(symbol: Symbol) -> list[CorporateAction]:
    """What is recorded goes before what the history tells of."""
    found = {(type(action), action.ex_date): action for action in history_actions(symbol)}
    found |= {(type(fact.action), fact.action.ex_date): fact.action for fact in standing_actions([symbol])}
    return list(found.values())


def _worths(now: SeriesNow, symbol: str, benchmark: Benchmark, ends: list[datetime]) -> list[Decimal | NotAvailable]:
    """At each of these consecutive ends. Those of finished days are kept, as neither closes nor rates of them change."""
    if now.finished is None:
        return [benchmark.worth(end) for end in ends]
    kept = now.finished.worths.get(symbol)
    if kept is None:
        begun, last = now.finished.begun, now.finished.last
        of_all = Days(begun - ONE_DAY, last, now.book.zone).ends
        kept = now.finished.worths[symbol] = [benchmark.worth(end) for end in of_all]
    first = (ends[0].astimezone(now.book.zone).date() - (now.finished.begun - ONE_DAY)).days
    known = kept[first : first + len(ends)]
    return [*known, *(benchmark.worth(end) for end in ends[len(known) :])]


def _index(days: list[date], worths: list[Decimal | NotAvailable]) -> tuple[tuple[date, Decimal], ...] | NotAvailable:
    found = []
    for day, worth in zip(days, worths, strict=True):
        if isinstance(worth, NotAvailable):
            return worth
        found.append((day, worth))
    first = found[0][1]
    return tuple((day, RATES.divide(worth, first)) for day, worth in found)
