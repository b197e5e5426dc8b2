"""A finished day of a portfolio and of its rows: what was gained from its first moment to its last, and the six parts of that.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from tickfolio.domain.explain.chosen import Chosen
from tickfolio.domain.explain.day_parts import PARTS, Terms
from tickfolio.domain.explain.days import PART_NAMES, TOTAL, row_day
from tickfolio.domain.explain.definitions import ATTRIBUTION
from tickfolio.domain.explain.moved import leg_node
from tickfolio.domain.explain.nodes import Explained, Node, one, several, unexplained
from tickfolio.domain.explain.standing import Standing, Standings
from tickfolio.domain.explain.values import row_name, row_value
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, rounded
from tickfolio.domain.valuation.attribution import Contribution
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.spans import SpanEnds
from tickfolio.domain.valuation.valuation import Day, Row, Worth
from tickfolio.domain.valuation.windows import OneSpan
from tickfolio.words import marked_phrase, phrase

ZERO = Decimal(0)
START, MOVED, END = "start", "moved", "end"
SIDES = (START, MOVED, END)
"""What stands beside the parts of a finished day: gain = end − start − moved."""


class FinishedDay:
    """A day that is over.

    Attributes:
        standing: at its end, with the day as that of its rows.
        contributions: what each row gave, by its key.
        left_out: why others gave nothing, likewise.
    """

    def __init__(self, ends: SpanEnds, standings: Standings) -> None:
        change, book = ends.change(), standings.book
        self.day: date = ends.until.astimezone(book.zone).date()
        self.standing = Standing(
            book, ends.live, ends.closing, at=ends.until, days=OneSpan(ends.since), sources=standings.sources
        )
        self.contributions: Mapping[str, Contribution] = {each.key: each for each in change.contributions}
        self.left_out: Mapping[str, str] = {each.key: each.reason for each in change.left_out}
        self.flows = ends.flows
        self._standings, self._since = standings, ends.since

    @cached_property
    def before(self) -> Standing:
        """The portfolio just before the day."""
        return self._standings.at(self._since - datetime.resolution)

    @property
    def base(self) -> str:
        """The base currency."""
        return self.standing.book.base.code

    def row(self, key: str) -> Row | None:
        """The row as it was at the end of the day or, where it was gone by then, at its start; None of what came and went."""
        return self.standing.row(key) or self.before.row(key)

    def name(self, key: str) -> str:
        """What a row is called."""
        row = self.row(key)
        if row is not None:
            return row_name(row)
        passing = self.contributions[key]
        return phrase("{symbol} in {account_name}", symbol=passing.symbol, account_name=passing.account_name)

    def nothing(self) -> Decimal:
        """0 in coins."""
        return rounded(ZERO, places=self.standing.places)


# ---------- A row ----------


def finished_row(found: FinishedDay, key: str, part: str = TOTAL) -> Explained:
    """What a row gained in the day, or a part of it.

    Args:
        key: of a row that gave something, or that is left out.
        part: "total", one of `PARTS` or of `SIDES`.
    """
    if key in found.left_out:
        name = phrase("{names} of {name} on {day}", names=_NAMES[part], name=found.name(key), day=found.day)
        return unexplained(name, NotAvailable(found.left_out[key]), found.base, ATTRIBUTION)
    make = _SIDES.get(part)
    gave = found.contributions[key]
    return found.standing.once(
        ("finished", part, key), lambda: _part(found, gave, part) if make is None else make(found, gave)
    )


def _gain(found: FinishedDay, gave: Contribution) -> Explained:
    terms = (
        Terms(phrase("What it was worth at the end, less what it was worth at the start and what moved into it."))
        .plus("end", finished_row(found, gave.key, END))
        .minus("start", finished_row(found, gave.key, START))
        .minus("moved", finished_row(found, gave.key, MOVED))
    )
    return Explained(
        name=phrase("{names} of {name} on {day}", names=_NAMES[TOTAL], name=found.name(gave.key), day=found.day),
        value=gave.parts.total,
        unit=found.base,
        formula=terms.exact(),
        words=terms.words,
        definition=ATTRIBUTION,
        make_inputs=lambda: terms.inputs,
        is_gain=True,
    )


def _start(found: FinishedDay, gave: Contribution) -> Explained:
    return _value(found, gave.key, found.before, phrase("the start"))


def _end(found: FinishedDay, gave: Contribution) -> Explained:
    return _value(found, gave.key, found.standing, phrase("the end"))


def _value(found: FinishedDay, key: str, standing: Standing, when: str) -> Explained:
    row = standing.row(key)
    if row is not None:
        return row_value(standing, row)
    name, words = (
        phrase("Value of {name} at {when}", name=found.name(key), when=when),
        phrase("Nothing of it was there at {when} of the day.", when=when),
    )
    return Explained(name, found.nothing(), found.base, "0", words, ATTRIBUTION, tuple)


def _moved(found: FinishedDay, gave: Contribution) -> Explained:
    legs = [leg for leg in found.flows.legs if leg.key == gave.key and leg.value]
    return Explained(
        name=phrase("{names} {name} on {day}", names=_NAMES[MOVED], name=found.name(gave.key), day=found.day),
        value=exact_sum((found.nothing(), *(leg.value for leg in legs))),
        unit=found.base,
        formula="Σ(flows)",
        words=phrase("What came into the row, less what left it, each as it counts and rounded once."),
        definition=ATTRIBUTION,
        make_inputs=lambda: [several("flows", [leg_node(found.standing, leg) for leg in legs])],
        is_gain=True,
    )


_SIDES: Mapping[str, Callable[[FinishedDay, Contribution], Explained]] = {
    TOTAL: _gain,
    START: _start,
    MOVED: _moved,
    END: _end,
}


def _part(found: FinishedDay, gave: Contribution, part: str) -> Explained:
    """A part as the row tells it, with what is left of the gain in the part that takes it."""
    own = _own(found, gave.key, part)
    value = getattr(gave.parts, part)
    if own is not None and own.value == value:
        return own
    name = phrase("{part_names} of {name}", part_names=PART_NAMES[part], name=found.name(gave.key))
    if own is None:
        is_all = bool(value)
        return Explained(
            name,
            value,
            found.base,
            "gain" if is_all else "0",
            phrase("All that it gained.") if is_all else phrase("Nothing."),
            ATTRIBUTION,
            lambda: [one("gain", finished_row(found, gave.key))] if is_all else [],
            is_gain=True,
        )
    return Explained(
        name,
        value,
        found.base,
        "own + rest",
        phrase("What the row tells itself, and what is left of its gain."),
        ATTRIBUTION,
        lambda: [one("own", own), one("rest", _rest(found, gave))],
        is_gain=True,
    )


def _own(found: FinishedDay, key: str, part: str) -> Explained | None:
    row = found.standing.row(key)
    if row is None or not isinstance(row.worth, Worth) or not isinstance(row.worth.day, Day):
        return None
    return row_day(found.standing, row, part)


def _rest(found: FinishedDay, gave: Contribution) -> Explained:
    gain, told = finished_row(found, gave.key), _own(found, gave.key, TOTAL)
    assert told is not None
    assert isinstance(told.value, Decimal)
    return Explained(
        phrase("What is left of the gain of {name}", name=found.name(gave.key)),
        EXACT.subtract(gave.parts.total, told.value),
        found.base,
        "gain − day",
        phrase("What rounding leaves, and what moved at another value than the row counts it at."),
        ATTRIBUTION,
        lambda: [one("gain", gain), one("day", told)],
        is_gain=True,
    )


# ---------- Some rows ----------


def finished_day(found: FinishedDay, chosen: Chosen, part: str = TOTAL, *, name: str) -> Explained:
    """What some rows gained in the day: by the parts, and each part by the rows."""
    gave = [each for each in found.contributions.values() if chosen.takes(each)]
    value = exact_sum((found.nothing(), *(_amount(each, part) for each in gave)))
    title, lack = (
        phrase("{part} {name} on {day}", part=_NAMES[part], name=name, day=found.day)
        if part == MOVED
        else phrase("{part} of {name} on {day}", part=_NAMES[part], name=name, day=found.day),
        _lack(found, chosen),
    )
    if part == TOTAL:
        return Explained(
            title,
            value,
            found.base,
            " + ".join(PARTS),
            phrase("What the price, trading, the currency, income, fees and taxes gave."),
            ATTRIBUTION,
            lambda: [one(each, finished_day(found, chosen, each, name=name)) for each in PARTS],
            lack,
            is_gain=True,
        )

    def rows() -> list[Node]:
        return [finished_row(found, each.key, part) for each in gave if _amount(each, part)]

    return Explained(
        title,
        value,
        found.base,
        "Σ(rows)",
        phrase("The sum of the rows. Those without any are not listed."),
        ATTRIBUTION,
        lambda: [several("rows", rows())],
        lack,
        is_gain=part not in (START, END),
    )


def _amount(gave: Contribution, part: str) -> Decimal:
    if part == TOTAL:
        return gave.parts.total
    sides = {START: gave.opening, MOVED: gave.moved, END: gave.closing}
    amount: Decimal = sides[part] or ZERO if part in sides else getattr(gave.parts, part)
    return amount


def _lack(found: FinishedDay, chosen: Chosen) -> tuple[str, ...]:
    rows = [row for key in found.left_out if (row := found.row(key)) is not None]
    return tuple(
        phrase("{row_name} is left out: {left_out}.", row_name=row_name(row), left_out=found.left_out[row.key])
        for row in chosen.rows(rows)
    )


_NAMES = {
    **PART_NAMES,
    TOTAL: "Gain",
    START: marked_phrase("Value at the start"),
    MOVED: marked_phrase("What moved into"),
    END: marked_phrase("Value at the end"),
}
