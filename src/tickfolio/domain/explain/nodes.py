"""What an explanation is made of: figures with their formulas, and the facts at their ends.

**Source**: docs/reference/formulas.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

type Number = Decimal | float
"""Money, units, prices and rates are decimal; measures of risk are binary."""


class FactKind(StrEnum):
    """What a fact is."""

    TRANSACTION = "transaction"
    PRICE = "price"
    RATE = "exchange rate"
    ACTION = "corporate action"
    OPTION = "option"
    LOT = "lot"
    CALENDAR = "calendar"
    VALUED_FLOW = "flow valuation"


class Unit(StrEnum):
    """What a number counts, where it is no amount of a currency."""

    UNITS = "units"
    FRACTION = "fraction"
    NUMBER = "number"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Definition:
    """A paragraph of docs/reference/definitions.md."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is as it was said: the end of a branch.

    Attributes:
        unit: a currency, two of them ("USD/EUR") or one of `Unit`.
        at: since when it holds, or when it happened; None of what has no time.
        source: who said it.
        reference: the transaction's id, where it is one.
    """

    kind: FactKind
    label: str
    value: Number
    unit: str
    at: datetime | None = None
    source: str = ""
    reference: str = ""

    @property
    def name(self) -> str:
        """What it is called in a tree."""
        return self.label


@dataclass(frozen=True, slots=True)
class Input:
    """What a name in a formula stands for.

    Attributes:
        is_list: whether it stands for all of `nodes`, as in Σ(rows), and not for the only one.
    """

    symbol: str
    nodes: Collection[Node]
    is_list: bool = False


@dataclass(slots=True, eq=False)
class Explained:
    """A figure and how it comes about. What it is made of is worked out when it is asked for, and once.

    Attributes:
        value: or why there is none; then there is no formula and nothing below.
        unit: a currency or one of `Unit`.
        formula: in the grammar of docs/reference/formulas.md, over the names of the inputs. An equation says what the value, as
            `rate`, solves.
        words: the same in a sentence.
        notes: what the figure leaves out or takes for granted.
        is_gain: whether its sign is a gain or a loss.
    """

    name: str
    value: Number | NotAvailable
    unit: str
    formula: str
    words: str
    definition: Definition
    make_inputs: Callable[[], Iterable[Input]]
    notes: tuple[str, ...] = ()
    is_gain: bool = False
    _inputs: tuple[Input, ...] | None = field(default=None, init=False, repr=False)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What the names of the formula stand for, in the order in which they are shown."""
        if self._inputs is None:
            self._inputs = tuple(self.make_inputs())
        return self._inputs

    def count(self) -> int:
        """How many nodes are right below."""
        return sum(len(each.nodes) for each in self.inputs)

    def children(self) -> Iterator[tuple[str, Node]]:
        """Every node below, with its symbol; each is worked out when it is taken."""
        for each in self.inputs:
            for node in each.nodes:
                yield each.symbol, node


type Node = Fact | Explained


def one(symbol: str, node: Node) -> Input:
    """A name that stands for one number."""
    return Input(symbol, (node,))


def several(symbol: str, nodes: Iterable[Node]) -> Input:
    """A name that stands for a list."""
    return Input(symbol, tuple(nodes), is_list=True)


def several_later(symbol: str, makers: Iterable[Callable[[], Node]]) -> Input:
    """A name that stands for a list of which each node is worked out when somebody looks at it: of hundreds a page shows some."""
    return Input(symbol, _Later(tuple(makers)), is_list=True)


class _Later(Collection[Fact | Explained]):
    """Nodes that are made one by one; who makes them keeps them."""

    def __init__(self, makers: tuple[Callable[[], Fact | Explained], ...]) -> None:
        self._makers = makers

    def __len__(self) -> int:
        return len(self._makers)

    def __iter__(self) -> Iterator[Fact | Explained]:
        return (make() for make in self._makers)

    def __contains__(self, node: object) -> bool:
        return any(each is node for each in self)


def unexplained(name: str, reason: NotAvailable, unit: str, definition: Definition) -> Explained:
    """A figure that is not there, and why."""
    return Explained(name, reason, unit, "", "", definition, tuple)


def node_at(root: Node, path: str) -> Node:
    """The node at a path such as "0.3.1": the number of a child at each step, counted from 0; the root's is empty.

    Raises:
        InvalidValue: there is none.
    """
    node = root
    for step in path.split(".") if path else ():
        below = [child for _, child in node.children()] if isinstance(node, Explained) else []
        if not (step.isascii() and step.isdigit() and len(step) < _LONGEST_STEP and int(step) < len(below)):
            raise InvalidValue(
                phrase("Expected the path of a node such as 0.2, was none at {path}.", path=repr(path[:40]))
            )
        node = below[int(step)]
    return node


_LONGEST_STEP = 7
