"""JSON as untrusted files have it: bounded, its numbers exact, and each element of a list with how it stood there.

Numbers become `Decimal`, never binary ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.errors import InvalidValue, StatementError, StatementTooLarge
from tickfolio.statements.rows import MAX_RAW, MAX_ROWS, shortened
from tickfolio.words import phrase

_MOST_VALUES = 1_000_000
_LONGEST_NUMBER = 60
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class NoNumber:
    """What stands for a number and is none, such as NaN, or one of more digits than an amount has."""

    text: str


type Json = str | Decimal | bool | NoNumber | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a list: its first line in the file, how it stands there, and what it says."""

    line: int
    raw: str
    value: Json


type Member = Json | tuple[Element, ...]


def members(text: str) -> Mapping[str, Member]:
    """The members of the object that `text` is; those that are lists as their elements.

    Raises:
        StatementError: it is no JSON, or no object.
        StatementTooLarge: it has more values, rows or levels than a file may have.
    """
    if sum(text.count(mark) for mark in ",[{") > _MOST_VALUES:
        raise StatementTooLarge(
            phrase("Expected at most {most_values:,} values, were more. Split the file.", most_values=_MOST_VALUES)
        )
    try:
        return _Document(text).members()
    except RecursionError as error:
        raise StatementTooLarge(
            phrase("Expected objects in lists, was a file of many levels within one another.")
        ) from error
    except json.JSONDecodeError as error:
        raise StatementError(
            phrase(
                "Expected a JSON object, was a file that cannot be read in line {lineno}, column {colno}: {msg}.",
                lineno=error.lineno,
                colno=error.colno,
                msg=error.msg,
            )
        ) from error


def listed(members: Mapping[str, Member], name: str) -> tuple[Element, ...]:
    """The elements of the member `name`; none where it is missing or null.

    Raises:
        StatementError: it is no list.
    """
    found = members.get(name)
    if found is None:
        return ()
    if not isinstance(found, tuple):
        raise StatementError(phrase("Expected a list of {name}, was {found}.", name=name, found=kind_of(found)))
    return found


def objects(elements: Sequence[Element]) -> list[dict[str, Json]]:
    """The elements that are objects."""
    return [element.value for element in elements if isinstance(element.value, dict)]


def row_object(element: Element, *, what: str) -> dict[str, Json]:
    """The object that a row is.

    Raises:
        StatementError: it is none, or longer than a row may be.
    """
    if len(element.raw) > MAX_RAW:
        raise StatementError(
            phrase("Expected {what} of at most {max_raw:,} characters, was a longer one.", what=what, max_raw=MAX_RAW)
        )
    if not isinstance(element.value, dict):
        raise StatementError(
            phrase("Expected {what} as an object, was {value}.", what=what, value=kind_of(element.value))
        )
    return element.value


def text_of(value: Json, *, name: str) -> str:
    """A member as text: a text trimmed, a number in its own digits, nothing as an empty text.

    Raises:
        InvalidValue: it is something else, or text that cannot be kept.
    """
    match value:
        case None:
            return ""
        case str():
            return kept_text(value).strip()
        case Decimal():
            return str(value)
        case _:
            raise InvalidValue(
                phrase("Expected text or a number as {name}, was {value}.", name=name, value=kind_of(value))
            )


def kept_text(text: str) -> str:
    """`text`, if a database can keep it.

    Raises:
        InvalidValue: it holds a NUL character or one half of a pair of surrogates.
    """
    if "\0" in text or (not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)):
        raise InvalidValue(phrase("Expected text, was one with a character that no text has."))
    return text


def kind_of(value: Member) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case list() | tuple():
            return "a list"
        case dict():
            return phrase("an object")
        case NoNumber(text):
            return shortened(text)
        case _:
            return shortened(repr(value) if isinstance(value, str) else str(value))


class _Document:
    """Walks through the outer object by itself, so that it knows where each element of a list stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._line = 1
        self._counted = 0
        self._decode = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=NoNumber).raw_decode

    def members(self) -> dict[str, Member]:
        """The members of the outer object."""
        found: dict[str, Member] = {}
        self._take("{")
        while not self._takes("}"):
            if found:
                self._take(",")
            name = self._value()
            if not isinstance(name, str):
                raise self._expected("a name")
            self._take(":")
            found[name] = self._elements() if self._peek() == "[" else self._value()
        if self._peek():
            raise self._expected(phrase("the end of the file"))
        return found

    def _elements(self) -> tuple[Element, ...]:
        elements: list[Element] = []
        self._take("[")
        while not self._takes("]"):
            if elements:
                self._take(",")
            if len(elements) == MAX_ROWS:
                raise StatementTooLarge(
                    phrase("Expected at most {max_rows:,} rows, were more. Split the file.", max_rows=MAX_ROWS)
                )
            self._peek()
            start = self._place
            self._line += self._text.count("\n", self._counted, start)
            self._counted = start
            value = self._value()
            elements.append(Element(self._line, self._text[start : self._place], value))
        return tuple(elements)

    def _value(self) -> Json:
        self._peek()
        value: Json
        value, self._place = self._decode(self._text, self._place)
        return value

    def _peek(self) -> str:
        """The next character that is no space; empty at the end."""
        space = _SPACE.match(self._text, self._place)
        assert space is not None
        self._place = space.end()
        return self._text[self._place : self._place + 1]

    def _takes(self, mark: str) -> bool:
        if self._peek() != mark:
            return False
        self._place += 1
        return True

    def _take(self, mark: str) -> None:
        if not self._takes(mark):
            raise self._expected(repr(mark))

    def _expected(self, what: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(phrase("expected {what}", what=what), self._text, self._place)


def _number(text: str) -> Decimal | NoNumber:
    return Decimal(text) if len(text) <= _LONGEST_NUMBER else NoNumber(text[:_LONGEST_NUMBER])
