"""The value of a portfolio through its day, minute by minute, from the bars that were kept of the market.

Nobody needs to have watched, and a restart leaves no hole. Minutes that are over do not change: they are worked out once and
kept beside the portfolio's ledger, until something is booked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.calendars import Session
from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.ledger.transactions import Deposit, Transaction, Withdrawal
from tickfolio.domain.market.bars import BAR_LENGTH
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.hand_prices import quotes_by_hand
from tickfolio.domain.valuation.intraday import DayPrices, Effects, Holdings, ValuePoint, counts_at, day_values
from tickfolio.domain.valuation.valuation import RowKind, Valuation
from tickfolio.domain.valuation.windows import day_begins, day_ends, report_day_start
from tickfolio.persistence.selectors.market import kept_closes
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import HeldBook, calendar_of
from tickfolio.services.performance_parts import MARKED
from tickfolio.services.valuations import RecordedMarket, has_value, value_of


@dataclass(frozen=True, slots=True)
class DayMark:
    """What counts from a moment on: how many of one kind."""

    at: datetime
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class DayChart:
    """A portfolio's day; times in UTC, money in its base currency.

    Attributes:
        session_day: the exchange's day that is shown; None where nothing with a price is held.
        opens_at, closes_at: from the first opening to the last close of what is held.
        reference: what the portfolio was worth at the beginning, so that value − reference is the day's P&L; None on a day
            with deposits or withdrawals, which no line can show.
        marks: what was booked on the day, up to the moment.
        points: a value for the end of each minute; none where nothing has a value now.
    """

    currency: str
    session_day: date | None
    opens_at: datetime | None
    closes_at: datetime | None
    zone: str
    reference: Decimal | None
    points: tuple[ValuePoint, ...]
    marks: tuple[DayMark, ...] = ()


@dataclass(slots=True)
class DayLine:
    """Minutes that are over: `points` of them, and the last price of each symbol by then."""

    session_day: date
    points: list[ValuePoint] = field(default_factory=list)
    prices: dict[Symbol, Decimal] = field(default_factory=dict)


def day_chart(*, actor: Actor, portfolio_id: str, as_of: AsOf = NOW, base: Currency | None = None) -> DayChart:
    """The day of a portfolio so far, or a finished one as far as its minutes are kept.

    Args:
        base: the currency to value it in, as if it were its base currency; None for its own.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id, base=base) as seen:
        shelf, held, market = seen.shelf, seen.held, seen.market
        valuation = value_of(shelf, market)
        symbols = _traded(valuation, held, market)
        sessions = _sessions(symbols, market)
        if not sessions:
            return _empty(held)
        session_day = max(session.day for session in sessions)
        today = [session for session in sessions if session.day == session_day]
        if not has_value(valuation.totals):
            return replace(_empty(held), session_day=session_day)
        line = shelf.day_line if isinstance(shelf.day_line, DayLine) else None
        if line is None or line.session_day != session_day:
            typed = {symbol: quote.price for symbol, quote in quotes_by_hand(held.book, market.at).items()}
            line = shelf.day_line = DayLine(session_day, prices=_opening(symbols, session_day, market) | typed)
        points = _points(line, held, valuation, symbols=symbols, market=market, effects=shelf.living().effects())
    return DayChart(
        currency=held.book.base.code,
        session_day=session_day,
        opens_at=min(session.opens_at for session in today),
        closes_at=max(session.closes_at for session in today),
        zone=held.book.zone.key,
        reference=_reference(held, valuation, market.at),
        points=points,
        marks=_marks(held, session_day, market.at),
    )


def _marks(held: HeldBook, day: date, at: datetime) -> tuple[DayMark, ...]:
    begins, ends = day_begins(day, held.book.zone), min(day_ends(day, held.book.zone), at)
    counted = ((counts_at(each), MARKED[type(each)]) for each in held.book.transactions if type(each) in MARKED)
    found = Counter((moment, kind) for moment, kind in counted if begins <= moment <= ends)
    return tuple(DayMark(moment, kind, count) for (moment, kind), count in sorted(found.items()))


def _points(
    line: DayLine,
    held: HeldBook,
    valuation: Valuation,
    *,
    symbols: Iterable[Symbol],
    market: RecordedMarket,
    effects: Effects,
) -> tuple[ValuePoint, ...]:
    """All points; those of minutes that are over stay in `line`."""
    since = line.points[-1].at if line.points else None
    minutes = kept_closes(symbols, session_day=line.session_day, since=since)
    closes = {min(start + BAR_LENGTH, market.at): prices for start, prices in minutes.items() if start <= market.at}
    if not closes:
        return tuple(line.points)
    first = min(closes) - BAR_LENGTH
    recent = [each for each in held.book.transactions if first < counts_at(each) <= market.at]
    new = day_values(
        _holdings(valuation),
        recent,
        DayPrices(opening=line.prices, minutes=closes),
        instruments=held.book.instruments,
        rates=rate_table_now(),
        base=held.book.base,
        effects=effects,
    )
    over = [point for point in new if point.at < market.at]
    line.points += over
    for point in over:
        line.prices |= closes[point.at]
    return (*line.points, *new[len(over) :])


def _holdings(valuation: Valuation) -> Holdings:
    """What is held now, all accounts together; receivables count as cash."""
    holdings = Holdings()
    for row in valuation.rows:
        if row.kind is RowKind.HOLDING and row.symbol is not None:
            holdings.units[row.symbol] = EXACT.add(holdings.units.get(row.symbol, Decimal(0)), row.quantity)
        else:
            holdings.cash[row.currency] = EXACT.add(holdings.cash.get(row.currency, Decimal(0)), row.quantity)
    return holdings


def _traded(valuation: Valuation, held: HeldBook, market: RecordedMarket) -> list[Symbol]:
    """What has a price of the market and is held, or was so earlier in the day."""
    rows = {row.symbol for row in valuation.rows if row.kind is RowKind.HOLDING}
    instruments = held.book.instruments
    known = (symbol for symbol in rows if symbol in market.quotes and symbol in instruments)
    return sorted(symbol for symbol in known if instruments[symbol].mic != PRIVATE_MIC)


def _sessions(symbols: Iterable[Symbol], market: RecordedMarket) -> list[Session]:
    found = (
        calendar_of(market.instruments[symbol]).session_on(market.quotes[symbol].session_day) for symbol in symbols
    )
    return [session for session in found if session is not None]


def _opening(symbols: Iterable[Symbol], session_day: date, market: RecordedMarket) -> dict[Symbol, Decimal]:
    """What each symbol was worth before the first minute: its previous close, or its last price of another day."""
    prices: dict[Symbol, Decimal] = {}
    for symbol in symbols:
        quote = market.quotes[symbol]
        price = quote.previous_close if quote.session_day == session_day else quote.price
        if price is not None:
            prices[symbol] = price
    return prices


def _reference(held: HeldBook, valuation: Valuation, at: datetime) -> Decimal | None:
    since = report_day_start(at, held.book.zone)
    if any(since < each.at <= at for each in held.book.transactions if _crosses_the_border(each)):
        return None
    return EXACT.subtract(valuation.totals.value, valuation.totals.day)


def _crosses_the_border(transaction: Transaction) -> bool:
    return isinstance(transaction, Deposit | Withdrawal)


def _empty(held: HeldBook) -> DayChart:
    return DayChart(
        currency=held.book.base.code,
        session_day=None,
        opens_at=None,
        closes_at=None,
        zone=held.book.zone.key,
        reference=None,
        points=(),
    )
