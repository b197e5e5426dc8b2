"""The prices of finished days that count for one portfolio: those of all instruments, and those that it typed of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tickfolio.domain.instruments import PRIVATE_MIC, Symbol
from tickfolio.domain.market.manual_prices import BY_HAND, ManualPrices
from tickfolio.domain.performance.histories import CloseHistory
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceInForce, PriceOf
from tickfolio.domain.valuation.windows import day_ends
from tickfolio.services.price_history import close_histories


def closes_of(book: PortfolioBook, *, upto: int | None = None) -> Mapping[Symbol, CloseHistory]:
    """The closes of every instrument that has a history, and of those that `book` has typed prices of.

    A typed price counts like a close at the end of its day. What only the portfolio knows has no others: a history of its symbol
    is of something else.

    Args:
        upto: the newest recorded close that counts; None for all.
    """
    histories = close_histories(upto=upto)
    private = frozenset(symbol for symbol, each in book.instruments.items() if each.mic == PRIVATE_MIC)
    if not private:
        return histories
    own = {symbol: _history(book, prices) for symbol, prices in book.prices.items()}
    return _Beside(own, histories, hidden=private - own.keys())


def price_of(book: PortfolioBook, *, upto: int | None = None) -> PriceOf:
    """The price in force of an instrument of `book` at a moment: the last close, or the last one typed; see `closes_of`."""
    closes = closes_of(book, upto=upto)

    def price_in_force(symbol: Symbol, at: datetime) -> PriceInForce | None:
        history = closes.get(symbol)
        return None if history is None else history.at(at)

    return price_in_force


def closes_of_everybody(closes: Mapping[Symbol, CloseHistory]) -> Mapping[Symbol, CloseHistory]:
    """What `closes_of` gave, without what is the portfolio's own: for a benchmark, which is never one of its instruments."""
    return closes.others if isinstance(closes, _Beside) else closes


class _Beside(Mapping[Symbol, CloseHistory]):
    """Some histories beside all others but the hidden ones; the others are looked up only where they are asked for."""

    def __init__(
        self,
        own: Mapping[Symbol, CloseHistory],
        others: Mapping[Symbol, CloseHistory],
        *,
        hidden: frozenset[Symbol],
    ) -> None:
        self._own, self.others, self._hidden = own, others, hidden

    def __getitem__(self, symbol: Symbol) -> CloseHistory:
        found = self._own.get(symbol)
        if found is not None:
            return found
        if symbol in self._hidden:
            raise KeyError(symbol)
        return self.others[symbol]

    def __iter__(self) -> Iterator[Symbol]:
        yield from self._own
        yield from (symbol for symbol in self.others if symbol not in self._own and symbol not in self._hidden)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _history(book: PortfolioBook, prices: ManualPrices) -> CloseHistory:
    ends, typed = [day_ends(each.day, book.zone) for each in prices.all], [each.price for each in prices.all]
    return CloseHistory(ends, typed, [BY_HAND] * len(typed))
