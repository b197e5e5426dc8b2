"""A network between a client and a server that can become half-open: it takes what is sent and passes nothing on.

No connection is closed for it, so neither side is told anything: what a machine that lost its power, or a firewall that forgot
a connection, looks like from afar. A proxy cannot keep the kernel from acknowledging what it swallows, so this is the harder
case: keepalives and time-outs of TCP notice nothing of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

CHUNK = 65_536
BACKLOG = 256


class SwallowingProxy:
    """Listens on a port of its own and passes everything on to `target`, a port on loopback, until `swallow` is called."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.swallowed_bytes = 0
        self._is_swallowing = False
        self._dead: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="swallowing proxy", daemon=True)

    @property
    def connections(self) -> int:
        """How many connections of clients are open, those included from which nothing comes any more."""
        return len(self._tasks)

    def start(self) -> None:
        """Begins to listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(60)

    def swallow(self) -> None:
        """From now on nothing gets through, neither on open connections nor on new ones; and nobody is told."""
        self._on_loop(self._become_half_open)

    def heal(self) -> None:
        """New connections get through again; those that were half-open stay so for ever, as the other side forgot them."""
        self._on_loop(self._let_through)

    def stop(self) -> None:
        """Ends it with all connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    # ---------- On the loop ----------

    def _on_loop(self, call: object) -> None:
        async def run() -> None:
            assert callable(call)
            call()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(60)

    def _become_half_open(self) -> None:
        self._is_swallowing = True
        self._dead |= self._writers

    def _let_through(self) -> None:
        self._is_swallowing = False

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0, backlog=BACKLOG)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(task := asyncio.create_task(self._serve(reader, writer)))
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ours = [writer]
        try:
            self._writers.add(writer)
            if self._is_swallowing:
                self._dead.add(writer)
                await self._pass_on(reader, writer)  # never to anybody: it is dead from its first byte on
                return
            with contextlib.suppress(OSError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
                ours.append(far_writer)
                self._writers.add(far_writer)
                if writer in self._dead:
                    self._dead.add(far_writer)
                there = asyncio.create_task(self._pass_on(reader, far_writer))
                back = asyncio.create_task(self._pass_on(far_reader, writer))
                try:
                    await asyncio.gather(there, back)
                finally:
                    there.cancel()
                    back.cancel()
        finally:
            for each in ours:
                self._writers.discard(each)
                self._dead.discard(each)
                each.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What comes, until one side ends. The end of a connection that is half-open is swallowed like everything else."""
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if writer in self._dead:
                    self.swallowed_bytes += len(data)
                    continue
                writer.write(data)
                await writer.drain()
            if writer not in self._dead:
                writer.write_eof()
        if writer in self._dead:
            await asyncio.Event().wait()


@contextlib.contextmanager
def swallowing_proxy(target: int) -> Iterator[SwallowingProxy]:
    """A proxy before a port on loopback, gone at the end."""
    proxy = SwallowingProxy(target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
