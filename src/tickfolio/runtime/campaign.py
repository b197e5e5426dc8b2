"""Does what only one process may do: waits for the lease, works while it is held, and stops when another process takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import structlog
from django.db import DatabaseError

from tickfolio.errors import TickfolioError
from tickfolio.runtime.failures import in_one_line

LEASE_SECONDS = 6.0
"""After so long without a renewal another process may take over."""
RENEW_SECONDS = 1.5
TRY_SECONDS = 1.0
LONGEST_PAUSE = 10.0

log = structlog.get_logger(__name__)


class Term(Protocol):
    """The work of one holding of the lease."""

    async def start(self) -> None:
        """Begins to work."""
        ...

    async def stop(self) -> None:
        """Ends the work; also after a start that failed half way."""
        ...


@dataclass(frozen=True, slots=True)
class LeaseMemory:
    """A lease in the database. Each is called from a thread.

    Attributes:
        take: takes the lease with a token above the given one; the token, or None while another process has it.
        renew: keeps it, given the token; False where another process has taken it.
        release: gives it back.
    """

    take: Callable[[int], int | None]
    renew: Callable[[int], bool]
    release: Callable[[int], None]


async def nothing_above() -> int:
    """No token has been seen elsewhere than in the database."""
    return 0


class _Reach:
    """Says in the log once that the lease cannot be asked for, and once that it can again, however often it is tried."""

    is_lost = False

    def failed(self, error: Exception) -> None:
        """The database or the bus may be away. Anything else is a fault of ours, of which the way to it is told."""
        if not self.is_lost:
            self.is_lost = True
            is_away = isinstance(error, TickfolioError | DatabaseError | OSError)
            log.warning("lease.out_of_reach", reason=in_one_line(error), exc_info=not is_away)

    def worked(self) -> None:
        if self.is_lost:
            self.is_lost = False
            log.warning("lease.in_reach")


class Campaign:
    """Runs until it is cancelled or `stop` is called."""

    def __init__(
        self,
        memory: LeaseMemory,
        *,
        term_of: Callable[[int, Callable[[], None]], Term],
        newest_token: Callable[[], Awaitable[int]] = nothing_above,
        say: Callable[[str], None],
        renew_seconds: float = RENEW_SECONDS,
        try_seconds: float = TRY_SECONDS,
    ) -> None:
        """Takes what makes a term, given its token and what tells that it is over, and what tells people how it stands."""
        self._memory = memory
        self._term_of = term_of
        self._newest_token = newest_token
        self._say = say
        self._renew_seconds, self._try_seconds = renew_seconds, try_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lease")
        self._is_stopping = asyncio.Event()
        self._reach = _Reach()
        self.token: int | None = None
        """That of the lease while the work is done."""
        self.term: Term | None = None
        self.terms = 0
        """How many began."""

    def stop(self) -> None:
        """Ends the term in good order, and `run` with it."""
        self._is_stopping.set()

    async def run(self) -> None:
        """Waits, works, waits again."""
        is_waiting, pause = False, self._try_seconds
        while not self._is_stopping.is_set():
            token = await self._take()
            if token is not None:
                is_waiting = False
                pause = self._try_seconds if await self._work(token) else min(LONGEST_PAUSE, pause * 2)
            elif not (is_waiting or self._reach.is_lost):
                is_waiting = True
                self._say("waits: the lease is another process's")
            await self._rest(pause if token is not None else self._try_seconds)
        self._thread.shutdown(wait=True)

    async def _take(self) -> int | None:
        try:
            above = await self._newest_token()
            token = await self._in_thread(lambda: self._memory.take(above))
        except Exception as error:  # noqa: BLE001  # the database or the bus may be away; it is tried again
            self._reach.failed(error)
            return None
        self._reach.worked()
        return token

    async def _work(self, token: int) -> bool:
        """One term, until it is over; False where it could not begin."""
        is_over = asyncio.Event()
        term = self._term_of(token, is_over.set)
        renewing = asyncio.create_task(self._renew(token, is_over))
        try:
            try:
                await term.start()
            except Exception:  # whatever it is, another process may do better
                log.exception("term.not_begun", token=token)
                return False
            self.token, self.term, self.terms = token, term, self.terms + 1
            self._say(f"has the lease (token {token})")
            log.info("lease.taken", token=token)
            stopping = asyncio.create_task(self._is_stopping.wait())
            over = asyncio.create_task(is_over.wait())
            await asyncio.wait([stopping, over], return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            over.cancel()
            if is_over.is_set():
                self._say("has lost the lease")
                log.warning("lease.lost", token=token)
            return True
        finally:
            self.token = self.term = None
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            try:
                await term.stop()
            except Exception:  # what a half begun term leaves must not keep the next from beginning
                log.exception("term.not_ended", token=token)
            if not is_over.is_set():
                await self._release(token)

    async def _renew(self, token: int, is_over: asyncio.Event) -> None:
        """While the database does not answer, the work goes on: nobody else can take the lease then, and the token guards."""
        while not is_over.is_set():
            await asyncio.sleep(self._renew_seconds)
            try:
                if not await self._in_thread(lambda: self._memory.renew(token)):
                    is_over.set()
                self._reach.worked()
            except Exception as error:  # noqa: BLE001  # tried again
                self._reach.failed(error)

    async def _release(self, token: int) -> None:
        try:
            await self._in_thread(lambda: self._memory.release(token))
        except Exception:  # it is over by itself within seconds
            log.exception("lease.not_released", token=token)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._is_stopping.wait()
        except TimeoutError:
            return

    async def _in_thread[T](self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)
