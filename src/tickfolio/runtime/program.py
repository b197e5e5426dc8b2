"""How this very program is called, for those who are told to call it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path


def program_words() -> list[str]:
    """The words that begin a command of this installation, whatever the PATH of who types it."""
    started = Path(sys.argv[0])
    if started.name == "tickfolio":
        return [str(started.absolute())]
    return [sys.executable, "-m", "tickfolio"]


def command_text(*words: str, data: Path) -> str:
    """A command for a shell that asks this installation about the instance in `data`."""
    return shlex.join([*program_words(), *words, "--data", str(data)])
