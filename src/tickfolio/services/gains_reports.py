"""The gains report of a portfolio, by what the market has reached."""

from __future__ import annotations

from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.ledgers import shelf_of
from tickfolio.services.market_time import market_now
from tickfolio.services.portfolios import PortfolioView, portfolio_view

__all__ = ["GainsReport", "PortfolioView", "Wanted"]


def gains_report(*, actor: Actor, portfolio_id: str) -> GainsReport:
    """All that a portfolio closed until the market's moment, with its holding periods as they are set now.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    rates = rate_history()
    with shelf_of(actor=actor, portfolio_id=portfolio_id) as shelf:
        book = shelf.refresh().book
        ledgers = shelf.living().ledgers(rates=rates, at=market_now())
        periods = portfolio_view(actor=actor, portfolio_id=portfolio_id).periods
        return GainsReport(ledgers, book, rates=BaseRates(book.base, rates), periods=periods)
