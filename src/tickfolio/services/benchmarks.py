"""An instrument to measure a portfolio against: what the same days came to in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.performance.benchmark import Benchmark, unit_events
from tickfolio.domain.performance.histories import CloseHistory
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
    possible: Mapping[str, str],
    span: Span,
    flows: Iterable[tuple[datetime, Decimal]],
    opening: Decimal,
) -> BenchmarkFigures:
    """The figures of `symbol` over `span`.

    Args:
        possible: as `possible_benchmarks` gives them.
        flows: of the portfolio, negative where they left, in their order.
        opening: what the portfolio was worth at the end of the day before.

    Raises:
        InvalidValue: there is no such instrument with a history.
    """
    if symbol not in possible:
        raise InvalidValue(f"Expected a benchmark such as {', '.join([*possible][:5])}, was {symbol[:40]!r}.")
    try:
        kept = _kept(now, market.instruments[Symbol(symbol)])
    except InvalidValue as not_followed:
        nothing = NotAvailable(str(not_followed))
        return BenchmarkFigures(symbol, possible[symbol], nothing, nothing, nothing, frozenset())
    benchmark = kept.benchmark.then(_closes_since(kept.until, market, Symbol(symbol)))
    ends = _ends(now, span)
    days = [span.before + number * ONE_DAY for number in range(span.days + 1)]
    index = _index(days, _worths(now, kept, benchmark, span, ends))
    paid = [*([(ends[0], opening)] if opening else []), *flows]
    value = benchmark.value_of(
        paid, until=ends[-1], worth_of=lambda at: kept.worth(at) if at <= kept.until else benchmark.worth(at)
    )
    return BenchmarkFigures(
        symbol,
        possible[symbol],
        twr=index if isinstance(index, NotAvailable) else RATES.subtract(index[-1][1], ONE),
        value=value if isinstance(value, NotAvailable) else rounded(value, places=now.book.base.minor_unit),
        index=index,
        sessions=kept.sessions,
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """A benchmark up to the last finished day, with its worth at the end of each of them: none of it changes any more.

    Attributes:
        until: the last moment that is in it.
        worths: by day, from the one before the portfolio's first on.
        sessions: the finished days with a close.
    """

    benchmark: Benchmark
    until: datetime
    worths: list[Decimal | NotAvailable]
    sessions: frozenset[date]
    _at_flows: dict[datetime, Decimal | NotAvailable] = field(default_factory=dict)

    def worth(self, at: datetime) -> Decimal | NotAvailable:
        """The worth at the moment of a flow, up to `until`; worked out once."""
        found = self._at_flows.get(at)
        if found is None:
            found = self._at_flows[at] = self.benchmark.worth(at)
        return found


def _kept(now: SeriesNow, instrument: Instrument) -> _Kept:
    kept = None if now.finished is None else now.finished.benchmarks.get(instrument.symbol)
    if isinstance(kept, _Kept):
        return kept
    ends = [] if now.finished is None else now.finished.ends
    until = ends[-1] if ends else now.at - now.at.resolution
    history = close_histories()[instrument.symbol]
    count = bisect_right(history.closed_at, until)
    closes = CloseHistory(history.closed_at[:count], history.prices[:count])
    benchmark = _benchmark(instrument, closes, now.book.base)
    sessions = frozenset(at.astimezone(now.book.zone).date() for at in closes.closed_at)
    made = _Kept(benchmark, until, [benchmark.worth(end) for end in ends], sessions)
    if now.finished is not None:
        now.finished.benchmarks[instrument.symbol] = made
    return made


def _closes_since(until: datetime, market: RecordedMarket, symbol: Symbol) -> CloseHistory:
    """The closes of sessions that ended since, and the price of now behind them."""
    history = close_histories()[symbol]
    first, last = bisect_right(history.closed_at, until), bisect_right(history.closed_at, market.at)
    moments, prices = list(history.closed_at[first:last]), list(history.prices[first:last])
    quote = market.quotes.get(symbol)
    if quote is not None and quote.source_time > max([until, *moments]):
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


def _ends(now: SeriesNow, span: Span) -> list[datetime]:
    """The last moment of the day before the span, and that of each of its days; the day that is not over ends now."""
    if now.finished is None:
        return [now.series.pieces[0].days.begins[0] - timedelta.resolution, now.at]
    first = (span.first - now.finished.begun).days
    return [*now.finished.ends, now.at][first : first + span.days + 1]


def _worths(
    now: SeriesNow, kept: _Kept, benchmark: Benchmark, span: Span, ends: list[datetime]
) -> list[Decimal | NotAvailable]:
    first = 0 if now.finished is None else (span.first - now.finished.begun).days
    known = kept.worths[first : first + len(ends)]
    return [*known, *(benchmark.worth(end) for end in ends[len(known) :])]


def _index(days: list[date], worths: list[Decimal | NotAvailable]) -> tuple[tuple[date, Decimal], ...] | NotAvailable:
    found = []
    for day, worth in zip(days, worths, strict=True):
        if isinstance(worth, NotAvailable):
            return worth
        found.append((day, worth))
    first = found[0][1]
    return tuple((day, RATES.divide(worth, first)) for day, worth in found)
