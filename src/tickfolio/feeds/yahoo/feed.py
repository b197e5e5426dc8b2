"""Yahoo as a feed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.feeds.feed import FeedQuote, History, Snapshot
from tickfolio.feeds.http import HttpxTransport
from tickfolio.feeds.stream import StreamSettings
from tickfolio.feeds.vendor import Surroundings, VendorFeed, moment_now, snapshot_one_by_one
from tickfolio.feeds.yahoo.chart import Chart, chart_path, read_chart
from tickfolio.feeds.yahoo.codec import YahooCodec
from tickfolio.feeds.yahoo.config import CAPABILITIES, NAME, YahooConfig
from tickfolio.feeds.yahoo.history import days_query, history_of
from tickfolio.feeds.yahoo.latest import LATEST_DAY, instrument_of, latest_quote
from tickfolio.feeds.yahoo.search import SEARCH_PATH, read_search, search_query
from tickfolio.feeds.yahoo.transport import browser_headers, browser_transport

SNAPSHOT_BATCH = 5
"""Each price is a request of its own, so what fails together is kept small."""


class YahooFeed(VendorFeed):
    """The streamer for prices as they are made; charts and the search for everything else."""

    def __init__(self, config: YahooConfig, surroundings: Surroundings | None = None) -> None:
        around = surroundings or Surroundings()
        headers = {}
        if around.new_transport is HttpxTransport:  # nobody asked for another one
            around = replace(around, new_transport=browser_transport)
            headers = dict(browser_headers())
        super().__init__(name=NAME, capabilities=CAPABILITIES, surroundings=around)
        self.use_stream(
            StreamSettings(
                url=config.stream_url,
                headers={},
                keep_alive=config.keep_alive,
                patience=config.patience,
                snapshot_batch=SNAPSHOT_BATCH,
            ),
            YahooCodec,
        )
        self._host = self.use_host(config.http_url, budget=config.budget, headers=headers)

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The latest price of each in regular hours; symbols that Yahoo does not know are refused."""
        return await snapshot_one_by_one(symbols, self._latest_quote, unknown="Yahoo does not know it")

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """What a chart of the last day says of it."""
        chart = await self._latest(symbol)
        return None if chart is None else instrument_of(chart, symbol)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """By name, symbol or ISIN. Currencies are not told: `instrument` says them."""
        if not text.strip():
            return ()
        return read_search((await self._host.get(SEARCH_PATH, search_query(text.strip()))).body)

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """The finished days, as they were paid, with dividends, distributed gains and splits."""
        now = moment_now(self.surroundings)
        if first > last or first > now.date() + timedelta(days=1):
            return History(symbol, ())
        body = (await self._host.get(chart_path(symbol), days_query(first, now=now))).body

        def read() -> History:
            chart = read_chart(body, symbol)
            return History(symbol, ()) if chart is None else history_of(chart, symbol, first=first, last=last, now=now)

        # Decades of days take their time: the stream must not wait for it.
        return await asyncio.to_thread(read)

    async def _latest(self, symbol: Symbol) -> Chart | None:
        return read_chart((await self._host.get(chart_path(symbol), LATEST_DAY)).body, symbol)

    async def _latest_quote(self, symbol: Symbol) -> FeedQuote | None:
        chart = await self._latest(symbol)
        return None if chart is None else latest_quote(chart, symbol, at=moment_now(self.surroundings))
