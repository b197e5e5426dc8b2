"""Asks the process that reads the feeds what a symbol is; the answer comes over the bus."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

import structlog

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import FeedError, FeedUnavailable
from tickfolio.live.bus.port import Answered, Asked, QuestionKind
from tickfolio.live.engine import Engine
from tickfolio.live.wire.vocabulary import ErrorCode
from tickfolio.runtime.remote_market import RemoteMarket

SECONDS_TO_ANSWER = 20.0
"""Longer than the feeds may take: theirs is the better word on what was wrong."""
MOST_QUESTIONS = 120

log = structlog.get_logger(__name__)


class RemoteDesk:
    """One for a running engine; it is the engine's `InstrumentSource`."""

    def __init__(
        self, market: RemoteMarket, *, publish: Callable[[Asked], None], seconds: float = SECONDS_TO_ANSWER
    ) -> None:
        self._market = market
        self._publish = publish
        self._seconds = seconds
        self._engine: Engine | None = None
        self._waiting: dict[str, asyncio.Future[Answered]] = {}
        self._answers: set[asyncio.Task[None]] = set()

    def attach(self, engine: Engine) -> None:
        """From now on found instruments become rows of `engine`."""
        self._engine = engine

    async def stop(self) -> None:
        """Ends what is waited for."""
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)
        for waiting in self._waiting.values():
            waiting.cancel()

    def seek(self, symbol: Symbol) -> None:
        """Asks, and tells the hub what came of it."""
        self._answers.add(task := asyncio.create_task(self._seek(symbol)))
        task.add_done_callback(self._answers.discard)

    async def find(self, symbol: Symbol) -> Instrument | None:
        """What `symbol` is, registered and watchable by then. Raises `FeedUnavailable` where nobody could say in time."""
        found = await self._first(QuestionKind.FIND, symbol)
        if found is not None:
            self.show(found)
        return found

    async def describe(self, symbol: Symbol) -> Instrument | None:
        """What `symbol` is, without writing it down. Raises as `find`."""
        return await self._first(QuestionKind.DESCRIBE, symbol)

    async def search(self, text: str) -> tuple[Instrument, ...]:
        """What the feeds find, the best first. Raises as `find`."""
        return (await self._ask(QuestionKind.SEARCH, text)).instruments

    def show(self, instrument: Instrument) -> None:
        """An instrument is new, or is another one than before."""
        for changed in self._market.learn([instrument]):
            if self._engine is not None:
                self._engine.add_instrument(changed)

    def take(self, answer: Answered) -> None:
        """An answer came; it may be one to another process."""
        waiting = self._waiting.get(answer.question)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def _seek(self, symbol: Symbol) -> None:
        refusal: ErrorCode | None = "feed_unavailable"
        try:
            found = await self.find(symbol)
            refusal = None if found is not None and found.symbol == symbol else "unknown_symbol"
        except FeedError as error:
            log.info("instrument.not_found_out", symbol=symbol, reason=str(error))
        except Exception:  # whoever waits must be answered, whatever went wrong
            log.exception("instrument.search_failed", symbol=symbol)
        if self._engine is not None:
            self._engine.hub.instrument_answered(symbol, refusal)

    async def _first(self, kind: QuestionKind, symbol: Symbol) -> Instrument | None:
        answer = await self._ask(kind, symbol)
        return answer.instruments[0] if answer.instruments else None

    async def _ask(self, kind: QuestionKind, text: str) -> Answered:
        if len(self._waiting) >= MOST_QUESTIONS:
            raise FeedUnavailable(f"No feed could say what {text} is: too much is asked for at once.")
        question = secrets.token_hex(8)
        waiting: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting[question] = waiting
        try:
            self._publish(Asked(question, kind, text))
            async with asyncio.timeout(self._seconds):
                answer = await waiting
        except TimeoutError:
            raise FeedUnavailable(
                f"No process that reads the feeds said in time what {text} is. Is `tickfolio feeds` running?"
            ) from None
        finally:
            del self._waiting[question]
        if answer.failure:
            raise FeedUnavailable(answer.failure)
        return answer
