"""A connection to PostgreSQL that gives up where nobody is at the other end any more, although nobody closed it.

A firewall that forgot the connection, a pooler or a server that is frozen: TCP acknowledges what is sent, or sends it again for
a quarter of an hour, and a thread would wait for an answer until then. How long a statement takes says nothing, so after some
seconds of silence the server is asked over a second connection whether it is still at it.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from tickfolio.runtime.database_reach import REACH

SILENCE_SECONDS = 5.0
"""After so long without a sign of life the server is asked, and again after each such time."""
CHECK_SECONDS = 1.5
"""A connection that has waited in the pool answers at once, or is of no use."""
CONNECT_SECONDS = 3
LOST_AFTER_SECONDS = 60.0
"""A pooler between gives numbers of its own, by which the server knows nobody; a server may be set to tell nothing, or have no room
for one who asks. Then only the time tells."""
REFUSED = "FATAL:"
"""What libpq's message has where a server was there to say no, which has no code of its own so early."""
OPTIONS = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""What the system's network tells by itself, where it does."""
POOL: dict[str, Any] = {"min_size": 1, "max_size": 10, "timeout": 2, "reconnect_timeout": 2}
"""Who has waited for the timeout asks whether the server is there at all.

A pool that is back within seconds when the server is: by its default it would try at growing distances for five minutes,
and serve nobody meanwhile. `Any`: options of different types."""
_WORK = "SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = %s"


class HeardConnection(psycopg.Connection[Any]):
    """`Any`: rows have no type of their own in Django's backend either."""

    _patience = SILENCE_SECONDS
    _asks = True

    @classmethod
    def connect(cls, *args: Any, **kwargs: Any) -> HeardConnection:
        """As psycopg's; all of the process hear what came of it.

        `Any`: whatever psycopg connects by.
        """
        try:
            made = super().connect(*args, **kwargs)
        except psycopg.Error as error:
            REACH.failed(str(error).partition("\n")[0])
            raise
        REACH.connected()
        return made

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """As psycopg's; raises `psycopg.OperationalError` where the server is gone.

        `Any`: whatever psycopg waits for.
        """
        return super().wait(self._while_heard(gen), *args, **kwargs)

    def check(self) -> None:
        """Raises `psycopg.OperationalError` where it does not answer at once."""
        self._patience, self._asks = CHECK_SECONDS, False
        try:
            ConnectionPool.check_connection(self)
        finally:
            del self._patience, self._asks

    def _while_heard(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """`gen`, looked after: psycopg comes by ten times a second, also where there is nothing to read."""
        began = heard_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now = time.monotonic()
                if ready:
                    heard_at = now
                elif now - heard_at >= self._patience:
                    if not (self._asks and self._is_at_work(now - began)):
                        ready = yield wanted  # it may have answered while the server was asked
                        if not ready:
                            self._give_up(now - heard_at)
                    heard_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _is_at_work(self, seconds: float) -> bool:
        """Whether the server is there and still does what it was asked `seconds` ago."""
        address = make_conninfo(self.info.dsn, password=self.info.password, connect_timeout=CONNECT_SECONDS)
        try:
            with HeardConnection.connect(address, autocommit=True) as other:
                other._asks = False
                row = other.execute(_WORK, [self.info.backend_pid]).fetchone()
        except psycopg.Error as error:
            return REFUSED in str(error) and seconds < LOST_AFTER_SECONDS
        state, waits_for = row or (None, None)
        if state in (None, "disabled"):
            return seconds < LOST_AFTER_SECONDS
        # Between two statements, in a transaction that failed or not; or in the middle of one, and waiting for this side, which has
        # said all and reads all: in each case what one of them said was lost.
        return not state.startswith("idle") and waits_for != "Client"

    def _give_up(self, seconds: float) -> None:
        self.pgconn.finish()
        pool = getattr(self, "_pool", None)  # it has none of its own before it was in one
        if pool is not None:  # the others are of the same network
            pool.drain()
        raise psycopg.OperationalError(f"nothing was heard of the database for {seconds:.0f} s")


def checked(connection: HeardConnection) -> None:
    """What the pool asks of a connection before it gives it away."""
    connection.check()
