"""An evaluator that knows the grammar of docs/reference/formulas.md and nothing of the product.

It takes the printed formula of a figure and the printed numbers below it, in exact fractions, and says what the figure must be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

type Value = Fraction | float | list[Fraction | float]

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+(?: [A-Za-z]+)*)|(?P<sign>[+−×÷^(),=±√ΣΠ]))")


@dataclass
class Equation:
    """What must be 0, within a tolerance."""

    left: Fraction | float
    within: Fraction | float


def evaluate(formula: str, names: Mapping[str, Value]) -> Value | Equation:
    """What `formula` comes to where its names stand for `names`."""
    return _Parser(formula, names).whole()


class _Parser:
    def __init__(self, formula: str, names: Mapping[str, Value]) -> None:
        self._tokens = list(_tokens(formula))
        self._names = names
        self._place = 0

    def whole(self) -> Value | Equation:
        left = self._sum()
        if self._takes("="):
            assert self._takes("0"), "expected = 0"
            assert self._takes("±"), "expected a tolerance"
            within = self._atom()
            return Equation(_number(left), _number(within))
        assert self._place == len(self._tokens), f"unread: {self._tokens[self._place :]}"
        return left

    def _sum(self) -> Value:
        value = self._product()
        while True:
            if self._takes("+"):
                value = _each(lambda a, b: a + b, value, self._product())
            elif self._takes("−"):
                value = _each(lambda a, b: a - b, value, self._product())
            else:
                return value

    def _product(self) -> Value:
        value = self._signed()
        while True:
            if self._takes("×"):
                value = _each(lambda a, b: a * b, value, self._signed())
            elif self._takes("÷"):
                value = _each(lambda a, b: a / b, value, self._signed())
            else:
                return value

    def _signed(self) -> Value:
        if self._takes("−"):
            return _each(lambda a, b: b - a, self._signed(), Fraction(0))
        return self._power()

    def _power(self) -> Value:
        base = self._atom()
        return _each(_power_of, base, self._atom()) if self._takes("^") else base

    def _atom(self) -> Value:
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind == "number":
            return Fraction(text)
        if text == "(":
            value = self._sum()
            assert self._takes(")")
            return value
        if self._takes("("):
            arguments = [self._sum()]
            while self._takes(","):
                arguments.append(self._sum())
            assert self._takes(")")
            return _FUNCTIONS[text](*arguments)
        return self._names[text]

    def _takes(self, text: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place][1] == text:
            self._place += 1
            return True
        return False


def _tokens(formula: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(formula):
        found = _TOKEN.match(formula, place)
        assert found is not None, f"no token at {formula[place:]!r}"
        assert found.lastgroup is not None
        yield found.lastgroup, found[found.lastgroup]
        place = found.end()


def _each(operation: Callable[[Any, Any], Any], one: Value, other: Value) -> Value:
    """Number with number; a list with a number, or with a list of as many, one by one."""
    if isinstance(one, list) or isinstance(other, list):
        length = len(one) if isinstance(one, list) else len(other)  # type: ignore[arg-type]
        ones = one if isinstance(one, list) else [one] * length
        others = other if isinstance(other, list) else [other] * length
        return [operation(a, b) for a, b in zip(ones, others, strict=True)]
    found: Value = operation(one, other)
    return found


def _power_of(base: Fraction | float, exponent: Fraction | float) -> Fraction | float:
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and abs(exponent) < 100:
        return base ** int(exponent)
    return math.exp(math.log(base) * exponent) if base else 0.0


def _listed(value: Value) -> list[Fraction | float]:
    assert isinstance(value, list), "expected a list"
    return value


def _number(value: Value) -> Fraction | float:
    assert not isinstance(value, list), "expected a number"
    return value


def _total(value: Value) -> Fraction | float:
    listed = _listed(value)
    if all(isinstance(each, Fraction) for each in listed):
        return sum(listed, Fraction(0))
    return math.fsum(float(each) for each in listed)


def _round(value: Value, places: Value) -> Fraction:
    scale = Fraction(10) ** int(_number(places))
    number = _number(value)
    assert isinstance(number, Fraction), "expected an exact number to round"
    # Python rounds a fraction half to even.
    return Fraction(round(number * scale)) / scale


def _minimum(value: Value, other: Value) -> Value:
    return _each(min, value, other)


def _quantile(value: Value, part: Value) -> Fraction | float:
    ordered = sorted(_listed(value))
    place = _number(part) * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "round": _round,
    "whole": lambda value: Fraction(math.floor(_number(value))),
    "Σ": _total,
    "Π": lambda value: math.prod(_listed(value), start=Fraction(1)),
    "√": lambda value: math.sqrt(_number(value)),
    "mean": lambda value: _total(value) / len(_listed(value)),
    "count": lambda value: Fraction(len(_listed(value))),
    "min": _minimum,
    "quantile": _quantile,
    "upto": lambda value, limit: [each for each in _listed(value) if each <= _number(limit)],
}


def number_of(value: Decimal | float) -> Fraction:
    """A printed number, exactly."""
    return Fraction(value)
