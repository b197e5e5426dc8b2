"""Whether a block wrote to the database at all: what only read has changed nothing, and need not be looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

READING = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\b")
"""How statements begin that change no row. Whatever begins otherwise may change one."""


@dataclass(slots=True)
class Writes:
    """What was heard so far."""

    are_any: bool = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:  # as Django calls it
        """Lets a statement pass, and notes whether it may write."""
        self.are_any |= READING.match(sql) is None
        return execute(sql, params, many, context)


@contextmanager
def heard_writes() -> Iterator[Writes]:
    """Listens while the block runs."""
    writes = Writes()
    with connection.execute_wrapper(writes):
        yield writes
