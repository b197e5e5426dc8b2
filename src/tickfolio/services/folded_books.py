"""Ledgers that were folded for explanations, kept for the next ones: what an explanation stands on never goes on changing.

The ledgers that pages value live on with the market, and an explanation is worked out while a page is written. So it has ledgers
of its own, which are left at their moment: where the market has reached a transaction since, they are folded anew.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime
from functools import cached_property

from tickfolio.domain.explain.standing import Sources, Standing, standing_now
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.windows import PriceDays
from tickfolio.services.ledgers import calendar_of
from tickfolio.services.valuations import RecordedMarket

MOST_BOOKS = 8


class FoldedBook:
    """A book, and the ledgers that it was last folded to."""

    def __init__(self, book: PortfolioBook) -> None:
        self.book = book
        self._lock = threading.Lock()
        self._live: LivePortfolio | None = None

    @cached_property
    def booked(self) -> frozenset[Symbol]:
        """The instruments that its transactions are about."""
        return frozenset(symbol for each in self.book.transactions for symbol in symbols_of(each))

    def standing(self, market: RecordedMarket, *, at: datetime, sources: Sources) -> Standing:
        """The portfolio at a moment, by the quotes of that moment.

        Raises:
            ImpossibleLedger: the transactions cannot follow one another.
        """
        days = PriceDays(calendar_of)
        with self._lock:
            live = self._live if self._live is not None and self._live.is_as_of(at, sources.rates) else None
            found = standing_now(self.book, market.quotes, market.quality, at=at, days=days, sources=sources, live=live)
            self._live = found.live
        return found


def folded_book(portfolio_id: str, book: PortfolioBook) -> FoldedBook:
    """The folded book of a portfolio, where it is of this very `book`, which the caller was allowed to see; else a new one."""
    with _lock:
        found = _folded.pop(portfolio_id, None)
        if found is None or found.book is not book:
            found = FoldedBook(book)
        _folded[portfolio_id] = found
        while len(_folded) > MOST_BOOKS:
            _folded.popitem(last=False)
        return found


_lock = threading.Lock()
_folded: OrderedDict[str, FoldedBook] = OrderedDict()
