"""Where the European Central Bank's rates are, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from tickfolio.feeds.feed import Capabilities, Operation
from tickfolio.feeds.rate_limit import Budget

TERMS = (
    "The European Central Bank's euro reference rates, free of charge where the source is named. "
    "They are for information only: the bank discourages their use for transactions."
)
BUDGET = Budget(requests=10, period=timedelta(minutes=1))
"""The bank names no limit; a day needs one request."""


@dataclass(frozen=True, slots=True)
class EcbConfig:
    """How the bank is asked."""

    http_url: str = "https://www.ecb.europa.eu/stats/eurofxref"
    budget: Budget = BUDGET

    @property
    def folder_url(self) -> str:
        """The folder of the bank's files, where `http_url` names the host alone as well."""
        base = self.http_url.rstrip("/")
        return base if urlsplit(base).path else f"{base}/stats/eurofxref"

    @property
    def capabilities(self) -> Capabilities:
        """Exchange rates, and nothing else."""
        return Capabilities(
            operations=frozenset({Operation.EXCHANGE_RATES}), classes=frozenset(), mics=frozenset(), terms=TERMS
        )
