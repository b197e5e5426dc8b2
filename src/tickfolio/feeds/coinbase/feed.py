"""Coinbase as a feed."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, timedelta

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.feeds.coinbase import answers
from tickfolio.feeds.coinbase.codec import CoinbaseCodec
from tickfolio.feeds.coinbase.config import CAPABILITIES, NAME, CoinbaseConfig
from tickfolio.feeds.feed import FeedQuote, History, Snapshot
from tickfolio.feeds.stream import StreamSettings
from tickfolio.feeds.vendor import Surroundings, VendorFeed, moment_now, snapshot_one_by_one

UNKNOWN = "Coinbase does not know it"
LIST_KEPT = timedelta(hours=6)
SNAPSHOT_BATCH = 5
"""Each price is a request of its own."""


class CoinbaseFeed(VendorFeed):
    """Tickers and heartbeats for prices as they are made; candles and the list of products for everything else."""

    def __init__(self, config: CoinbaseConfig, surroundings: Surroundings | None = None) -> None:
        super().__init__(name=NAME, capabilities=CAPABILITIES, surroundings=surroundings or Surroundings())
        self.use_stream(
            StreamSettings(
                url=config.ws_url,
                headers={},
                message_gap=config.message_gap,
                patience=config.patience,
                aliveness=config.aliveness,
                snapshot_batch=SNAPSHOT_BATCH,
            ),
            CoinbaseCodec,
        )
        self._host = self.use_host(config.http_url, budget=config.budget)
        self._products: tuple[Instrument, ...] = ()
        self._listed_until = moment_now(self.surroundings)

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The last trade of each."""
        return await snapshot_one_by_one(symbols, self._latest_quote, unknown=UNKNOWN)

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """What the product is; None of one that is priced in another coin.

        The list of products is asked where there is none of that name: a mirror may have the list alone.
        """
        response = await self._asked(symbol, answers.product_path(symbol))
        if response is not None:
            return answers.read_product(response, symbol)
        listed = await self._all_products() if answers.is_product(symbol) else ()
        return next((one for one in listed if one.symbol == symbol), None)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """By symbol and name, in the list of all products."""
        return answers.matching(await self._all_products(), text)

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """The finished days of UTC; one that goes on is left out."""
        yesterday = moment_now(self.surroundings).astimezone(UTC).date() - timedelta(days=1)
        bars: list[DailyBar] = []
        for begin, end in answers.spans(first, min(last, yesterday)):
            response = await self._asked(symbol, answers.candles_path(symbol), answers.days_query(begin, end))
            if response is None:
                break
            # Years of days take their time: the stream must not wait for it.
            bars += await asyncio.to_thread(answers.read_days, response, first=begin, last=end)
        return History(symbol, tuple(bars))

    async def _all_products(self) -> tuple[Instrument, ...]:
        """The list, which is kept for some hours."""
        if moment_now(self.surroundings) >= self._listed_until:
            response = await self._host.get(answers.PRODUCTS)
            self._products = answers.read_products(response.body)
            self._listed_until = moment_now(self.surroundings) + LIST_KEPT
        return self._products

    async def _asked(self, symbol: Symbol, path: str, query: dict[str, str] | None = None) -> bytes | None:
        """The answer about a product; None where there is none of that name."""
        if not answers.is_product(symbol):
            return None
        response = await self._host.get(path, query)
        return None if response.status in (400, 404) else response.body

    async def _latest_quote(self, symbol: Symbol) -> FeedQuote | None:
        response = await self._asked(symbol, answers.ticker_path(symbol), {"limit": "1"})
        return None if response is None else answers.read_ticker(response, symbol, at=moment_now(self.surroundings))
