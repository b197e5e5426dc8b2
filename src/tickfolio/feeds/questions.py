"""Questions that any of several feeds may answer: each is asked in turn, and one that fails leaves it to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedDataError, FeedError, FeedUnavailable
from tickfolio.feeds.feed import DayRates, Feed, History, Operation
from tickfolio.feeds.http import keeping_reserve
from tickfolio.feeds.listings import catalogue

_WORTH_ASKING_AGAIN = (FeedUnavailable, FeedDataError)
"""The errors after which the same question may bring an answer, the likeliest first; no other does before something is changed."""


class Questions:
    """The feeds by name, the operator's preferred first."""

    def __init__(self, feeds: Mapping[str, Feed]) -> None:
        self._feeds = feeds

    async def find(self, symbol: Symbol) -> Instrument | None:
        """What the feeds say `symbol` is, or else what the shipped list has and one of them streams; None where it is unknown.

        Raises:
            FeedUnavailable: no feed knows it, and one of them could not be asked.
        """
        silent: FeedError | None = None
        for feed in self._feeds.values():
            if not feed.capabilities.can(Operation.INSTRUMENT):
                continue
            try:
                with keeping_reserve():
                    found = await feed.instrument(symbol)
            except FeedError as error:
                silent = error
                continue
            if found is not None:
                return found
        # A vendor's questions may fail while its stream runs: what is listed is served nevertheless.
        listing = catalogue.by_symbol(symbol)
        listed = None if listing is None else listing.instrument()
        if listed is not None and any(feed.capabilities.streams_listed(listed) for feed in self._feeds.values()):
            return listed
        if silent is None:
            return None
        raise FeedUnavailable(f"No feed could say what {symbol} is: {silent}", retry_after=60)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """What the feeds find, the operator's first feed first, no symbol twice; a feed that fails finds nothing."""
        able = [feed for feed in self._feeds.values() if feed.capabilities.can(Operation.SEARCH)]
        with keeping_reserve():
            answers = await asyncio.gather(*(feed.search(text) for feed in able), return_exceptions=True)
        found: dict[Symbol, Instrument] = {}
        for answer in answers:
            if isinstance(answer, tuple):
                for instrument in answer:
                    found.setdefault(instrument.symbol, instrument)
        return tuple(found.values())

    async def history(
        self, symbol: Symbol, order: Iterable[str], *, first: date, last: date
    ) -> tuple[str, History] | None:
        """The days of an instrument from the first feed of `order` that has them, with the feed's name; None where none has.

        A feed that refuses the question has none for us, where another one that was asked says that there are none.

        Raises:
            FeedUnavailable: none has them, and one of them could not be asked.
            FeedDataError: none has them, none could not be asked, and the answer of one could not be read.
            FeedRejected: every one that has histories at all refuses the question.
        """
        silent: FeedError | None = None
        is_answered = False
        for name in order:
            feed = self._feeds[name]
            if not feed.capabilities.can(Operation.HISTORY):
                continue
            try:
                history = await feed.history(symbol, first=first, last=last)
            except FeedError as error:
                silent = _retryable(silent, error)
                continue
            if history.bars or history.actions:
                return name, history
            is_answered = True
        if silent is not None and (isinstance(silent, _WORTH_ASKING_AGAIN) or not is_answered):
            raise silent
        return None

    async def rates(self, *, first: date, last: date) -> tuple[str, tuple[DayRates, ...]] | None:
        """The exchange rates of days from the first feed that answers, with its name; None where no feed has rates.

        Raises:
            FeedError: none answered; what the one said that is the most worth asking again.
        """
        silent: FeedError | None = None
        for name, feed in self._feeds.items():
            if not feed.capabilities.can(Operation.EXCHANGE_RATES):
                continue
            try:
                return name, await feed.rates(first=first, last=last)
            except FeedError as error:
                silent = _retryable(silent, error)
        if silent is not None:
            raise silent
        return None


def _retryable(known: FeedError | None, error: FeedError) -> FeedError:
    """Of two errors the one that is the more worth asking again, the first of two alike."""
    return error if known is None or _rank(error) < _rank(known) else known


def _rank(error: FeedError) -> int:
    places = (place for place, kind in enumerate(_WORTH_ASKING_AGAIN) if isinstance(error, kind))
    return next(places, len(_WORTH_ASKING_AGAIN))
