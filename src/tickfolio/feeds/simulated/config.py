"""What can be chosen about the simulated market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Capabilities, Operation

MOST_TICKS_PER_SECOND = 50
LEAST_SPLIT_DAYS = 7
TERMS = "All of it is invented: instruments, prices, dividends and splits. Nothing leaves this machine."


@dataclass(frozen=True, slots=True)
class SimulatedConfig:
    """The choices of a simulated market; 0 switches a disturbance off.

    Attributes:
        seed: the same seed and choices give the same prices, on every machine.
        ticks_per_second: of each symbol, above 0, at most 50.
        gap_days: one day in so many begins with a leap of 6 to 12 %.
        split_days: one split of each share that splits in so many days, by turns forward and back.
        halt_days: on one day in so many the trading of a share halts for 5 to 20 minutes.
        freeze_hours: in one hour in so many the whole stream says nothing for 5 minutes, though its markets are open.
        patience: for how long a frozen stream passes for a live one.
    """

    seed: int = 1
    ticks_per_second: Decimal = Decimal(1)
    gap_days: int = 40
    split_days: int = 500
    halt_days: int = 20
    freeze_hours: int = 0
    patience: timedelta = timedelta(seconds=20)

    def __post_init__(self) -> None:
        if not self.ticks_per_second.is_finite() or not 0 < self.ticks_per_second <= MOST_TICKS_PER_SECOND:
            raise InvalidValue(
                f"Expected above 0 and at most {MOST_TICKS_PER_SECOND} ticks a second, was {self.ticks_per_second}."
            )
        if min(self.gap_days, self.split_days, self.halt_days, self.freeze_hours) < 0:
            raise InvalidValue("Expected days and hours of disturbances of 0 or more, was one below.")
        if 0 < self.split_days < LEAST_SPLIT_DAYS:
            raise InvalidValue(f"Expected a split in {LEAST_SPLIT_DAYS} days or more, was {self.split_days}.")

    @property
    def tick(self) -> timedelta:
        """The time between two prices of a symbol."""
        return timedelta(microseconds=int(1_000_000 / self.ticks_per_second))

    @property
    def capabilities(self) -> Capabilities:
        """All but exchange rates, and the mark that nothing of it is real."""
        return Capabilities(
            operations=frozenset(Operation) - {Operation.EXCHANGE_RATES},
            classes=frozenset({InstrumentClass.EQUITY, InstrumentClass.FUND, InstrumentClass.CRYPTO}),
            terms=TERMS,
            is_simulated=True,
        )
