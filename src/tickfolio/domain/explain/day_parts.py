"""The parts of a row's day as formulas that are put together term by term.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tickfolio.domain.explain.definitions import DAY
from tickfolio.domain.explain.nodes import Explained, Input, Node, one
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.valuation.valuation import Day
from tickfolio.words import marked_phrase, phrase

PARTS = ("price", "trading", "currency", "income", "fees", "taxes")


@dataclass(slots=True)
class Terms:
    """A sum of signed terms; one that is 0 is left out."""

    words: str = marked_phrase("Nothing.")
    _text: str = ""
    inputs: list[Input] = field(default_factory=list)

    def plus(self, symbol: str, node: Node | None) -> Terms:
        """With one more term, where there is one."""
        return self._with("+", symbol, node)

    def minus(self, symbol: str, node: Node | None) -> Terms:
        """The same, taken off."""
        return self._with("−", symbol, node)

    def _with(self, sign: str, symbol: str, node: Node | None) -> Terms:
        if node is not None and node.value:
            lead = f" {sign} " if self._text else sign.removeprefix("+")
            self._text += f"{lead}{symbol}"
            self.inputs.append(one(symbol, node))
        return self

    def exact(self) -> str:
        """The formula as it is."""
        return self._text or "0"

    def rounded(self, places: int) -> str:
        """The formula, rounded once."""
        return f"round({self._text}, {places})" if self._text else "0"

    def folded(self, places: int) -> tuple[str, Callable[[], Iterable[Input]]]:
        """The formula and what makes its inputs; of a single term its own formula stands in the place of its name."""
        if len(self.inputs) == 1:
            (only,) = self.inputs[0].nodes
            if isinstance(only, Explained):
                formula = f"−({only.formula})" if self._text.startswith("−") else only.formula
                return f"round({formula}, {places})", lambda: only.inputs
        return self.rounded(places), lambda: self.inputs


@dataclass(frozen=True, slots=True)
class DayParts:
    """What the parts of a row's day are before they are rounded.

    Attributes:
        all_price: of which price and trading are the parts.
    """

    total: Terms
    price: Terms
    all_price: Terms
    income: Terms
    fees: Terms
    taxes: Terms


def closing_part(
    name: str,
    part: str,
    day: Day,
    all_price: Terms,
    *,
    standing: Standing,
    of: Callable[[str], Explained],
) -> Explained:
    """Trading or currency: what is left of the price part, or of the whole.

    Args:
        of: gives another part of the same day.
    """
    unit = standing.book.base.code
    if part == "trading":
        return Explained(
            name,
            day.trading,
            unit,
            f"{all_price.rounded(standing.places)} − price",
            phrase("What all gained by its price, less what was held at the reference would have gained untraded."),
            DAY,
            lambda: [*all_price.inputs, one("price", of("price"))],
            is_gain=True,
        )
    return Explained(
        name,
        day.currency,
        unit,
        "total − price − trading − income − fees − taxes",
        phrase("What is left of the day after its other parts."),
        DAY,
        lambda: [one(each, of(each)) for each in ("total", "price", "trading", "income", "fees", "taxes")],
        is_gain=True,
    )
