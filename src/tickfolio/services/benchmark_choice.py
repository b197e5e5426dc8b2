"""The benchmark that a portfolio is measured against unless another one is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from tickfolio.errors import InvalidValue
from tickfolio.persistence.models import Portfolio
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.benchmarks import possible_benchmarks
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import Kind, held_portfolio
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.services.valuations import recorded_market
from tickfolio.words import phrase


def benchmarks_on_offer() -> Mapping[str, str]:
    """The names of the instruments that can be chosen, by symbol."""
    return possible_benchmarks(recorded_market())


def benchmark_choose(*, actor: Actor, portfolio_id: str, symbol: str) -> PortfolioView:
    """Remembers a benchmark for everybody who sees the portfolio.

    Args:
        symbol: of an instrument with a history of prices; empty for none.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidValue: there is no such instrument with a history.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.BENCHMARK_CHOOSE) as held:
        if symbol and symbol not in benchmarks_on_offer():
            raise InvalidValue(
                phrase("Expected an instrument with a history of prices, was {symbol}.", symbol=repr(symbol[:40]))
            )
        Portfolio.objects.for_actor(actor).filter(pk=held.row.pk).update(benchmark=symbol)
        held.announce(Kind.PORTFOLIO_CHANGED)
    return portfolio_view(actor=actor, portfolio_id=portfolio_id)
