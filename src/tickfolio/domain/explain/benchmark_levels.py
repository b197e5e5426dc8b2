"""What a benchmark stood at: its price at the rate in force, and the units that splits and dividends made of one.

**Source**: docs/reference/definitions.md, section Benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tickfolio.domain.explain.definitions import BENCHMARK
from tickfolio.domain.explain.facts import conversion
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.nodes import Explained, Input, Unit, one, several
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.benchmark import CloseInForce
from tickfolio.domain.performance.twr import RATES
from tickfolio.words import phrase


class Levels:
    """The levels of an instrument in units of one that was there at a moment; each is explained once."""

    def __init__(self, followed: Followed, since: datetime) -> None:
        """Takes a moment with a price; none that is asked for is before it."""
        self._followed = followed
        start = self._in_force(since)
        self.unit = start.units
        self._changes = followed.changes(start.closed_at)
        self._levels: dict[datetime, Explained] = {}

    def level(self, at: datetime) -> Explained:
        """What the one had become at a moment at which there are a price and a rate."""
        if at not in self._levels:
            self._levels[at] = self._level(at)
        return self._levels[at]

    def _level(self, at: datetime) -> Explained:
        followed, close = self._followed, self._in_force(at)
        worth = followed.benchmark.worth(at)
        assert not isinstance(worth, NotAvailable)
        changes = [node for counts_at, node in self._changes if counts_at <= close.closed_at]
        into, rates = conversion(followed.sources, followed.instrument.currency, followed.base, at)

        def inputs() -> list[Input]:
            found = [one("units", self._units(close, changes))] if changes else []
            return [*found, one("price", followed.price(close.closed_at, close.price)), *rates]

        return Explained(
            name=phrase("Level of {symbol} on {day}", symbol=followed.symbol, day=followed.day(at)),
            value=RATES.divide(worth, self.unit),
            unit=Unit.NUMBER,
            formula=f"{'units × ' if changes else ''}price{into}",
            words=phrase(
                "In {base}, by the price and the rate in force, of what one unit has become since the start.",
                base=followed.base,
            ),
            definition=BENCHMARK,
            make_inputs=inputs,
        )

    def _units(self, close: CloseInForce, changes: Sequence[Explained]) -> Explained:
        return Explained(
            name=phrase(
                "Units of {symbol} by the close of {day}",
                symbol=self._followed.symbol,
                day=self._followed.day(close.closed_at),
            ),
            value=RATES.divide(close.units, self.unit),
            unit=Unit.NUMBER,
            formula="Π(changes)",
            words=phrase("What one unit became by splits, and by dividends that bought more of it."),
            definition=BENCHMARK,
            make_inputs=lambda: [several("changes", changes)],
        )

    def _in_force(self, at: datetime) -> CloseInForce:
        found = self._followed.benchmark.in_force(at)
        assert found is not None
        return found
