"""The door of a feed: what is late, doubled, of no value or from the future is kept out or cut before anybody sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedQuote

CLOCKS_DIFFER = timedelta(seconds=2)
"""By how much a vendor's clock may be ahead of ours without a word."""


class KeptOut(StrEnum):
    """Why a price was kept out."""

    NO_PRICE = "no price above zero"
    OUT_OF_ORDER = "older than the last one"
    DUPLICATE = "said twice"
    UNASKED = "of a symbol that nobody asked for"


class Door:
    """Newest source time and price by symbol; one for the whole life of a stream, so that a reconnect repeats nothing."""

    def __init__(self) -> None:
        self._latest: dict[Symbol, FeedQuote] = {}
        self.kept_out: Counter[str] = Counter()

    def pass_through(self, quote: FeedQuote, *, wanted: frozenset[Symbol]) -> FeedQuote | None:
        """`quote`, its time cut where it is from the future; None where it is kept out, which is counted."""
        if quote.symbol not in wanted:
            return self._keep_out(KeptOut.UNASKED)
        if not quote.price.is_finite() or quote.price <= 0:
            return self._keep_out(KeptOut.NO_PRICE)
        quote = clamped(quote)
        held = self._latest.get(quote.symbol)
        if held is not None:
            if quote.source_time < held.source_time:
                return self._keep_out(KeptOut.OUT_OF_ORDER)
            if _repeats(quote, held):
                return self._keep_out(KeptOut.DUPLICATE)
        self._latest[quote.symbol] = quote
        return quote

    def forget(self, symbols: frozenset[Symbol]) -> None:
        """Drops what is held of symbols that are no longer wanted."""
        for symbol in symbols:
            self._latest.pop(symbol, None)

    def _keep_out(self, reason: KeptOut) -> FeedQuote | None:
        self.kept_out[reason.value] += 1
        return None


def clamped(quote: FeedQuote) -> FeedQuote:
    """`quote` with a source time that is not after its arrival: flagged where it was further off than clocks differ."""
    ahead: timedelta = quote.source_time - quote.received_time
    if ahead <= timedelta(0):
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
