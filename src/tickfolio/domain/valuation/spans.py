"""What a portfolio gained over any span, by its causes, from prices and rates that were in force at the two ends.

For each row: gain = value at the end − value at the start − what moved into it, each rounded to the smallest coin. What moved
between two rows is the same figure in both, so the gains sum to the change in value less external flows, exactly.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import Merger, SymbolChange
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import MarketSession, Quality, Quote
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, ROUNDING, rounded
from tickfolio.domain.valuation.attribution import Contribution, GainParts, contribution_of, parts_of
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.span_flows import Reference, SpanFlows, flows_of
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Valuation, Worth
from tickfolio.domain.valuation.windows import OneSpan
from tickfolio.errors import InvalidValue

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PriceInForce:
    """A price per unit in the currency of its instrument, in force from `at` on; splits up to `at` are in it."""

    price: Decimal
    at: datetime


type PriceOf = Callable[[Symbol, datetime], PriceInForce | None]
"""The last price of a symbol that was in force at a moment; None where there was none yet."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that has no gain, and why."""

    symbol: str
    account_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class SpanChange:
    """opening + flows + the parts of all contributions = closing, exactly, in the base currency.

    Attributes:
        since: the first moment.
        until: the last moment.
        flows: what came over the border of the portfolio less what left over it, and to and from rows that are left out.
        left_out: rows with a holding and no gain; they are in none of the figures.
        valuation: at the end, with the span as the day of its rows.
    """

    since: datetime
    until: datetime
    opening: Decimal
    closing: Decimal
    flows: Decimal
    contributions: tuple[Contribution, ...]
    left_out: tuple[LeftOut, ...]
    valuation: Valuation

    @property
    def gain(self) -> Decimal:
        """The change in value less flows."""
        return EXACT.subtract(EXACT.subtract(self.closing, self.opening), self.flows)


def span_change(
    book: PortfolioBook, *, since: datetime, until: datetime, price_of: PriceOf, rates: Rates
) -> SpanChange:
    """What `book` gained from `since` to `until`, both included.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
        InvalidValue: the span ends before it begins.
    """
    if until < since:
        raise InvalidValue(f"Expected a span that ends after it begins, was {since} to {until}.")
    live = LivePortfolio(book, days=OneSpan(since))
    before = since - datetime.resolution
    # A book may know thousands of instruments more than it has booked.
    symbols = {symbol for each in book.transactions for symbol in symbols_of(each)}
    starts, ends = (
        {symbol: price for symbol in symbols if (price := price_of(symbol, at)) is not None} for at in (before, until)
    )
    opening = _valued(live, before, lambda symbol: _quote(symbol, starts.get(symbol)), rates)
    live.advance(until)
    references = _references(live, book, starts, ends, since=since, until=until)
    closing = _valued(live, until, references.quote, rates)
    flows = flows_of(
        live, book, since=since, until=until, reference_of=references.get, rates=BaseRates(book.base, rates)
    )
    return _Change(book, opening, closing, flows, references.is_late).between(since, until)


# ---------- Prices at the two ends ----------


class _References:
    """The prices at the two ends, the first on the basis of the second."""

    def __init__(
        self,
        closing: Mapping[Symbol, PriceInForce],
        opening: Mapping[Symbol, PriceInForce],
        *,
        before: datetime,
        until: datetime,
    ) -> None:
        self._closing, self._opening = closing, opening
        self._before, self._until = before, until

    def is_late(self, symbol: Symbol) -> bool:
        """Whether the first price of `symbol` is of within the span: what moves then counts by the end."""
        return symbol in self._closing and symbol not in self._opening

    def get(self, symbol: Symbol) -> Reference | None:
        """The price that counts for the start, on the basis of the end; None where no price is known at the end."""
        end = self._closing.get(symbol)
        if end is None:
            return None
        price = self._opening.get(symbol)
        if price is None:
            return Reference(end.price, basis=end.at, rate_at=self._until)
        return Reference(price.price, basis=end.at, rate_at=self._before)

    def quote(self, symbol: Symbol) -> Quote | None:
        """The price at the end with the one at the start as its previous close."""
        reference = self.get(symbol)
        return _quote(symbol, self._closing.get(symbol), previous_close=None if reference is None else reference.price)


def _references(
    live: LivePortfolio,
    book: PortfolioBook,
    starts: Mapping[Symbol, PriceInForce],
    ends: Mapping[Symbol, PriceInForce],
    *,
    since: datetime,
    until: datetime,
) -> _References:
    splits = _splits(live)
    known = dict(starts)
    for each in sorted(book.transactions, key=lambda each: each.at):
        # What another instrument became has the price of that one where nobody quoted it before.
        if isinstance(each, (Merger, SymbolChange)) and since <= each.at <= until:
            old, new = each.symbol, each.new_symbol
            if new not in known and old in known and _is_one_currency(book, old, new):
                price = _adjusted(old, known[old], splits.get(old, ()), until=each.at)
                known[new] = PriceInForce(_exchanged(price, each), each.at)
    opening = {
        symbol: replace(price, price=_adjusted(symbol, price, splits.get(symbol, ()), until=ends[symbol].at))
        for symbol, price in known.items()
        if symbol in ends
    }
    return _References(ends, opening, before=since - datetime.resolution, until=until)


def _splits(live: LivePortfolio) -> dict[Symbol, list[UnitChange]]:
    """The splits of each symbol as the account knows them that knows most: one that came to hold it later lacks some."""
    found: dict[Symbol, list[UnitChange]] = {}
    for account in live.accounts():
        for symbol, position in account.ledger.positions.items():
            if len(position.splits) > len(found.get(symbol, ())):
                found[symbol] = position.splits
    return found


def _adjusted(symbol: Symbol, price: PriceInForce, splits: Iterable[UnitChange], *, until: datetime) -> Decimal:
    between = [
        Split(symbol, each.at.date(), new=each.new, old=each.old) for each in splits if price.at < each.at <= until
    ]
    return split_adjusted(price.price, between)


def _exchanged(price: Decimal, change: Merger | SymbolChange) -> Decimal:
    if isinstance(change, SymbolChange):
        return price
    scaled = EXACT.multiply(price, Decimal(change.old))
    return rounded(ROUNDING.divide(scaled, Decimal(change.new)), places=MAX_PRICE_PLACES)


def _is_one_currency(book: PortfolioBook, one: Symbol, other: Symbol) -> bool:
    return book.instrument(one).currency == book.instrument(other).currency


def _quote(symbol: Symbol, price: PriceInForce | None, previous_close: Decimal | None = None) -> Quote | None:
    if price is None:
        return None
    return Quote(
        symbol=symbol,
        price=price.price,
        previous_close=previous_close,
        session_day=price.at.date(),
        session=MarketSession.CLOSED,
        source_time=price.at,
        received_time=price.at,
        source="history",
        version=1,
    )


# ---------- The change ----------


def _valued(live: LivePortfolio, at: datetime, quote_of: Callable[[Symbol], Quote | None], rates: Rates) -> Valuation:
    return live.value(quote_of=quote_of, quality_of=lambda _: Quality.CLOSED, rates=rates, at=at)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is known of the two ends, and what moved between them."""

    book: PortfolioBook
    opening: Valuation
    closing: Valuation
    flows: SpanFlows
    is_late: Callable[[Symbol], bool]

    def between(self, since: datetime, until: datetime) -> SpanChange:
        """The gain of each row that has one."""
        before, after = _by_key(self.opening), _by_key(self.closing)
        nothing = rounded(ZERO, places=self.closing.totals.currency.minor_unit)
        contributions: list[Contribution] = []
        left_out: list[LeftOut] = []
        for key in dict.fromkeys((*after, *before, *self.flows.moved)):
            row = after.get(key) or before.get(key)
            moved = EXACT.add(self.flows.moved.get(key, nothing), nothing)
            if row is None:  # came and went within the span, as a dividend that was due and paid
                if moved:
                    contributions.append(_passing(self.book, self.flows, key, moved))
                continue
            reason = _missing(before.get(key), is_at_the_end=False) or _missing(after.get(key), is_at_the_end=True)
            if reason:
                left_out.append(LeftOut(row.name if row.symbol is None else row.symbol, row.account_name, reason))
                continue
            opening, closing = (_value(each.get(key), nothing) for each in (before, after))
            gained = _Gained(opening, closing, moved, has_start_price=self._has_start_price(row))
            contributions.append(_contribution(row, after.get(key), gained))
        return SpanChange(
            since=since,
            until=until,
            opening=exact_sum(each.opening or ZERO for each in contributions),
            closing=exact_sum(each.closing or ZERO for each in contributions),
            flows=exact_sum(each.moved or ZERO for each in contributions),
            contributions=tuple(contributions),
            left_out=tuple(left_out),
            valuation=self.closing,
        )

    def _has_start_price(self, row: Row) -> bool:
        return row.kind is RowKind.HOLDING and row.symbol is not None and not self.is_late(row.symbol)


@dataclass(frozen=True, slots=True)
class _Gained:
    """gain = closing − opening − moved.

    Attributes:
        has_start_price: of a holding whose price was known at the start.
    """

    opening: Decimal
    closing: Decimal
    moved: Decimal
    has_start_price: bool


def _contribution(row: Row, after: Row | None, gained: _Gained) -> Contribution:
    """The parts as the row tells them; what rounding leaves is the price's, and the currency's where there is no price.

    So is what an instrument that became another one was worth less, or more, than that. What came in at the price of the end
    came at the rate of the end as well, while the row counts its rate from the start: that is the currency's too.
    """
    parts = GainParts()
    if after is not None and isinstance(after.worth, Worth) and isinstance(after.worth.day, Day):
        parts = parts_of(after.worth.day)
    gain = EXACT.subtract(EXACT.subtract(gained.closing, gained.opening), gained.moved)
    rest = EXACT.subtract(gain, parts.total)
    parts = parts.plus(GainParts(price=rest) if gained.has_start_price else GainParts(currency=rest))
    return replace(contribution_of(row, parts), opening=gained.opening, closing=gained.closing, moved=gained.moved)


def _passing(book: PortfolioBook, flows: SpanFlows, key: str, moved: Decimal) -> Contribution:
    """Of what came and became another instrument within the span: what that was worth less, or more."""
    account, symbol = flows.holdings[key]
    instrument = book.instrument(symbol)
    nothing = EXACT.subtract(moved, moved)
    return Contribution(
        key=key,
        kind=RowKind.HOLDING,
        account=account,
        account_name=next(facts.name for facts in book.accounts if facts.id == account),
        symbol=symbol,
        name=instrument.name,
        currency=instrument.currency,
        instrument_class=instrument.instrument_class.value,
        parts=GainParts(price=moved.copy_negate()),
        opening=nothing,
        closing=nothing,
        moved=moved,
    )


def _missing(row: Row | None, *, is_at_the_end: bool) -> str:
    """Why a row has no gain; empty where it has one."""
    if row is None:
        return ""
    if not isinstance(row.worth, Worth):
        return row.worth.reason
    return row.worth.day.reason if is_at_the_end and not isinstance(row.worth.day, Day) else ""


def _value(row: Row | None, nothing: Decimal) -> Decimal:
    return row.worth.value if row is not None and isinstance(row.worth, Worth) else nothing


def _by_key(valuation: Valuation) -> dict[str, Row]:
    return {row.key: row for row in valuation.rows}
