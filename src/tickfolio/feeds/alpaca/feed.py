"""Alpaca as a feed: its stream of trades, and its answers about prices, days and corporate actions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.errors import FeedDataError, FeedError
from tickfolio.feeds.alpaca.answers import (
    SNAPSHOTS,
    UNKNOWN,
    is_symbol,
    parse_instrument,
    parse_snapshots,
    snapshots_query,
)
from tickfolio.feeds.alpaca.codec import AlpacaCodec
from tickfolio.feeds.alpaca.config import AlpacaConfig
from tickfolio.feeds.alpaca.days import (
    ACTIONS,
    BARS,
    actions_query,
    bars_query,
    finished,
    parse_actions,
    parse_bars,
)
from tickfolio.feeds.feed import History, Snapshot
from tickfolio.feeds.http import HttpResponse
from tickfolio.feeds.stream import KEY_REFUSED, StreamSettings
from tickfolio.feeds.vendor import Surroundings, VendorFeed, batches, moment_now

SYMBOLS_A_QUESTION = 100
MOST_PAGES = 20


class AlpacaFeed(VendorFeed):
    """American shares and funds."""

    def __init__(self, config: AlpacaConfig, surroundings: Surroundings | None = None) -> None:
        super().__init__(name="alpaca", capabilities=config.capabilities, surroundings=surroundings or Surroundings())
        self._config = config
        self._host = self.use_host(
            config.http_url,
            budget=config.budget,
            headers={"APCA-API-KEY-ID": config.key, "APCA-API-SECRET-KEY": config.secret},
        )
        self.use_stream(
            StreamSettings(
                url=config.stream_url,
                headers={},
                symbol_limit=config.symbol_limit,
                fatal_statuses=KEY_REFUSED,
                patience=config.patience,
                patience_to_reconnect=config.patience_to_reconnect,
                snapshot_batch=SYMBOLS_A_QUESTION,
            ),
            lambda: AlpacaCodec(key=config.key, secret=config.secret),
        )

    async def snapshot(self, symbols: frozenset[Symbol]) -> Snapshot:
        """The last sale of each, a hundred in a question."""
        refused = {symbol: UNKNOWN for symbol in sorted(symbols) if not is_symbol(symbol)}
        found = Snapshot((), refused)
        for batch in batches(sorted(symbols - refused.keys()), size=SYMBOLS_A_QUESTION):
            try:
                found = _joined(found, await self._last_sales(batch))
            except FeedError:
                if not found.quotes:
                    raise
                found = _joined(found, Snapshot((), failed=frozenset(batch)))
        return found

    async def instrument(self, symbol: Symbol) -> Instrument | None:
        """A share in US dollars by its symbol alone, where Alpaca has a snapshot of it."""
        if not is_symbol(symbol):
            return None
        response = await self._host.get(SNAPSHOTS, snapshots_query([symbol], tape=self._config.tape))
        return None if _is_about_a_symbol(response) else parse_instrument(_body(response), symbol)

    async def history(self, symbol: Symbol, *, first: date, last: date) -> History:
        """Finished days of the whole tape as paid on the day, with dividends and splits up to `last`, also of a day that runs."""
        at = moment_now(self.surroundings)
        upto, last = last, finished(last, at=at)
        if first > last or not is_symbol(symbol):
            return History(symbol, ())
        days: dict[date, DailyBar] = {}
        page = ""
        for _ in range(MOST_PAGES):
            response = await self._host.get(BARS, bars_query(symbol, first=first, last=last, at=at, page=page))
            if _is_about_a_symbol(response):
                return History(symbol, ())
            # Years of days take their time: the stream must not wait for it.
            bars, page = await asyncio.to_thread(parse_bars, _body(response), symbol)
            days.update((bar.day, bar) for bar in bars if first <= bar.day <= last)
            if not page:
                break
        actions = await self._actions(symbol, first, upto) if days else ()
        return History(symbol, tuple(days[day] for day in sorted(days)), actions)

    async def _last_sales(self, symbols: Sequence[Symbol]) -> Snapshot:
        response = await self._host.get(SNAPSHOTS, snapshots_query(symbols, tape=self._config.tape))
        if not _is_about_a_symbol(response):
            return parse_snapshots(_body(response), symbols, at=moment_now(self.surroundings))
        if len(symbols) == 1:
            return Snapshot((), {symbols[0]: UNKNOWN})
        # One symbol that Alpaca does not take has the whole question refused: the halves find it.
        half = len(symbols) // 2
        return _joined(await self._last_sales(symbols[:half]), await self._last_sales(symbols[half:]))

    async def _actions(self, symbol: Symbol, first: date, last: date) -> tuple[CorporateAction, ...]:
        found: list[CorporateAction] = []
        page = ""
        for _ in range(MOST_PAGES):
            response = await self._host.get(ACTIONS, actions_query(symbol, first=first, last=last, page=page))
            if _is_about_a_symbol(response):
                break
            actions, page = await asyncio.to_thread(parse_actions, _body(response), symbol, first=first, last=last)
            found += actions
            if not page:
                break
        return tuple(sorted(found, key=lambda action: action.ex_date))


def _joined(first: Snapshot, second: Snapshot) -> Snapshot:
    return Snapshot(first.quotes + second.quotes, {**first.refused, **second.refused}, first.failed | second.failed)


def _is_about_a_symbol(response: HttpResponse) -> bool:
    """Whether Alpaca refuses the question because of a symbol in it."""
    return response.status == 400 and b"symbol" in response.body.lower()


def _body(response: HttpResponse) -> bytes:
    if response.status != 200:
        shown = response.body[:80].decode(errors="replace")
        raise FeedDataError(f"Expected an answer of Alpaca's, was status {response.status}: {shown}")
    return response.body
