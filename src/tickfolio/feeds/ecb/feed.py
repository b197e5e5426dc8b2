"""The European Central Bank as a feed: the reference rates of the days since the history that ships."""

from __future__ import annotations

import asyncio
from datetime import date

from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.codec import file_from, parse_file
from tickfolio.feeds.ecb.config import EcbConfig
from tickfolio.feeds.ecb.history import FRANKFURT
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.vendor import Surroundings, VendorFeed, moment_now


class EcbFeed(VendorFeed):
    """Exchange rates against the euro; it has no stream and no prices."""

    def __init__(self, config: EcbConfig | None = None, surroundings: Surroundings | None = None) -> None:
        config = config or EcbConfig()
        super().__init__(name="ecb", capabilities=config.capabilities, surroundings=surroundings or Surroundings())
        self._host = self.use_host(config.folder_url, budget=config.budget)

    async def rates(self, *, first: date, last: date) -> tuple[DayRates, ...]:
        """The rates of the working days from `first` to `last`, in one request for the smallest file that has them."""
        today = moment_now(self.surroundings).astimezone(FRANKFURT).date()
        if first > min(last, today):
            return ()
        path = file_from(first, today=today)
        response = await self._host.get(path)
        with self._host.judging():
            if response.status != 200:
                raise FeedDataError(f"Expected the file {path} from {self._host.host}, was status {response.status}.")
            # The whole history takes a third of a second to read.
            days = await asyncio.to_thread(parse_file, path, response.body, first=first, last=last)
            if days and days[-1].day > today:
                raise FeedDataError(
                    f"Expected rates until {today} from {self._host.host}, were some of {days[-1].day}."
                )
        return days
