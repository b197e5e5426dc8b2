"""What Django opens connections by."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from tickfolio.runtime.database_reach import REACH

WAIT_SECONDS = 10.0
"""So long somebody waits while all connections of the pool are in use."""


class DatabaseWrapper(base.DatabaseWrapper):
    """`Any`: Django's own types of connections and their options."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One of the pool; raises `psycopg.OperationalError` with the server's own reason.

        At once where the server is known to be out of reach, and after the pool's `timeout` where that is found out.
        """
        pool: Any = self.pool
        if pool is None:
            return super().get_new_connection(conn_params)
        if pool.closed:
            # A pool tries for seconds and keeps the reason to itself; whoever starts with a wrong address wants it now.
            pool.connection_class.connect(**pool.kwargs).close()
        since = time.monotonic()
        while True:
            self._refuse_at_once(pool)
            try:
                return super().get_new_connection(conn_params)
            except PoolTimeout:
                if not REACH.got_none(lambda: _try(pool)) and time.monotonic() - since >= WAIT_SECONDS:
                    raise

    def _refuse_at_once(self, pool: Any) -> None:
        """A server that has no room for another connection still answers over those that are free."""
        if REACH.lost is not None and not pool.get_stats()["pool_available"]:
            raise psycopg.OperationalError(REACH.lost)


def _try(pool: Any) -> None:
    """Sorts out those of the pool that are of no use any more, and makes one beside them."""
    with contextlib.suppress(psycopg.Error):
        pool.check()
        pool.connection_class.connect(**pool.kwargs).close()
