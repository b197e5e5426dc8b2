"""The portfolios of the side bar, each with its day so far."""

from __future__ import annotations

from dataclasses import dataclass

from tickfolio.domain.valuation.valuation import Totals
from tickfolio.errors import TickfolioError
from tickfolio.persistence.tenancy import Person
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import PortfolioView, portfolios_of
from tickfolio.services.valuations import RecordedMarket, has_value, recorded_market
from tickfolio.web.holding_texts import NO_FIGURE, Figure, percent


@dataclass(frozen=True, slots=True)
class RailEntry:
    """A portfolio of the side bar."""

    id: str
    name: str
    currency: str
    day_percent: Figure


NO_ENTRY = RailEntry(id="", name="", currency="", day_percent=NO_FIGURE)
"""What the scripts copy for a portfolio that comes while the page is open."""


def rail_of(actor: Person) -> tuple[RailEntry, ...]:
    """Every portfolio of `actor` by name. One that cannot be valued keeps its link: a dash stands in its place."""
    portfolios = portfolios_of(actor=actor)
    if not portfolios:
        return ()
    market = recorded_market()
    return tuple(rail_entry(each, _totals(actor, each, market)) for each in portfolios)


def rail_entry(portfolio: PortfolioView, totals: Totals | None) -> RailEntry:
    """A portfolio whose totals are known, or None where it cannot be valued."""
    is_known = totals is not None and has_value(totals)
    day_percent = percent(totals.day_percent) if totals is not None and is_known else NO_FIGURE
    return RailEntry(portfolio.id, portfolio.name, portfolio.base_currency, day_percent)


def _totals(actor: Person, portfolio: PortfolioView, market: RecordedMarket) -> Totals | None:
    try:
        return valuation_of(actor=actor, portfolio_id=portfolio.id, market=market).valuation.totals
    except TickfolioError:
        return None
