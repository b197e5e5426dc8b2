"""Some rows of a portfolio, by what they have in common.

**Source**: docs/reference/explained-figures.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tickfolio.domain.valuation.attribution import Contribution, GainParts, contribution_of
from tickfolio.domain.valuation.valuation import Row


@dataclass(frozen=True, slots=True)
class Chosen:
    """What rows must have; empty where that does not matter.

    Attributes:
        instrument_class: or that of cash.
        currency: of the instrument, the cash or what is due.
    """

    account: str = ""
    symbol: str = ""
    instrument_class: str = ""
    currency: str = ""

    def takes(self, each: Contribution) -> bool:
        """Whether what a row gave is of these rows."""
        return (
            self.account in ("", each.account)
            and self.symbol in ("", each.symbol)
            and self.instrument_class in ("", each.instrument_class)
            and self.currency in ("", each.currency.code)
        )

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """Those of `rows`."""
        return [row for row in rows if self.takes(contribution_of(row, GainParts()))]
