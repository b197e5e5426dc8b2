"""How an account's lots are matched and its costs are counted.

**Source**: docs/reference/definitions.md, section Cost basis and lots.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CostMethod(StrEnum):
    """Which lots a sale takes, and what they cost.

    FIFO, LIFO: the ones acquired first, or last.
    HIFO: the ones of the highest cost per unit in the base currency, of equal ones the oldest.
    AVERAGE: each unit costs the average of the open position; the oldest ones go.
    SPECIFIC: the ones that the sale names; where it names none, the oldest.
    """

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    AVERAGE = "average"
    SPECIFIC = "specific"


class CashMethod(StrEnum):
    """At which rates cash goes out: those of what came in first, or the average of all that is there."""

    FIFO = "fifo"
    AVERAGE = "average"


class ActionRule(StrEnum):
    """Which corporate actions that are known of an instrument an account takes by itself.

    ALL: also those that pay.
    UNITS: only those that change units: splits, stock dividends, spin-offs, mergers without cash and new symbols.
    NONE: all of them are booked by hand or come in files.
    """

    ALL = "all"
    UNITS = "units"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What an account chose.

    Attributes:
        fees_in_cost: whether fees and taxes of a trade are part of its cost and proceeds; if not, they are fees and taxes
            of their own.
        allows_shorts: whether more may be sold than is held.
        actions: which corporate actions are applied.
    """

    method: CostMethod = CostMethod.FIFO
    cash_method: CashMethod = CashMethod.FIFO
    fees_in_cost: bool = True
    allows_shorts: bool = False
    actions: ActionRule = ActionRule.ALL

    @property
    def needs_base(self) -> bool:
        """Whether lots can be matched only when their cost in the base currency is known."""
        return self.method in (CostMethod.HIFO, CostMethod.AVERAGE) or self.cash_method is CashMethod.AVERAGE


DEFAULT_OPTIONS = AccountOptions()
