"""What a portfolio gained over any span, by its causes, from prices and rates that were in force at the two ends.

For each row: gain = value at the end − value at the start − what moved into it, each rounded to the smallest coin. What moved
between two rows is the same figure in both, so the gains sum to the change in value less external flows, exactly.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.valuation.attribution import Contribution, GainParts, contribution_of, parts_of
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.references import PriceInForce, PriceOf, ReferenceFacts, References, closing_quote
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.span_flows import SpanFlows, flows_of
from tickfolio.domain.valuation.valuation import Day, Row, RowKind, Valuation, Worth
from tickfolio.domain.valuation.windows import OneSpan
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that has no gain, and why."""

    key: str
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
    return span_ends(book, (since, until), price_of=price_of, rates=rates, source="history").change()


def span_ends(
    book: PortfolioBook, span: tuple[datetime, datetime], *, price_of: PriceOf, rates: Rates, source: str
) -> SpanEnds:
    """What `book` was worth at the two ends of a span, its first and its last moment, and what moved between them.

    Args:
        source: where prices are from.

    Raises:
        ImpossibleLedger: the transactions cannot follow one another.
        InvalidValue: the span ends before it begins.
    """
    since, until = span
    if until < since:
        raise InvalidValue(
            phrase("Expected a span that ends after it begins, was {since} to {until}.", since=since, until=until)
        )
    live = LivePortfolio(book, days=OneSpan(since))
    before = since - datetime.resolution
    opening = _valued(live, before, lambda symbol: _quote(symbol, price_of(symbol, before), source), rates)
    live.advance(until)
    references = References(ReferenceFacts(book, live), price_of, since=since, until=until)
    closing = _valued(live, until, lambda symbol: _closing_quote(symbol, references, source), rates)
    flows = flows_of(
        live, book, since=since, until=until, reference_of=references.get, rates=BaseRates(book.base, rates)
    )
    return SpanEnds(live, since, until, opening, closing, flows, references.is_late)


# ---------- What rows were worth at the two ends ----------


def _closing_quote(symbol: Symbol, references: References, source: str) -> Quote | None:
    """The price at the end with the one at the start as its previous close."""
    reference = references.get(symbol)
    close = None if reference is None else reference.price
    return _quote(symbol, references.closing(symbol), source, previous_close=close)


def _quote(
    symbol: Symbol, price: PriceInForce | None, source: str, *, previous_close: Decimal | None = None
) -> Quote | None:
    return None if price is None else closing_quote(symbol, price, source=source, previous_close=previous_close)


def _valued(live: LivePortfolio, at: datetime, quote_of: Callable[[Symbol], Quote | None], rates: Rates) -> Valuation:
    return live.value(quote_of=quote_of, quality_of=lambda _: Quality.CLOSED, rates=rates, at=at)


@dataclass(frozen=True, slots=True)
class SpanEnds:
    """A portfolio at the two ends of a span, and what moved between them.

    Attributes:
        live: at the end, and left there.
        closing: with the span as the day of its rows.
        is_late: whether the first price of a symbol is of within the span.
    """

    live: LivePortfolio
    since: datetime
    until: datetime
    opening: Valuation
    closing: Valuation
    flows: SpanFlows
    is_late: Callable[[Symbol], bool]

    def change(self) -> SpanChange:
        """The gain of each row that has one."""
        before, after = _by_key(self.opening), _by_key(self.closing)
        nothing = rounded(ZERO, places=self.closing.totals.currency.minor_unit)
        contributions: list[Contribution] = []
        left_out: list[LeftOut] = []
        sums = self.flows.moved
        for key in dict.fromkeys((*after, *before, *sums)):
            row = after.get(key) or before.get(key)
            moved = EXACT.add(sums.get(key, nothing), nothing)
            if row is None:  # came and went within the span, as a dividend that was due and paid
                if moved:
                    contributions.append(_passing(self.live.book, self.flows, key, moved))
                continue
            reason = _missing(before.get(key)) or _missing(after.get(key))
            if reason:
                left_out.append(LeftOut(key, row.symbol or row.name, row.account_name, reason))
                continue
            opening, closing = (_value(each.get(key), nothing) for each in (before, after))
            gained = _Gained(opening, closing, moved, has_start_price=self._has_start_price(row))
            contributions.append(_contribution(row, after.get(key), gained))
        return SpanChange(
            since=self.since,
            until=self.until,
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


def _missing(row: Row | None) -> str:
    """Why a row has no value at one of the ends; empty where it has one, or is not there."""
    return "" if row is None or isinstance(row.worth, Worth) else row.worth.reason


def _value(row: Row | None, nothing: Decimal) -> Decimal:
    return row.worth.value if row is not None and isinstance(row.worth, Worth) else nothing


def _by_key(valuation: Valuation) -> dict[str, Row]:
    return {row.key: row for row in valuation.rows}
