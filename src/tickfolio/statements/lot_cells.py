"""Lots in one cell of a file: ``2010-03-01T15:00:00Z 10 3500; 2011-03-01 5 2000``, or chosen ones: ``r1 10; r2 5``.

**Source**: docs/reference/file-format.md, section Lots in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue, TickfolioError
from tickfolio.statements.conventions import STATED
from tickfolio.statements.rows import EntryLot, shortened
from tickfolio.words import phrase

MAX_REFERENCE = 40
MAX_LOTS = 500
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,39}\Z")


def lots_text(lots: Iterable[EntryLot]) -> str:
    """The cell that says `lots`."""
    return "; ".join(_text(lot) for lot in lots)


def lots_from(text: str) -> tuple[EntryLot, ...]:
    """The lots that a cell says; decimals follow a point and days are written 2012-05-21, whatever the rest of the file does.

    Raises:
        InvalidValue: it says something else.

    >>> [str(lot.quantity) for lot in lots_from("r1 10; r2 2.5")]
    ['10', '2.5']
    """
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > MAX_LOTS:
        raise InvalidValue(
            phrase("Expected at most {max_lots} lots, were {parts:,}.", max_lots=MAX_LOTS, parts=len(parts))
        )
    lots = tuple(_lot(part.split(), part) for part in parts)
    if len({lot.reference == "" for lot in lots}) > 1:
        raise InvalidValue(phrase("Expected either lots that were chosen or lots with their day and cost, were both."))
    return lots


def reference_from(text: str) -> str:
    """The word by which other rows of the file name one.

    Raises:
        InvalidValue: it is none.
    """
    word = text.strip()
    if not _REFERENCE.match(word):
        raise InvalidValue(
            phrase(
                "Expected a reference of at most {max_reference} letters, digits and .:-_, was {word}.",
                max_reference=MAX_REFERENCE,
                word=repr(shortened(word)),
            )
        )
    return word


def _text(lot: EntryLot) -> str:
    if lot.acquired_at is None or lot.cost is None:
        return f"{lot.reference} {plain(lot.quantity)}"
    return f"{_moment_text(lot)} {plain(lot.quantity)} {plain(lot.cost)}"


def _moment_text(lot: EntryLot) -> str:
    at = lot.acquired_at
    assert at is not None
    return at.isoformat().replace("+00:00", "Z") if isinstance(at, datetime) else at.isoformat()


def _lot(words: list[str], part: str) -> EntryLot:
    try:
        match words:
            case [reference, quantity]:
                return EntryLot(STATED.number(quantity), reference=reference_from(reference))
            case [acquired_at, quantity, cost]:
                at = STATED.moment(acquired_at)
                return EntryLot(STATED.number(quantity), acquired_at=at, cost=STATED.number(cost))
    except TickfolioError as error:
        raise InvalidValue(f"Lots: {error}") from error
    raise InvalidValue(
        phrase(
            "Expected lots such as 2010-03-01 10 3500, or chosen ones such as r1 10, was {strip}.",
            strip=repr(shortened(part.strip())),
        )
    )
