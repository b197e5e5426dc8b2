"""An explanation in words and figures: the tree, and each formula with the numbers that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Node, Number, Unit
from tickfolio.domain.explain.printing import Shown
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import decimal_places
from tickfolio.web.figures import (
    DASH,
    Direction,
    direction,
    money_direction,
    percent_text,
    price_text,
    signed_text,
)
from tickfolio.web.holding_texts import Figure
from tickfolio.web.notation import notation, with_days
from tickfolio.words import marked_phrase, phrase

_NAME = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_NUMBER_PLACES = 6
_MOST_PLACES = 12
_COINS = 2
_KINDS = {
    FactKind.TRANSACTION: marked_phrase("Transaction"),
    FactKind.PRICE: marked_phrase("Price"),
    FactKind.RATE: marked_phrase("Exchange rate"),
    FactKind.ACTION: marked_phrase("Corporate action"),
    FactKind.OPTION: marked_phrase("Option"),
    FactKind.LOT: marked_phrase("Lot"),
    FactKind.VALUED_FLOW: marked_phrase("Flow valuation"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a formula: a number that stands for a name, or what stands between."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class NodeText:
    """A node of the tree.

    Attributes:
        formula: with the numbers in it; none of a fact.
        origin: of a fact when and from where.
        address: of the transaction, where it is one.
        has_more: whether there is something below that is not shown.
        left: how many of the nodes below are not shown after these.
        next: the place of the first of them; 0 where there is none.
    """

    path: str
    name: str
    words: str
    figure: Figure
    unit: str
    formula: tuple[Piece, ...]
    origin: str
    notes: tuple[str, ...]
    address: str
    below: tuple[NodeText, ...]
    has_more: bool
    left: int
    next: int
    is_amount: bool


@dataclass(frozen=True, slots=True)
class Looking:
    """What the texts of a tree need besides it: the portfolio, and the zone in which times are told."""

    portfolio_id: str
    zone: ZoneInfo


def node_text(tree: Shown, looking: Looking) -> NodeText:
    """The texts of a tree."""
    node = tree.node
    is_fact = isinstance(node, Fact)
    return NodeText(
        path=tree.path,
        name=with_days(node.name),
        words=node.words if isinstance(node, Explained) else "",
        figure=figure_text(node),
        unit=_unit(node),
        formula=() if is_fact else tuple(_formula(node, is_opened=tree.left >= 0)),
        origin=_origin(node, looking.zone) if is_fact else "",
        notes=tuple(with_days(each) for each in _notes(node)),
        address=_address(node, looking) if is_fact else "",
        below=tuple(node_text(each, looking) for each in tree.below),
        has_more=bool(tree.left),
        left=max(tree.left, 0),
        next=tree.first + len(tree.below) if tree.left > 0 else 0,
        is_amount=node.unit not in (Unit.FRACTION, Unit.NUMBER, Unit.DAYS),
    )


def figure_text(node: Node) -> Figure:
    """The value of a node, with an arrow where its sign is a gain or a loss."""
    if isinstance(node.value, NotAvailable):
        return Figure(DASH, "none")
    if not (isinstance(node, Explained) and node.is_gain):
        return Figure(number_text(node.value, node.unit), "none")
    exact = _exact(node.value)
    if node.unit == Unit.FRACTION:
        return Figure(percent_text(exact * 100), direction(exact * 100))
    pointed: Direction = money_direction(exact)
    return Figure(signed_text(_shortened(exact, _NUMBER_PLACES), places=min(_places(exact), _COINS)), pointed)


def number_text(number: Number, unit: str) -> str:
    """A number as its unit is written.

    >>> number_text(Decimal("0.0125"), "fraction"), number_text(Decimal("510.00"), "USD"), number_text(10.0, "number")
    ('1.25 %', '510.00', '10')
    """
    exact = _exact(number)
    if unit == Unit.FRACTION:
        return percent_text(exact * 100).removeprefix("+")
    if unit == Unit.NUMBER:
        return price_text(_shortened(exact, _NUMBER_PLACES), places=0)
    if unit in (Unit.UNITS, Unit.DAYS) or "/" in unit:
        return price_text(_short(exact), places=0)
    return price_text(_shortened(exact, _NUMBER_PLACES), places=min(_places(exact), _COINS))


def _exact(number: Number) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def _short(number: Decimal) -> Decimal:
    return _shortened(number, _MOST_PLACES)


def _shortened(number: Decimal, most: int) -> Decimal:
    return round(number, most) if _places(number) > most else number


def _places(number: Decimal) -> int:
    return decimal_places(number)


def _unit(node: Node) -> str:
    if isinstance(node.value, NotAvailable) or node.unit in (Unit.FRACTION, Unit.NUMBER):
        return ""
    return str(node.unit)


def _formula(node: Node, *, is_opened: bool) -> Iterator[Piece]:
    """The formula with numbers for those of its names that stand for one, where what is below is shown."""
    assert isinstance(node, Explained)
    if isinstance(node.value, NotAvailable) or node.formula == "0":
        return
    numbers = {each.symbol: next(iter(each.nodes)) for each in node.inputs if not each.is_list} if is_opened else {}
    place = 0
    for found in _NAME.finditer(node.formula):
        below = numbers.get(found[0])
        if below is None or isinstance(below.value, NotAvailable):
            continue
        yield Piece(node.formula[place : found.start()], is_number=False)
        is_bare = node.formula[: found.start()].endswith("(") or not found.start()
        yield Piece(_in_formula(below, is_bare=is_bare), is_number=True)
        place = found.end()
    yield Piece(node.formula[place:], is_number=False)


def _in_formula(node: Node, *, is_bare: bool) -> str:
    """A number; a negative one stands in brackets unless nothing is before it."""
    assert not isinstance(node.value, NotAvailable)
    text = number_text(node.value, node.unit)
    return f"({text})" if _exact(node.value) < 0 and not is_bare else text


def _origin(node: Node, zone: ZoneInfo) -> str:
    assert isinstance(node, Fact)
    said = [] if node.kind is FactKind.CALENDAR else [phrase(_KINDS[node.kind])]
    if node.at is not None:
        said.append(moment_text(node.at, zone))
    if node.source:
        said.append(node.source)
    return ", ".join(said)


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """A moment in a zone, to the second."""
    there = at.astimezone(zone)
    return f"{notation().day(there.date(), is_short=True)} {there:%H:%M:%S}"


def _notes(node: Node) -> tuple[str, ...]:
    if isinstance(node, Fact):
        return ()
    if isinstance(node.value, NotAvailable):
        return (phrase("Not available: {reason}.", reason=node.value.reason),)
    return node.notes


def _address(node: Node, looking: Looking) -> str:
    assert isinstance(node, Fact)
    return f"/portfolios/{looking.portfolio_id}/transactions/{node.reference}/" if node.reference else ""


def coverage_text(tree: Explained) -> str:
    """How many of the rows below a sum are in it; empty where that is no question."""
    if tree.formula != "Σ(rows)" or isinstance(tree.value, NotAvailable):
        return ""
    counted, left_out = sum(1 for _ in tree.children()), len(tree.notes)
    return phrase("{counted} of {value} rows", counted=counted, value=counted + left_out)
