"""Where the database is, as Django's settings have it, from a URL in the environment.

`Any`: what Django's dictionary of a database holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database(name: str, url: str, *, default: Path, pools: bool) -> dict[str, Any]:
    """``postgres://user:password@host:port/name?option=value``, or an SQLite file at `default` where it is unset."""
    return postgresql_database(name, url, pools=pools) if url else sqlite_database(default)


def postgresql_database(name: str, url: str, *, pools: bool) -> dict[str, Any]:
    """PostgreSQL at `url`, whose query holds connection options such as ``sslmode``.

    Where it `pools`, connections are kept for the next one, and watched over.

    Raises:
        ImproperlyConfigured: it is no such URL. The message names the variable and repeats nothing of its value.
    """
    expected = f"{name}: expected postgres://user:password@host:port/name"
    try:
        parts = urlsplit(url)
        port = parts.port
        options: dict[str, Any] = dict(
            parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
        )
    except ValueError:
        # Not chained: the cause may repeat a part of the password.
        raise ImproperlyConfigured(
            f"{expected}, was one that cannot be read. The port is a number up to 65535, options are name=value, "
            "and in the user and the password : / ? # [ ] @ % are written as %3A %2F %3F %23 %5B %5D %40 %25."
        ) from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{expected}, was one that does not begin with postgres://.")
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{expected}, was one without the name of a database.")
    engine = "django.db.backends.postgresql"
    if pools:
        # Imported where there is a PostgreSQL only: its library takes a while.
        from tickfolio.runtime import heard_connection

        pool = {**heard_connection.POOL, "connection_class": heard_connection.HeardConnection}
        options = {**heard_connection.OPTIONS, **options, "pool": {**pool, "check": heard_connection.checked}}
        engine = "tickfolio.runtime.heard_postgresql"
    return {
        "ENGINE": engine,
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 0,
        # A connection that the server has closed meanwhile, as a restart of it does, is noticed before it is used.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite_database(path: Path) -> dict[str, Any]:
    """SQLite with a write-ahead log; a writer takes its lock at BEGIN, so two writers wait and never fail half-way."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        # A test database is a file as well: threads share it as they do in the product.
        "TEST": {"NAME": path.with_name("test.sqlite3")},
    }
