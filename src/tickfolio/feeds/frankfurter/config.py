"""Where Frankfurter is, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

TERMS = (
    "A free service of volunteers, without a key and without a promise; it can be run on one's own machine. "
    "The rates are the European Central Bank's and are for information only."
)
BUDGET = Budget(requests=30, period=timedelta(minutes=1))
"""Frankfurter names no limit; a quarter of a year needs one request."""


@dataclass(frozen=True, slots=True)
class FrankfurterConfig:
    """How Frankfurter is asked; `http_url` may be an instance of one's own."""

    http_url: str = "https://api.frankfurter.dev"
    budget: Budget = BUDGET

    @property
    def capabilities(self) -> Capabilities:
        """Exchange rates, and nothing else."""
        return Capabilities(
            operations=frozenset({Operation.EXCHANGE_RATES}), classes=frozenset(), mics=frozenset(), terms=TERMS
        )
