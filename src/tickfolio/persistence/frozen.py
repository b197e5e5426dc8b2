"""What a process that is frozen within a transaction must not do: keep others waiting for what it has locked."""

from __future__ import annotations

from django.db import connection

FROZEN_SECONDS = 5
"""After which PostgreSQL ends a transaction that does nothing."""


def end_if_frozen() -> None:
    """Within a transaction: it ends where this process says nothing for a while. SQLite serves one machine and has no such end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [f"{FROZEN_SECONDS}s"])
