"""What portfolios are worth: the first paint of a page, before the socket takes over, and any moment before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Valuation
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.ledgers import HeldBook
from tickfolio.services.valuations import RecordedMarket, value_of


@dataclass(frozen=True, slots=True)
class ValuedPortfolio:
    """A portfolio's rows and totals at a moment of the market, with what was booked up to `head`: the book that is valued."""

    portfolio_id: str
    head: int
    at: datetime
    valuation: Valuation
    held: HeldBook


def valuation_of(
    *,
    actor: Actor,
    portfolio_id: str,
    as_of: AsOf = NOW,
    market: RecordedMarket | None = None,
    base: Currency | None = None,
) -> ValuedPortfolio:
    """A portfolio as of what was recorded last, or as of another moment.

    Args:
        market: as `recorded_market` gives it; handed over where several portfolios are valued at once.
        base: the currency to value it in, as if it were its base currency; None for its own.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id, market=market, base=base) as seen:
        return ValuedPortfolio(
            portfolio_id, seen.held.head, seen.market.at, value_of(seen.shelf, seen.market), seen.held
        )
