"""What other feeds say of an instrument: of a price that is held back, and now and then of one that was believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.plausibility import may_confirm
from tickfolio.domain.market.quotes import Tick
from tickfolio.errors import FeedError
from tickfolio.feeds.door import clamped, fault_of
from tickfolio.feeds.feed import Feed, FeedQuote, Operation
from tickfolio.feeds.intake import SAME_MOMENT, Intake
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.routes import Routes

COMPARE_EVERY = timedelta(seconds=60)
TOLERANCE = Decimal("0.02")
"""By how much two feeds may differ in one moment, as a part of the price."""


async def latest_of(feed: Feed, symbol: Symbol) -> FeedQuote | None:
    """The latest price that a feed answers; None where it has none, cannot be asked, or says what is no price."""
    try:
        snapshot = await feed.snapshot(frozenset({symbol}))
    except FeedError:
        return None
    quote = clamped(snapshot.quotes[0]) if snapshot.quotes else None
    return None if quote is None or fault_of(quote) is not None else quote


class SecondOpinions:
    """Asks the feeds that do not serve an instrument, by its route."""

    def __init__(self, routes: Routes, real_time: RealTime) -> None:
        self._routes = routes
        self._real_time = real_time
        self._compared_us = 0
        self._turn = 0

    async def confirmed(self, symbol: Symbol, intake: Intake) -> Tick | None:
        """The tick of the first feed that confirms a held price: another one, or the same by another way than its stream.

        Only those are asked that could confirm it by now.
        """
        now = self._real_time.utc_now()
        serving = self._routes.serving(symbol)
        own = [serving] if serving is not None and serving.capabilities.can(Operation.SNAPSHOT) else []
        for feed in (*self._routes.others(symbol), *own):
            held = intake.held
            if held is None or not may_confirm(held, source=feed.name, at=now, is_answer=True):
                continue
            quote = await latest_of(feed, symbol)
            if quote is None:
                continue
            if (tick := intake.second_opinion(quote, source=feed.name)) is not None:
                return tick
            if feed is not serving and intake.held is not None and feed.name in intake.held.contradicted_by:
                self._routes.by_symbol[symbol].compared(agrees=False, at=now, other=feed.name)
        return None

    async def compare(self, wanted: Collection[Symbol], intakes: Mapping[Symbol, Intake]) -> None:
        """Compares one instrument a minute with another feed, in turn; its route hears whether they agree."""
        now_us = self._real_time.monotonic_us()
        if now_us - self._compared_us < COMPARE_EVERY // timedelta(microseconds=1):
            return
        self._compared_us = now_us
        comparable = [one for one in sorted(wanted) if self._routes.serving(one) and self._routes.others(one)]
        if not comparable:
            return
        self._turn = (self._turn + 1) % len(comparable)
        symbol = comparable[self._turn]
        other = self._routes.others(symbol)[0]
        quote = await latest_of(other, symbol)
        now = self._real_time.utc_now()
        if quote is not None and now - quote.source_time <= SAME_MOMENT:
            agrees = intakes[symbol].agrees(quote, tolerance=TOLERANCE)
            self._routes.by_symbol[symbol].compared(agrees=agrees, at=now, other=other.name)
