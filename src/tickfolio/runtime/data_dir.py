"""Where an instance keeps its database and its secret."""

from __future__ import annotations

from pathlib import Path


def data_dir(chosen: str) -> Path:
    """The directory that `chosen` names, or its usual place where that is empty; absolute, links resolved.

    >>> str(data_dir("/srv/./tickfolio"))
    '/srv/tickfolio'
    """
    return Path(chosen or Path.home() / ".local" / "share" / "tickfolio").expanduser().resolve()
