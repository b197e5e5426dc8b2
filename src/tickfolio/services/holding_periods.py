"""How a portfolio counts the time for which something was held, changed."""

from __future__ import annotations

from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.persistence.models import Portfolio
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import Kind, held_portfolio
from tickfolio.services.portfolios import PortfolioView, portfolio_view


def holding_periods_change(*, actor: Actor, portfolio_id: str, periods: HoldingPeriods) -> PortfolioView:
    """Another day count, or another number of months after which something was held for long.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.HOLDING_PERIODS_CHANGE) as held:
        Portfolio.objects.for_actor(actor).filter(pk=held.row.pk).update(
            day_count=periods.day_count.value, long_term_months=periods.long_term_months
        )
        held.announce(Kind.PORTFOLIO_CHANGED)
    return portfolio_view(actor=actor, portfolio_id=portfolio_id)
