"""Tables in text: cells between separators, a heading, and each row as it stood in the file.

A cell may stand in quotes and then hold separators, quotes (doubled) and line ends. A row that breaks these rules is told
of and costs nothing but itself.

**Source**: RFC 4180, and what spreadsheets really write.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tickfolio.errors import StatementError, StatementTooLarge, UnknownStatement
from tickfolio.statements.rows import MAX_RAW, MAX_ROWS, shortened
from tickfolio.words import marked_phrase, phrase

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MAX_COLUMNS = 200
_MOST_LINES = 20 * MAX_ROWS
_MOST_LINES_A_ROW = 1000
_UNCLOSED = marked_phrase("Expected cells between separators, was a quote that is not closed or not doubled.")


@dataclass(frozen=True, slots=True)
class Record:
    """A row as it stood: its first line from 1, its text, its cells; without cells `trouble` says why."""

    line: int
    raw: str
    cells: Sequence[str]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and the rows below it."""

    separator: str
    heading: tuple[str, ...]
    records: tuple[Record, ...]


def read_table(text: str, *, separator: str | None, is_known: Callable[[str], bool]) -> Table:
    """The table in `text`. Without a `separator` it is the one that gives the most known names in the heading.

    A first line ``sep=;``, which some spreadsheets write, states it too.

    Raises:
        UnknownStatement: no line could be its heading.
        StatementTooLarge: it has more columns or rows than a table may have.
    """
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise StatementTooLarge(
            phrase("Expected at most {most_lines:,} lines, were more. Split the file.", most_lines=_MOST_LINES)
        )
    lines = io.StringIO(text, newline="").readlines()
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    stated = lines[start].strip()
    if len(stated) == 5 and stated[:4].lower() == "sep=" and stated[4] in SEPARATORS:
        separator, start = separator or stated[4], start + 1
    if start >= len(lines):
        raise UnknownStatement(phrase("Expected a heading that names the columns, was a file without one."))
    if len(lines[start]) > MAX_RAW:
        raise StatementTooLarge(
            phrase("Expected a heading of at most {max_raw:,} characters, was a longer one.", max_raw=MAX_RAW)
        )
    separator = separator or _separator(lines[start], is_known=is_known)
    source = _Source(lines, start, separator)
    first = next(source.records(), None)
    heading = tuple(name.strip() for name in first.cells) if first else ()
    if first is None or not any(heading):
        raise UnknownStatement(
            phrase("Expected a heading that names the columns, was {lines}.", lines=repr(shortened(lines[start])))
        )
    if len(heading) > MAX_COLUMNS:
        raise StatementTooLarge(
            phrase(
                "Expected at most {max_columns} columns, were {heading:,}.",
                max_columns=MAX_COLUMNS,
                heading=len(heading),
            )
        )
    return Table(separator, heading, tuple(_fitting(source.records(width=len(heading)), width=len(heading))))


def _separator(line: str, *, is_known: Callable[[str], bool]) -> str:
    """The separator by which most names of the heading are known; the first of them where several are as good."""
    return max(SEPARATORS, key=lambda each: sum(is_known(name.strip(' "\r\n')) for name in line.split(each)))


def _fitting(records: Iterator[Record], *, width: int) -> Iterator[Record]:
    """The records, those with another number of cells than the heading marked; empty cells at the end do not count."""
    for count, record in enumerate(records):
        if count == MAX_ROWS:
            raise StatementTooLarge(
                phrase("Expected at most {max_rows:,} rows, were more. Split the file.", max_rows=MAX_ROWS)
            )
        cells = record.cells
        if record.trouble or len(cells) == width:
            yield record
        elif len(cells) > width and not any(cells[width:]):
            yield Record(record.line, record.raw, cells[:width])
        else:
            trouble = phrase("Expected {width} cells as in the heading, were {cells}.", width=width, cells=len(cells))
            yield Record(record.line, record.raw, (), trouble)


class _Unclosed(StatementError):
    """A row that goes on for longer than one can."""


class _Source:
    """Takes records from lines; it is itself what the reader of cells asks for its next line.

    A quote that is never closed would swallow the rows below it. A record of several lines is therefore tried, and where
    it cannot be right its first line alone is the bad row, and the next line begins anew. What has been tried in vain is
    counted: once that is more than the file is long, no further row of several lines is believed.
    """

    def __init__(self, lines: Sequence[str], start: int, separator: str) -> None:
        self._lines = lines
        self._separator = separator
        self._start = start
        self._next = start
        self._patience = sum(map(len, lines))

    def records(self, *, width: int | None = None) -> Iterator[Record]:
        """The records from here on, empty lines left out; one of several lines must have `width` cells."""
        while self._next < len(self._lines):
            yield from self._well_formed(width)
            if self._start < len(self._lines):
                self._patience -= sum(map(len, self._lines[self._start : self._next]))
                raw = self._lines[self._start]
                self._next = self._start = self._start + 1
                yield Record(self._start, raw[:MAX_RAW].rstrip("\r\n"), (), _UNCLOSED)

    def _well_formed(self, width: int | None) -> Iterator[Record]:
        """The records up to the end, or up to the first that cannot be read: it begins at `_start`."""
        self._next = self._start
        reader = csv.reader(self, delimiter=self._separator, strict=True)
        while True:
            try:
                cells = next(reader)
            except (StopIteration, csv.Error, _Unclosed):
                return
            first, past = self._start, self._next
            if past - first > 1 and width is not None and len(cells) != width:
                return
            self._start = past
            raw = self._lines[first] if past - first == 1 else "".join(self._lines[first:past])
            if len(raw) > MAX_RAW:
                yield Record(
                    first + 1,
                    raw[:MAX_RAW],
                    (),
                    phrase("Expected at most {max_raw:,} characters, was a longer row.", max_raw=MAX_RAW),
                )
            elif any(cells):
                yield Record(first + 1, raw.rstrip("\r\n"), cells)

    def __iter__(self) -> _Source:
        return self

    def __next__(self) -> str:
        if self._next >= len(self._lines):
            raise StopIteration
        if self._next - self._start >= (_MOST_LINES_A_ROW if self._patience > 0 else 1):
            raise _Unclosed(_UNCLOSED)
        self._next += 1
        return self._lines[self._next - 1]
