"""Every node of a tree, checked against what the evaluator makes of its formula and of the numbers below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.domain.explain.evaluator import Equation, Value, evaluate, number_of
from tickfolio.domain.explain.nodes import Explained, Fact, Node, Unit
from tickfolio.domain.market.quotes import NotAvailable

RELATIVE = Fraction(1, 10**12)
RATES = (Unit.FRACTION, Unit.NUMBER)


def figures(root: Node) -> Iterator[Explained]:
    """Every figure of a tree that has a value, once."""
    seen: set[int] = set()
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Explained) and id(node) not in seen and not isinstance(node.value, NotAvailable):
            seen.add(id(node))
            yield node
            waiting += [child for _, child in node.children()]


def fault(node: Explained) -> str:
    """What is wrong with a figure; empty where it is what its formula says."""
    assert not isinstance(node.value, NotAvailable)
    names: dict[str, Value] = {}
    for each in node.inputs:
        numbers: list[Fraction | float] = [_value(below) for below in each.nodes]
        assert each.symbol not in names, each.symbol
        names[each.symbol] = numbers if each.is_list else numbers[0]
        assert each.is_list or len(numbers) == 1
    value = number_of(node.value)
    found = evaluate(node.formula, {**names, "rate": value} if "=" in node.formula else names)
    if isinstance(found, Equation):
        is_zero = abs(float(found.left)) <= float(found.within)
        return "" if is_zero else f"{node.name}: {float(found.left)} is not 0 ± {found.within}"
    assert not isinstance(found, list)
    is_rate = node.unit in RATES
    if found == value or (is_rate and abs(Fraction(found) - value) <= RELATIVE * max(Fraction(1), abs(value))):
        return ""
    return f"{node.name}: {node.formula} is {float(found)!r}, and it says {node.value}; {names}"


def check(root: Node) -> int:
    """Expects every figure of a tree to be what its formula says; how many there are."""
    checked = 0
    for node in figures(root):
        problem = fault(node)
        assert not problem, problem
        checked += 1
    return checked


def corrupted(node: Explained) -> Explained:
    """The same figure with another value."""
    value = node.value
    assert not isinstance(value, NotAvailable)
    other = replace(node, value=value + Decimal("0.01") if isinstance(value, Decimal) else value + 0.01)
    other._inputs = node.inputs
    return other


def _value(node: Node) -> Fraction:
    assert isinstance(node, Fact) or not isinstance(node.value, NotAvailable), node.name
    assert not isinstance(node.value, NotAvailable)
    return number_of(node.value)
