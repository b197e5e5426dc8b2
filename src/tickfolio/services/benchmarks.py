"""An instrument to measure a portfolio against: what the same days came to in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.standing import Sources
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable, Quote
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.performance.benchmark import Benchmark, followed_values, in_coins, index_of_worths, unit_events
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.performance.spans import ONE_DAY, Span
from tickfolio.domain.performance.twr import ONE, RATES
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.windows import day_begins
from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.actions import standing_actions
from tickfolio.services.applied_actions import days_of
from tickfolio.services.book_prices import closes_of_everybody
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.portfolio_series import SeriesNow
from tickfolio.services.price_history import close_histories, history_actions
from tickfolio.services.valuations import RecordedMarket
from tickfolio.words import phrase


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


def require_possible(symbol: str, possible: Mapping[str, str]) -> None:
    """Refuses what has no history.

    Raises:
        InvalidValue: there is no such instrument with a history.
    """
    if symbol not in possible:
        raise InvalidValue(
            phrase(
                "Expected a benchmark such as {value}, was {symbol}.",
                value=", ".join([*possible][:5]),
                symbol=repr(symbol[:40]),
            )
        )


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
    require_possible(symbol, possible)
    try:
        kept = _kept(now, market.instruments[Symbol(symbol)])
    except InvalidValue as not_followed:
        nothing = NotAvailable(str(not_followed))
        return BenchmarkFigures(symbol, possible[symbol], nothing, nothing, nothing, frozenset())
    benchmark = kept.benchmark.then(
        _closes_since(_histories(now)[Symbol(symbol)], kept.until, market.at, market.quotes.get(Symbol(symbol)))
    )
    ends = _ends(now, span)
    days = [span.before + number * ONE_DAY for number in range(span.days + 1)]
    index = index_of_worths(days, _worths(now, kept, benchmark, span, ends))
    paid = [*([(ends[0], opening)] if opening else []), *flows]
    value = benchmark.value_of(
        paid, until=ends[-1], worth_of=lambda at: kept.worth(at) if at <= kept.until else benchmark.worth(at)
    )
    return BenchmarkFigures(
        symbol,
        possible[symbol],
        twr=index if isinstance(index, NotAvailable) else RATES.subtract(index[-1][1], ONE),
        value=value if isinstance(value, NotAvailable) else in_coins(value, places=now.book.base.minor_unit),
        index=index,
        sessions=kept.sessions,
    )


def benchmark_values(
    now: SeriesNow,
    market: RecordedMarket,
    *,
    symbol: str,
    span: Span,
    flows: Iterable[tuple[datetime, Decimal]],
    opening: Decimal,
) -> tuple[Decimal, ...] | NotAvailable:
    """What the portfolio's own flows would be worth in `symbol` at the end of the day before the span and of each of its days.

    Args:
        symbol: of an instrument with a history.
        flows, opening: as of `benchmark_figures`, whose value is the last of these.
    """
    try:
        kept = _kept(now, market.instruments[Symbol(symbol)])
    except InvalidValue as not_followed:
        return NotAvailable(str(not_followed))
    benchmark = kept.benchmark.then(
        _closes_since(_histories(now)[Symbol(symbol)], kept.until, market.at, market.quotes.get(Symbol(symbol)))
    )
    ends = _ends(now, span)
    found = followed_values(
        [*([(ends[0], opening)] if opening else []), *flows],
        ends=ends,
        worths=_worths(now, kept, benchmark, span, ends),
        worth_of=lambda at: kept.worth(at) if at <= kept.until else benchmark.worth(at),
    )
    places = now.book.base.minor_unit
    return found if isinstance(found, NotAvailable) else tuple(in_coins(value, places=places) for value in found)


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
    until = day_begins(now.today, now.book.zone) - datetime.resolution
    closes = _closes_until(_histories(now)[instrument.symbol], until)
    benchmark = _benchmark(instrument, closes, now.book.base, _actions(instrument, upto=now.actions))
    sessions = _session_days(closes, now.book.zone)
    made = _Kept(benchmark, until, [benchmark.worth(end) for end in ends], sessions)
    if now.finished is not None:
        now.finished.benchmarks[instrument.symbol] = made
    return made


def _histories(now: SeriesNow) -> Mapping[Symbol, CloseHistory]:
    """The closes that the days rest on."""
    return close_histories() if now.finished is None else closes_of_everybody(now.finished.closes)


def followed(
    instrument: Instrument,
    book: PortfolioBook,
    sources: Sources,
    *,
    at: datetime,
    quote: Quote | None,
    actions: int,
    histories: Mapping[Symbol, CloseHistory],
) -> Followed:
    """The same as a benchmark of figures that are explained.

    Args:
        quote: of the instrument at the moment `at`.
        actions: the newest corporate action that counts.
        histories: the closes that count.

    Raises:
        InvalidValue: it became something else, which is not followed.
    """
    until = day_begins(at.astimezone(book.zone).date(), book.zone) - datetime.resolution
    history = histories[instrument.symbol]
    finished, since = _closes_until(history, until), _closes_since(history, until, at, quote)
    closes = CloseHistory(
        [*finished.closed_at, *since.closed_at],
        [*finished.prices, *since.prices],
        [*finished.sources, *since.sources],
    )
    known = _actions(instrument, upto=actions)
    return Followed(
        instrument=instrument,
        base=book.base,
        zone=book.zone,
        benchmark=_benchmark(instrument, closes, book.base, known),
        closes=closes,
        quote=quote,
        actions=known,
        sessions=_session_days(finished, book.zone),
        sources=sources,
    )


def _session_days(closes: CloseHistory, zone: ZoneInfo) -> frozenset[date]:
    return frozenset(at.astimezone(zone).date() for at in closes.closed_at)


def _closes_until(history: CloseHistory, until: datetime) -> CloseHistory:
    return history.part(0, bisect_right(history.closed_at, until))


def _closes_since(history: CloseHistory, until: datetime, at: datetime, quote: Quote | None) -> CloseHistory:
    """The closes of sessions that ended since, and the price of now behind them."""
    first, last = bisect_right(history.closed_at, until), bisect_right(history.closed_at, at)
    part = history.part(first, last)
    if quote is None or quote.source_time <= max([until, *part.closed_at]):
        return part
    sources = [*part.sources, quote.source] if history.sources else ()
    return CloseHistory([*part.closed_at, quote.source_time], [*part.prices, quote.price], sources)


def _benchmark(instrument: Instrument, closes: CloseHistory, base: Currency, actions: list[DatedAction]) -> Benchmark:
    table: Rates = rate_table_now()
    rates = BaseRates(instrument.currency, table)
    begins = {action.ex_date: at for at, action in actions}
    splits, dividends = unit_events(
        [action for _, action in actions],
        begins_at=begins.__getitem__,
        converted=lambda amount, paid_in, at: EXACT.multiply(amount, rates.rate(paid_in, at)),
    )
    return Benchmark(closes, currency=instrument.currency, base=base, rates=table, splits=splits, dividends=dividends)


type DatedAction = tuple[datetime, CorporateAction]


def _actions(instrument: Instrument, *, upto: int | None = None) -> list[DatedAction]:
    """With when each begins to count. What is recorded goes before what the history tells of."""
    symbol, begins = instrument.symbol, days_of({instrument.symbol: instrument})
    found = {(type(action), action.ex_date): action for action in history_actions(symbol)}
    standing = standing_actions([symbol], upto=upto)
    found |= {(type(fact.action), fact.action.ex_date): fact.action for fact in standing}
    return [(begins(symbol, action.ex_date), action) for action in found.values()]


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
