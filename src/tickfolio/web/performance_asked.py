"""What the address of the performance page asks for: of what cannot be shown only that is left out which is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from tickfolio.domain.calendars import parse_day
from tickfolio.domain.performance.spans import SpanName
from tickfolio.errors import InvalidValue
from tickfolio.services.performance import Asked, PartBy, Performance, Scope
from tickfolio.words import phrase

_CHARACTERS_SHOWN = 40


class Choice(Enum):
    """What can be chosen, by its names in the address; in the order in which it is left out where it cannot be shown."""

    AGAINST = ("against",)
    DAYS = ("from", "to", "span")
    PART = ("of",)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown.

    Attributes:
        found: None before the first transaction.
        problem: why not all of what was asked for is shown; empty where it is.
        left_out: what is not.
        first, last: the days for the form, as they were typed where they are left out; empty where they are no days.
    """

    found: Performance | None
    asked: Asked
    problem: str
    left_out: tuple[Choice, ...]
    first: str
    last: str

    @property
    def instead(self) -> str:
        """What stands there instead of what was left out."""
        own = phrase("the year to date") if Choice.DAYS in self.left_out else ""
        if Choice.PART in self.left_out:
            own = phrase("{own} of the whole portfolio", own=own) if own else phrase("the whole portfolio")
        if Choice.AGAINST not in self.left_out:
            return own
        benchmark = None if self.found is None else self.found.benchmark
        beside = (
            phrase("without a benchmark") if benchmark is None else phrase("beside {symbol}", symbol=benchmark.symbol)
        )
        return f"{own}, {beside}" if own else beside

    @property
    def field(self) -> str:
        """The field of the form where the first of it is chosen."""
        return next((choice.value[0] for choice in self.left_out), "")


def shown(query: Mapping[str, str], *, usual: str, look: Callable[[Asked], Performance | None]) -> Shown:
    """What `look` finds of what is asked for, or of as much of it as there is."""
    problem = ""
    for left_out in _fewest_first([choice for choice in Choice if any(name in query for name in choice.value)]):
        names = {name for choice in left_out for name in choice.value}
        try:
            asked = _asked({name: text for name, text in query.items() if name not in names}, usual=usual)
            found = look(asked)
        except InvalidValue as invalid:
            problem = problem or str(invalid)
            continue
        first, last = _days(query, found, are_left_out=Choice.DAYS in left_out)
        return Shown(found, asked, problem, left_out, first, last)
    raise InvalidValue(problem)


def _fewest_first(choices: list[Choice]) -> Iterator[tuple[Choice, ...]]:
    for count in range(len(choices) + 1):
        yield from combinations(choices, count)


def _asked(query: Mapping[str, str], *, usual: str) -> Asked:
    name = query.get("span", "").strip().lower()
    if name and name not in {each.value for each in SpanName}:
        names = ", ".join(SpanName)
        raise InvalidValue(
            phrase("Expected a span such as {names}, was {name}.", names=names, name=repr(name[:_CHARACTERS_SHOWN]))
        )
    first, last = query.get("from", "").strip(), query.get("to", "").strip()
    if bool(first) is not bool(last):
        raise InvalidValue(phrase("Expected the first and the last day of a span, was only one of them."))
    by = query.get("by", PartBy.HOLDING.value)
    return Asked(
        name=SpanName(name) if name else SpanName.YEAR_TO_DATE,
        first=parse_day(first) if first else None,
        last=parse_day(last) if last else None,
        scope=_scope(query.get("of", "").strip()),
        by=PartBy(by) if by in {each.value for each in PartBy} else PartBy.HOLDING,
        against=query.get("against", usual).strip().upper(),
        usual=usual,
    )


def _scope(typed: str) -> Scope:
    if not typed:
        return Scope()
    by, colon, key = typed.partition(":")
    if not colon or by not in {each.value for each in PartBy}:
        raise InvalidValue(
            phrase("Expected a part such as holding:AAPL, was {typed}.", typed=repr(typed[:_CHARACTERS_SHOWN]))
        )
    return Scope(PartBy(by), key)


def _days(query: Mapping[str, str], found: Performance | None, *, are_left_out: bool) -> tuple[str, str]:
    if are_left_out and (query.get("from") or query.get("to")):
        return _day(query.get("from", "")), _day(query.get("to", ""))
    return ("", "") if found is None else (found.span.first.isoformat(), found.span.last.isoformat())


def _day(typed: str) -> str:
    """A field of a day takes no other text."""
    try:
        return parse_day(typed.strip()).isoformat()
    except InvalidValue:
        return ""
