"""The prices that count for the start of a span, on the basis of its end.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tickfolio.domain.corporate_actions import Split, split_adjusted
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import UnitChange
from tickfolio.domain.ledger.transactions import Merger, SymbolChange
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.money import EXACT, MAX_PRICE_PLACES, ROUNDING, rounded
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio


@dataclass(frozen=True, slots=True)
class PriceInForce:
    """A price per unit in the currency of its instrument, in force from `at` on; splits up to `at` are in it.

    `source` is who said it; empty where that goes without saying.
    """

    price: Decimal
    at: datetime
    source: str = ""


def closing_quote(
    symbol: Symbol,
    price: PriceInForce,
    *,
    source: str,
    previous_close: Decimal | None = None,
    session_day: date | None = None,
) -> Quote:
    """A price in force as the quote of a session that is over.

    Args:
        source: who said it, where the price itself does not tell.
        session_day: the day of its moment, unless said otherwise.
    """
    return Quote(
        symbol=symbol,
        price=price.price,
        previous_close=previous_close,
        session_day=session_day or price.at.date(),
        session=MarketSession.CLOSED,
        source_time=price.at,
        received_time=price.at,
        source=price.source or source,
        version=1,
    )


type PriceOf = Callable[[Symbol, datetime], PriceInForce | None]
"""The last price of a symbol that was in force at a moment; None where there was none yet."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The price of a unit that counts for the start of the span.

    Attributes:
        basis: splits up to this moment are in the price.
        rate_at: whose exchange rate goes with the price.
    """

    price: Decimal
    basis: datetime
    rate_at: datetime


class ReferenceFacts:
    """What a portfolio has booked that changes what a price is of: looked through once for all spans."""

    def __init__(self, book: PortfolioBook, live: LivePortfolio) -> None:
        changes = (each for each in book.transactions if isinstance(each, (Merger, SymbolChange)))
        self._changes = sorted(
            (each for each in changes if _is_one_currency(book, each.symbol, each.new_symbol)), key=lambda each: each.at
        )
        self._splits: dict[Symbol, list[list[UnitChange]]] = {}
        for account in live.accounts():
            for symbol, position in account.ledger.positions.items():
                if position.splits:
                    self._splits.setdefault(symbol, []).append(position.splits)

    def changes(self, since: datetime, until: datetime) -> list[Merger | SymbolChange]:
        """What became another instrument of the same currency from `since` to `until`, in order."""
        first = bisect_left(self._changes, since, key=lambda each: each.at)
        return self._changes[first : bisect_right(self._changes, until, key=lambda each: each.at)]

    def adjusted(self, symbol: Symbol, price: PriceInForce, *, until: datetime) -> PriceInForce:
        """`price` after the splits until then."""
        between = [
            Split(symbol, each.at.date(), new=each.new, old=each.old)
            for each in self._known_splits(symbol, until)
            if price.at < each.at
        ]
        return replace(price, price=split_adjusted(price.price, between)) if between else price

    def _known_splits(self, symbol: Symbol, until: datetime) -> Iterable[UnitChange]:
        """Those until then as the account knows them that knows most: one that came to hold it later lacks some."""
        known = [[each for each in splits if each.at <= until] for splits in self._splits.get(symbol, ())]
        return max(known, key=len, default=())


class References:
    """The prices at the two ends of a span, the first on the basis of the second; each is looked up once."""

    def __init__(self, facts: ReferenceFacts, price_of: PriceOf, *, since: datetime, until: datetime) -> None:
        self._facts, self._price_of = facts, price_of
        self._before, self._until = since - datetime.resolution, until
        self._found: dict[Symbol, tuple[PriceInForce | None, PriceInForce | None]] = {}
        self._became = self._continued(since)

    def closing(self, symbol: Symbol) -> PriceInForce | None:
        """The price at the end."""
        return self._ends(symbol)[1]

    def is_late(self, symbol: Symbol) -> bool:
        """Whether the first price of `symbol` is of within the span: what moves then counts by the end."""
        opening, closing = self._ends(symbol)
        return closing is not None and opening is None

    def get(self, symbol: Symbol) -> Reference | None:
        """The price that counts for the start, on the basis of the end; None where no price is known at the end."""
        opening, closing = self._ends(symbol)
        if closing is None:
            return None
        if opening is None:
            return Reference(closing.price, basis=closing.at, rate_at=self._until)
        return Reference(opening.price, basis=closing.at, rate_at=self._before)

    def _ends(self, symbol: Symbol) -> tuple[PriceInForce | None, PriceInForce | None]:
        found = self._found.get(symbol)
        if found is None:
            opening, closing = self._before_it(symbol), self._price_of(symbol, self._until)
            if opening is not None and closing is not None:
                opening = self._facts.adjusted(symbol, opening, until=closing.at)
            found = self._found[symbol] = opening, closing
        return found

    def _before_it(self, symbol: Symbol) -> PriceInForce | None:
        return self._price_of(symbol, self._before) or self._became.get(symbol)

    def _continued(self, since: datetime) -> dict[Symbol, PriceInForce]:
        """What another instrument became has the price of that one where nobody quoted it before."""
        became: dict[Symbol, PriceInForce] = {}
        for each in self._facts.changes(since, self._until):
            old = self._price_of(each.symbol, self._before) or became.get(each.symbol)
            if old is not None and each.new_symbol not in became:
                price = self._facts.adjusted(each.symbol, old, until=each.at).price
                became[each.new_symbol] = PriceInForce(_exchanged(price, each), each.at, old.source)
        return became


def _exchanged(price: Decimal, change: Merger | SymbolChange) -> Decimal:
    if isinstance(change, SymbolChange):
        return price
    scaled = EXACT.multiply(price, Decimal(change.old))
    return rounded(ROUNDING.divide(scaled, Decimal(change.new)), places=MAX_PRICE_PLACES)


def _is_one_currency(book: PortfolioBook, one: Symbol, other: Symbol) -> bool:
    return book.instrument(one).currency == book.instrument(other).currency
