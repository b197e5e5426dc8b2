"""Frankfurter as a feed: reference rates where the European Central Bank's own host does not answer."""

from __future__ import annotations

from datetime import date

from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.frankfurter.codec import FRANKFURT, parse_rates, paths
from tickfolio.feeds.frankfurter.config import FrankfurterConfig
from tickfolio.feeds.vendor import Surroundings, VendorFeed, moment_now

_NOTHING = 404


class FrankfurterFeed(VendorFeed):
    """Exchange rates against the euro; it has no stream and no prices."""

    def __init__(self, config: FrankfurterConfig | None = None, surroundings: Surroundings | None = None) -> None:
        config = config or FrankfurterConfig()
        super().__init__(
            name="frankfurter", capabilities=config.capabilities, surroundings=surroundings or Surroundings()
        )
        self._host = self.use_host(config.http_url, budget=config.budget)

    async def rates(self, *, first: date, last: date) -> tuple[DayRates, ...]:
        """The rates of the working days from `first` to `last`, a request for each 90 days."""
        last = min(last, moment_now(self.surroundings).astimezone(FRANKFURT).date())
        found: dict[date, DayRates] = {}
        for path in paths(first, last):
            response = await self._host.get(path)
            if response.status == _NOTHING:
                continue
            with self._host.judging():
                if response.status != 200:
                    raise FeedDataError(f"Expected rates from {self._host.host}{path}, was status {response.status}.")
                # An answer may begin with the last working day before what was asked for.
                found.update((day.day, day) for day in parse_rates(response.body) if first <= day.day <= last)
        return tuple(found[day] for day in sorted(found))
