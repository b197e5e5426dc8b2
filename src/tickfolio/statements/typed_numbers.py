"""Numbers as people type them: with a point or a comma, grouped or not, by the notation of who types.

The twin in TypeScript is frontend/src/lib/typed_number.ts; both read tests/contract/typed_numbers.json.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from tickfolio.errors import InvalidNumber
from tickfolio.statements.decimals import MINUS
from tickfolio.words import phrase

type DecimalMark = Literal[".", ","]

MOST_DIGITS = 30
# Spaces of several widths, and the apostrophes of Swiss amounts: they only ever group.
GROUP_MARKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
_BODY = re.compile(rf"[0-9.,{GROUP_MARKS}]+\Z")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:#[0-9]{3})+\Z")


def parse_typed(text: str, *, mark: DecimalMark) -> Decimal:
    """The number that `text` means to someone whose decimals are separated by `mark`.

    The notation of the person decides what might be two numbers: ``1.000`` is a thousand to who writes 12,5, and one
    to who writes 12.5.

    Raises:
        InvalidNumber: `text` is no number.

    >>> parse_typed("1.234,56", mark="."), parse_typed("1'234.5", mark=","), parse_typed("0,5", mark=".")
    (Decimal('1234.56'), Decimal('1234.5'), Decimal('0.5'))
    >>> parse_typed("1.000", mark=","), parse_typed("1.000", mark=".")
    (Decimal('1000'), Decimal('1.000'))
    """
    trimmed = text.strip().replace(MINUS, "-")
    sign, body = (trimmed[0], trimmed[1:]) if trimmed[:1] in ("-", "+") else ("", trimmed)
    if not _BODY.match(body):
        raise _no_number(text, mark=mark)
    whole, fraction = _parted(body, mark=mark, text=text)
    digits = _ungrouped(whole)
    if digits is None or not (digits + fraction).isdigit() or max(len(digits), len(fraction)) > MOST_DIGITS:
        raise _no_number(text, mark=mark)
    number = Decimal(f"{digits or '0'}.{fraction}" if fraction else digits)
    # Not `-number`: that would round to the digits of the context in force.
    return number.copy_negate() if sign == "-" and number else number


def typed_text(number: Decimal | None, *, mark: DecimalMark) -> str:
    """`number` as it stands in a field to be edited: no groups, all its places, and read back as the same number.

    >>> typed_text(Decimal("1234.50"), mark=","), typed_text(None, mark=".")
    ('1234,50', '')
    """
    return "" if number is None else f"{number:f}".replace(".", mark)


def _parted(body: str, *, mark: DecimalMark, text: str) -> tuple[str, str]:
    """What stands before the decimals, and the decimals."""
    points, commas = body.count("."), body.count(",")
    if points + commas == 0:
        return body, ""
    last = "." if body.rfind(".") > body.rfind(",") else ","
    whole, _, fraction = body.rpartition(last)
    if points and commas:
        if body.count(last) > 1:
            raise _no_number(text, mark=mark)
        return whole, fraction
    if points + commas > 1:
        return body, ""
    if last != mark and _GROUPED.match(f"{whole}#{fraction}"):
        return body, ""
    return whole, fraction


def _ungrouped(whole: str) -> str | None:
    """The digits of `whole`, whose groups must be of three and apart by one kind of mark; None where they are not."""
    marks = {each for each in whole if not each.isdigit()}
    if not marks:
        return whole
    if len(marks) > 1 or not _GROUPED.match(whole.replace(mark := marks.pop(), "#")):
        return None
    return whole.replace(mark, "")


def _no_number(text: str, *, mark: DecimalMark) -> InvalidNumber:
    return InvalidNumber(
        phrase("Expected a number such as 1234{mark}56, was {strip}.", mark=mark, strip=text.strip()[:40])
    )
