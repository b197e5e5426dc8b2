"""Numbers in files: which mark separates decimals is found out from all of them, and never guessed at.

``1,234`` is a thousand to some and little more than one to others; one ``19.00`` elsewhere in the file decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum, auto

from tickfolio.domain.money import EXACT, MAX_QUANTITY_PLACES, decimal_places
from tickfolio.errors import InvalidNumber
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase

MINUS = "\N{MINUS SIGN}"
# They only ever group: spaces of several widths, and the apostrophes of Swiss amounts.
_GROUP_MARKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
_MOST_DIGITS = 30
_PLAIN = re.compile(rf"[+-]?[0-9]{{1,{_MOST_DIGITS}}}(?:\.[0-9]{{1,{MAX_QUANTITY_PLACES}}})?\Z")
_POWER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?[eE][+-]?[0-9]{1,2}\Z")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:#[0-9]{3})+\Z")


class Mark(Enum):
    """What a number says of the mark that separates decimals in its file."""

    POINT = auto()
    COMMA = auto()
    EITHER = auto()


def marks_in(cells: Iterable[str]) -> tuple[set[Mark], str]:
    """What the numbers of a file say of its decimal mark, and the first that may be read in two ways."""
    found: set[Mark] = set()
    example = ""
    for cell in set(cells):
        mark = mark_of(cell)
        if mark is Mark.EITHER and (not example or cell < example):
            example = cell
        if mark is not None:
            found.add(mark)
    return found, example


def mark_of(cell: str) -> Mark | None:
    """What one number says; None where it has no mark, or is no number.

    >>> mark_of("19.00"), mark_of("1.234,5"), mark_of("1,234,567"), mark_of("1,234"), mark_of("0,125")
    (<Mark.POINT: 1>, <Mark.COMMA: 2>, <Mark.POINT: 1>, <Mark.EITHER: 3>, <Mark.COMMA: 2>)
    """
    points, commas = cell.count("."), cell.count(",")
    if not points and not commas:
        return None
    body = cell.strip(" +-" + MINUS)
    last = "." if body.rfind(".") > body.rfind(",") else ","
    own, other = (Mark.POINT, Mark.COMMA) if last == "." else (Mark.COMMA, Mark.POINT)
    whole, _, fraction = body.rpartition(last)
    if not fraction.isdecimal():
        return None
    if points and commas:
        return own if body.count(last) == 1 else None
    if points + commas > 1:
        return other if _GROUPED.match(body.replace(last, "#")) else None
    if any(each in _GROUP_MARKS for each in whole):
        return own
    return Mark.EITHER if _GROUPED.match(f"{whole}#{fraction}") else own


def parse_number(text: str, *, mark: str) -> Decimal:
    """The number that `text` spells with `mark` before its decimals; groups of three may be marked.

    Raises:
        InvalidNumber: it is no number, or has more digits than one may have.

    >>> parse_number("1.234,50", mark=","), parse_number("-5", mark="."), parse_number("1E-7", mark=".")
    (Decimal('1234.50'), Decimal('-5'), Decimal('1E-7'))
    """
    if mark == "." and _PLAIN.match(text):
        return Decimal(text)
    spelt = text.strip().replace(MINUS, "-")
    if _POWER.match(spelt):
        if (mark == ",") == ("." in spelt) and ("." in spelt or "," in spelt):
            raise _no_number(text, mark)
        return bounded(Decimal(spelt.replace(",", ".")), text)
    sign, body = (spelt[0], spelt[1:].lstrip()) if spelt[:1] in ("-", "+") else ("", spelt)
    whole, _, fraction = body.partition(mark)
    digits = _ungrouped(whole, mark)
    if not (digits or fraction) or not (digits + fraction).isdecimal() or not (digits + fraction).isascii():
        raise _no_number(text, mark)
    if len(digits) > _MOST_DIGITS or len(fraction) > _MOST_DIGITS:
        raise _no_number(text, mark)
    return bounded(Decimal(f"{sign}{digits or '0'}.{fraction}" if fraction else f"{sign}{digits}"), text)


def bounded(number: Decimal, text: object) -> Decimal:
    """`number`, if it has at most 18 places and 30 digits before them: more than that is no amount.

    Raises:
        InvalidNumber: it has more, or is not finite.
    """
    if number.is_finite() and number.adjusted() < _MOST_DIGITS and decimal_places(number) <= MAX_QUANTITY_PLACES:
        return number
    kept = number.normalize(EXACT) if number.is_finite() and number.adjusted() < _MOST_DIGITS else number
    if kept.is_finite() and kept.adjusted() < _MOST_DIGITS and decimal_places(kept) <= MAX_QUANTITY_PLACES:
        return kept
    raise InvalidNumber(
        phrase(
            "Expected a number of at most {most_digits} digits and {max_quantity_places} places, was {text}.",
            most_digits=_MOST_DIGITS,
            max_quantity_places=MAX_QUANTITY_PLACES,
            text=shortened(str(text)),
        )
    )


def _ungrouped(whole: str, mark: str) -> str:
    """The digits of `whole`, whose groups must be of three and apart by one kind of mark; else what stands there."""
    if whole.isdecimal():
        return whole
    marks = {each for each in whole if not each.isdecimal()}
    if len(marks) != 1:
        return whole
    group = marks.pop()
    allowed = "," if mark == "." else "."
    if group not in _GROUP_MARKS + allowed or not _GROUPED.match(whole.replace(group, "#")):
        return whole
    return whole.replace(group, "")


def _no_number(text: str, mark: str) -> InvalidNumber:
    return InvalidNumber(
        phrase("Expected a number such as 1234{mark}56, was {text}.", mark=mark, text=repr(shortened(text)))
    )
