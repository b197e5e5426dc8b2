"""Lines of CSV that a spreadsheet may open: a cell that it would take for a formula is text.

**Source**: RFC 4180; docs/reference/file-format.md, section CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# What a spreadsheet takes for a formula, wherever spaces stand before it; and the apostrophe, so that it can be undone.
_FORMULA = re.compile(r" *[=+\-@\t\r\n'＝＋－＠]")


def escaped(text: str) -> str:
    """`text` as a spreadsheet takes it for text: an apostrophe before what could be a formula, or begins with one.

    >>> escaped("=1+1"), escaped("'tis"), escaped("plain")
    ("'=1+1", "''tis", 'plain')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(cell: str) -> str:
    """What `escaped` was given.

    >>> unescaped("'=1+1"), unescaped("''tis"), unescaped("'tis")
    ('=1+1', "'tis", "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def line_of(cells: Iterable[str]) -> str:
    """A line with these cells, its end included; the cells are escaped already where they must be."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
