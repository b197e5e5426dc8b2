"""What benchmarks measure, and how it stands against the goals."""

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOALS = Path(__file__).with_name("goals.json")
OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
HEADINGS = ("figure", "value", "unit", "peer", "goal", "met")


@dataclass(frozen=True, slots=True)
class Peer:
    """The same quantity of another program, measured in the same run."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured quantity. Its id is the benchmark's name and its own, such as `fanout.p99`."""

    id: str
    value: float
    unit: str
    peer: Peer | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is to be, and which peer it is to be measured beside, if any."""

    op: str
    value: float
    unit: str
    peer: str | None = None

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise ValueError(f"Expected one of {', '.join(OPERATORS)}, was {self.op!r}.")

    def __str__(self) -> str:
        beside = f", beside {self.peer}" if self.peer else ""
        return f"{self.op} {number(self.value)} {self.unit}{beside}"

    def is_met_by(self, figure: Figure) -> bool:
        """Whether the figure reaches the goal, with its peer measured.

        Raises:
            ValueError: the figure has another unit, so that nothing can be said.
        """
        if figure.unit != self.unit:
            raise ValueError(f"{figure.id}: expected the goal's unit {self.unit}, was {figure.unit}.")
        has_peer = self.peer is None or (figure.peer is not None and figure.peer.name == self.peer)
        return has_peer and OPERATORS[self.op](figure.value, self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. A goal without its figure has no value and is not met; a figure without a goal is neither."""

    figure: str
    value: float | None
    unit: str
    peer: Peer | None
    goal: Goal | None
    met: bool | None

    def cells(self) -> tuple[str, ...]:
        """The line as people read it."""
        value = "missing" if self.value is None else number(self.value)
        peer = f"{self.peer.name} {number(self.peer.value)}" if self.peer else ""
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return self.figure, value, self.unit, peer, str(self.goal or ""), met

    def as_json(self) -> dict[str, object]:
        """The line as programs read it."""
        peer = {"name": self.peer.name, "value": self.peer.value} if self.peer else None
        goal = str(self.goal) if self.goal else None
        return dict(zip(HEADINGS, (self.figure, self.value, self.unit, peer, goal, self.met), strict=True))


def read_goals(path: Path = GOALS) -> dict[str, Goal]:
    """The goals by the id of their figure."""
    written: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return {name: Goal(**goal) for name, goal in written.items()}


def compare(figures: Iterable[Figure], goals: Mapping[str, Goal], *, benchmarks: Iterable[str]) -> list[Row]:
    """The figures against their goals, and the goals of those benchmarks that no figure answers."""
    rows = [row_of(figure, goals.get(figure.id)) for figure in figures]
    measured = {row.figure for row in rows}
    ran = set(benchmarks)
    missing = [name for name in goals if name not in measured and name.partition(".")[0] in ran]
    return rows + [Row(name, None, goals[name].unit, None, goals[name], met=False) for name in missing]


def row_of(figure: Figure, goal: Goal | None) -> Row:
    """One figure against its goal."""
    met = goal.is_met_by(figure) if goal else None
    return Row(figure.id, figure.value, figure.unit, figure.peer, goal, met)


def table(rows: Iterable[Row]) -> str:
    """The rows as an aligned table; values stand to the right."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(aligned(line, widths)).rstrip() for line in lines)


def aligned(line: tuple[str, ...], widths: list[int]) -> list[str]:
    """A line's cells at their column's width."""
    return [
        cell.rjust(width) if heading == "value" else cell.ljust(width)
        for heading, cell, width in zip(HEADINGS, line, widths, strict=True)
    ]


def number(value: float) -> str:
    """A number with four significant digits, larger whole numbers in full.

    >>> number(1234567.0), number(0.01234), number(3)
    ('1,234,567', '0.01234', '3')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
