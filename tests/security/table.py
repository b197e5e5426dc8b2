"""The matrix as a table to read: printed with `pytest -s`, and written to test-output/."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.security.address_matrix import Row
from tests.security.world import Who

FOLDER = Path(__file__).parents[2] / "test-output"


def table(rows: Iterable[Row]) -> str:
    """One line a row: what is asked, the least that the rule wants, and what everybody got."""
    lines = [(row.what, row.least, *(row.outcomes.get(who, "") for who in Who)) for row in rows]
    heading = ("", "rule", *(who.value for who in Who))
    widths = [max(len(str(line[column])) for line in [heading, *lines]) for column in range(len(heading))]
    return "\n".join(
        "  ".join(str(cell).ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [heading, *lines]
    )


def show(name: str, rows: Iterable[Row]) -> None:
    """Prints the table and keeps it."""
    text = table(rows)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    print(f"\n{text}")  # noqa: T201  # it is what was asked for
