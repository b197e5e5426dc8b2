"""Finnhub as a feed."""

from __future__ import annotations

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote, Snapshot
from tickfolio.feeds.finnhub import answers
from tickfolio.feeds.finnhub.codec import FinnhubCodec
from tickfolio.feeds.finnhub.config import NAME, FinnhubConfig
from tickfolio.feeds.stream import KEY_REFUSED, StreamSettings
from tickfolio.feeds.vendor import Surroundings, VendorFeed, moment_now, snapshot_one_by_one

UNKNOWN = "Finnhub does not know it"
SNAPSHOT_BATCH = 5
"""Each price is a request of its own."""


class FinnhubFeed(VendorFeed):
    """Trades as they are made; the latest price, what an instrument is, and the search, each by a question."""

    def __init__(self, config: FinnhubConfig, surroundings: Surroundings | None = None) -> None:
        super().__init__(name=NAME, capabilities=config.capabilities, surroundings=surroundings or Surroundings())
        self.use_stream(
            StreamSettings(
                url=config.stream_url,
                headers={},
                symbol_limit=config.symbol_limit,
                message_gap=config.message_gap,
                fatal_statuses=KEY_REFUSED,
                patience=config.patience,
                patience_to_reconnect=config.patience_to_reconnect,
                snapshot_batch=SNAPSHOT_BATCH,
            ),
            lambda: FinnhubCodec(key=config.key),
        )
        self._host = self.use_host(config.api_url, budget=config.budget, headers={"X-Finnhub-Token": config.key})

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The latest price of each."""
        return await snapshot_one_by_one(symbols, self._latest, unknown=UNKNOWN)

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """The company of that symbol, else what the search finds under exactly that symbol, as for funds."""
        if not answers.is_symbol(symbol):
            return None
        company = answers.read_profile(await self._asked(answers.PROFILE, symbol=symbol), symbol)
        if company is not None:
            return company
        found = answers.read_search(await self._asked(answers.SEARCH, q=symbol))
        return next((one for one in found if one.symbol == symbol), None)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """By symbol, name or ISIN, as Finnhub orders them."""
        wanted = text.strip()
        return answers.read_search(await self._asked(answers.SEARCH, q=wanted)) if wanted else ()

    async def _latest(self, symbol: Symbol) -> FeedQuote | None:
        if not answers.is_symbol(symbol):
            return None
        body = await self._asked(answers.QUOTE, symbol=symbol)
        return answers.read_quote(body, symbol, at=moment_now(self.surroundings))

    async def _asked(self, path: str, **query: str) -> bytes:
        response = await self._host.get(path, query)
        if response.status != 200:
            raise FeedDataError(f"Expected an answer of Finnhub's, was status {response.status}.")
        return response.body
