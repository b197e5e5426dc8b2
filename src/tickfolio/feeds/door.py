"""The door of a feed: what is late, doubled, of no value or from the future is kept out before anybody sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedQuote

CLOCKS_DIFFER = timedelta(seconds=2)
"""By how much a vendor's clock may be ahead of ours without a word."""
MOST_AHEAD = timedelta(seconds=30)
"""By how much it may be ahead at all: a time beyond is a mistake, and the price may be as old as any."""
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""No price of a stream is of before: such a time is a missing one, as some write it."""


class KeptOut(StrEnum):
    """Why a price was kept out."""

    NO_PRICE = "no price above zero"
    OUT_OF_ORDER = "older than the last one"
    DUPLICATE = "said twice"
    UNASKED = "of a symbol that nobody asked for"
    FROM_THE_FUTURE = "from the future"
    WITHOUT_TIME = "of before 1970"


class Door:
    """Newest source time and price by symbol; one for the whole life of a stream, so that a reconnect repeats nothing."""

    def __init__(self) -> None:
        self._latest: dict[Symbol, FeedQuote] = {}
        self.kept_out: Counter[str] = Counter()
        self.clamped = 0

    def pass_through(self, quote: FeedQuote, *, wanted: frozenset[Symbol]) -> FeedQuote | None:
        """`quote`, its time cut where it is a little ahead of ours; None where it is kept out; both are counted."""
        if quote.symbol not in wanted:
            return self._keep_out(KeptOut.UNASKED)
        fault = fault_of(quote)
        if fault is not None:
            return self._keep_out(fault)
        quote = clamped(quote)
        held = self._latest.get(quote.symbol)
        if held is not None:
            if quote.source_time < held.source_time:
                return self._keep_out(KeptOut.OUT_OF_ORDER)
            if _repeats(quote, held):
                return self._keep_out(KeptOut.DUPLICATE)
        self._latest[quote.symbol] = quote
        self.clamped += quote.is_clamped
        return quote

    def forget(self, symbols: frozenset[Symbol]) -> None:
        """Drops what is held of symbols that are no longer wanted."""
        for symbol in symbols:
            self._latest.pop(symbol, None)

    def _keep_out(self, reason: KeptOut) -> FeedQuote | None:
        self.kept_out[reason.value] += 1
        return None


def fault_of(quote: FeedQuote) -> KeptOut | None:
    """Why a price is none by itself, whatever came before it; None where nothing speaks against it."""
    if not quote.price.is_finite() or quote.price <= 0:
        return KeptOut.NO_PRICE
    if quote.source_time - quote.received_time > MOST_AHEAD:
        return KeptOut.FROM_THE_FUTURE
    return KeptOut.WITHOUT_TIME if quote.source_time < FIRST_MOMENT else None


def clamped(quote: FeedQuote) -> FeedQuote:
    """`quote` with a source time that is not after its arrival: flagged where it was further off than clocks differ.

    One that is further ahead than `MOST_AHEAD` stays as it is: no time is known that could be put in its place.
    """
    ahead: timedelta = quote.source_time - quote.received_time
    if ahead <= timedelta(0) or ahead > MOST_AHEAD:
        return quote
    return replace(quote, source_time=quote.received_time, is_clamped=ahead > CLOCKS_DIFFER)


def _repeats(quote: FeedQuote, held: FeedQuote) -> bool:
    return (
        quote.source_time == held.source_time
        and quote.price == held.price
        and quote.previous_close in (None, held.previous_close)
        and quote.session in (None, held.session)
        and quote.day_volume in (None, held.day_volume)
    )
