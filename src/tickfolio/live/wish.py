"""What a socket asks for before it is known whether it may have it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """That a socket wants to watch a portfolio, and the request that said so."""

    portfolio: str
    totals_only: bool
    request_id: int | None
