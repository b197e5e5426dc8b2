"""A file that is made from the server's message types: written, or compared with what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_or_compare(wanted: str, target: Path, *, tool: str, arguments: Sequence[str]) -> int:
    """Writes `wanted`, or compares it with the file where `--check` is among `arguments`; the exit status.

    Args:
        tool: the module that does it, as it is named to who is to run it.
    """
    if "--check" not in arguments:
        target.write_text(wanted, encoding="utf-8")
        return 0
    if target.exists() and target.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{target.name} differs from the server's message types. Run: python -m {tool}")
    return 1
