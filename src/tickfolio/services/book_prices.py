"""The prices of finished days that count for one portfolio: those of all instruments, and those that it typed of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.manual_prices import BY_HAND, ManualPrices
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce, PriceOf
from tickfolio.domain.valuation.windows import day_ends
from tickfolio.services.price_history import close_histories


def closes_of(book: PortfolioBook, *, upto: int | None = None) -> Mapping[Symbol, CloseHistory]:
    """The closes of every instrument that has a history, and of those that `book` has typed prices of.

    A typed price counts like a close at the end of its day.

    Args:
        upto: the newest recorded close that counts; None for all.
    """
    histories = close_histories(upto=upto)
    if not book.prices:
        return histories
    return _Beside({symbol: _history(book, prices) for symbol, prices in book.prices.items()}, histories)


def price_of(book: PortfolioBook, *, upto: int | None = None) -> PriceOf:
    """The price in force of an instrument of `book` at a moment: the last close, or the last one typed; see `closes_of`."""
    closes = closes_of(book, upto=upto)

    def price_in_force(symbol: Symbol, at: datetime) -> PriceInForce | None:
        history = closes.get(symbol)
        return None if history is None else history.at(at)

    return price_in_force


class _Beside(Mapping[Symbol, CloseHistory]):
    """Some histories beside all others, which are looked up only where they are asked for."""

    def __init__(self, own: Mapping[Symbol, CloseHistory], others: Mapping[Symbol, CloseHistory]) -> None:
        self._own, self._others = own, others

    def __getitem__(self, symbol: Symbol) -> CloseHistory:
        found = self._own.get(symbol)
        return self._others[symbol] if found is None else found

    def __iter__(self) -> Iterator[Symbol]:
        yield from self._own
        yield from (symbol for symbol in self._others if symbol not in self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _history(book: PortfolioBook, prices: ManualPrices) -> CloseHistory:
    ends, typed = [day_ends(each.day, book.zone) for each in prices.all], [each.price for each in prices.all]
    return CloseHistory(ends, typed, [BY_HAND] * len(typed))
