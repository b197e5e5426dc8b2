"""Explanations as plain data and as lines of text, to a depth and within a number of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from tickfolio.domain.explain.nodes import Explained, Fact, Node, Number, Unit
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import plain, rounded
from tickfolio.words import phrase

MOST_NODES = 1_000
MOST_DEPTH = 20
_SHOWN_PLACES = 12
_PERCENT_PLACES = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """A node where it stands in a tree.

    Attributes:
        symbol: its name in the formula above it; empty at the root.
        path: as `node_at` takes it.
        below: its children, as far as they are shown.
        left: how many of its children are not shown after these; −1 where that was not looked at, for the depth.
        first: the place of the first child that is shown.
    """

    node: Node
    symbol: str
    path: str
    below: tuple[Shown, ...]
    left: int
    first: int = 0


def shown(root: Node, *, depth: int, path: str = "", most: int = MOST_NODES, first: int = 0) -> Shown:
    """The tree below `root`, to a depth or until `most` nodes are shown: all children of a node before what is below them.

    Args:
        path: where `root` stands itself.
        first: how many of its children are left out at the beginning.
    """
    return _shown(root, "", path, depth, _Budget(most), first=first)


@dataclass(slots=True)
class _Budget:
    left: int


def _shown(node: Node, symbol: str, path: str, depth: int, budget: _Budget, *, first: int = 0) -> Shown:
    if not isinstance(node, Explained) or isinstance(node.value, NotAvailable):
        return Shown(node, symbol, path, (), 0)
    if depth <= 0:
        return Shown(node, symbol, path, (), -1)
    taken = list(islice(node.children(), first, first + max(budget.left, 0)))
    budget.left -= len(taken)
    below = tuple(
        _shown(child, name, f"{path}.{place}" if path else str(place), depth - 1, budget)
        for place, (name, child) in enumerate(taken, first)
    )
    return Shown(node, symbol, path, below, max(node.count() - first - len(taken), 0), first)


def as_data(tree: Shown) -> dict[str, object]:
    """The tree as JSON has it: numbers are strings of plain digits, so that none is cut."""
    node = tree.node
    data: dict[str, object] = {"path": tree.path, "name": node.name, "unit": node.unit}
    if tree.symbol:
        data["symbol"] = tree.symbol
    if isinstance(node, Fact):
        return data | {
            "kind": node.kind.value,
            "value": digits(node.value),
            "at": None if node.at is None else node.at.isoformat(),
            "source": node.source,
            "reference": node.reference,
        }
    data["kind"] = "figure"
    data["definition"] = {"anchor": node.definition.anchor, "title": node.definition.title}
    if isinstance(node.value, NotAvailable):
        return data | {"value": None, "reason": node.value.reason}
    data |= {"value": digits(node.value), "formula": node.formula, "words": node.words}
    if node.notes:
        data["notes"] = list(node.notes)
    if tree.left < 0:
        return data
    data |= {"inputs": [as_data(each) for each in tree.below], "left": tree.left}
    return data | {"first": tree.first} if tree.first else data


def digits(number: Number) -> str:
    """`number` in plain digits, all of them."""
    return plain(number) if isinstance(number, Decimal) else repr(number)


def as_lines(tree: Shown, *, level: int = 0) -> Iterator[str]:
    """The tree as lines of text, two blanks further in for each level."""
    node, margin = tree.node, "  " * level
    symbol = f"{tree.symbol}: " if tree.symbol and tree.symbol != node.name else ""
    if isinstance(node, Fact):
        yield f"{margin}{symbol}{node.name} = {with_unit(node.value, node.unit)}{_origin(node)}"
        return
    if isinstance(node.value, NotAvailable):
        yield phrase(
            "{margin}{symbol}{name}: not available, {reason}",
            margin=margin,
            symbol=symbol,
            name=node.name,
            reason=node.value.reason,
        )
        return
    yield f"{margin}{symbol}{node.name} = {with_unit(node.value, node.unit)}"
    yield f"{margin}  = {node.formula}"
    if not level:
        yield f"{margin}  {node.words} (definitions.md#{node.definition.anchor}, {node.definition.title})"
    for note in node.notes:
        yield f"{margin}  {note}"
    for each in tree.below:
        yield from as_lines(each, level=level + 1)
    if tree.left > 0:
        yield phrase("{margin}  and {left} more", margin=margin, left=tree.left)


def with_unit(number: Number, unit: str) -> str:
    """`number` as a text shows it: rates as percentages, whatever is longer than 12 places cut to those."""
    if unit == Unit.FRACTION:
        return f"{rounded(Decimal(number) * 100, places=_PERCENT_PLACES):f} %"
    text = _short(number)
    return text if unit == Unit.NUMBER else f"{text} {unit}"


def _short(number: Number) -> str:
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    exponent = exact.as_tuple().exponent
    return plain(
        rounded(exact, places=_SHOWN_PLACES) if isinstance(exponent, int) and -exponent > _SHOWN_PLACES else exact
    )


def _origin(fact: Fact) -> str:
    said = [fact.kind.value]
    if fact.at is not None:
        said.append(f"{fact.at:%Y-%m-%d %H:%M:%S}Z")
    if fact.source:
        said.append(fact.source)
    return f" ({', '.join(said)})"
