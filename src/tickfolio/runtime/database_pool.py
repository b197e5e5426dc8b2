"""How the pool of connections to PostgreSQL does; SQLite has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

TOLD = ("pool_size", "pool_available", "requests_waiting", "requests_num", "requests_wait_ms", "requests_errors")
"""Of what the pool counts, those that are told: connections, those free, and who had to wait for one.

**Source**: psycopg_pool, Pool stats.
"""


def pool_stats() -> Mapping[str, int]:
    """The pool of this process by what is counted; empty where there is none, or it has not been used."""
    # `Any`: only PostgreSQL's wrapper has a pool, and only where the settings ask for one.
    pool: Any = getattr(connection, "pool", None)
    counted = {} if pool is None else pool.get_stats()
    return {name: int(counted.get(name, 0)) for name in TOLD} if pool is not None else {}
