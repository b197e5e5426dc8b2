"""How what runs in the background tells of a failure."""

from __future__ import annotations

from typing import Any

from tickfolio.errors import LeaseLost
from tickfolio.runtime.database_reach import is_out_of_reach


def is_foreseen(error: BaseException) -> bool:
    """Whether nothing is wrong here: the database is out of reach, or another process has taken the lease."""
    return is_out_of_reach(error) or isinstance(error, LeaseLost)


def in_one_line(error: object) -> str:
    """What an error says, however many lines it takes for it."""
    return " ".join(str(error).split())


def tell(log: Any, event: str, error: BaseException, **values: object) -> None:
    """One line of what is foreseen; of anything else an error, with the way to it. `Any`: a bound logger of structlog."""
    if is_foreseen(error):
        log.warning(event, reason=in_one_line(error), **values)
    else:
        log.error(event, exc_info=error, **values)
