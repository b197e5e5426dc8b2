"""The gains report of a portfolio, by what the market has reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.market.fx import Rates
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.domain.valuation.open_gains import OpenGain, open_gains
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.services.valuations import value_of

__all__ = ["GainsReport", "PortfolioView", "Wanted"]


@dataclass(frozen=True, slots=True)
class GainsNow:
    """All gains of a portfolio at one moment of the market: of what was closed and of what is held.

    Attributes:
        holdings: what is held.
        value: of all rows that have one, as the portfolio's page shows it.
        all_gains: where all that was gained comes from, exact.
    """

    report: GainsReport
    holdings: tuple[OpenGain, ...]
    value: Decimal
    all_gains: Gains | NotAvailable


def gains_report(*, actor: Actor, portfolio_id: str, as_of: AsOf = NOW) -> GainsReport:
    """All that a portfolio closed until a moment, with its holding periods as they are set now.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    rates = rate_table_now()
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id) as seen:
        periods = portfolio_view(actor=actor, portfolio_id=portfolio_id).periods
        return _report(seen.shelf.living(), rates, seen.market.at, periods)


def gains_now(*, actor: Actor, portfolio_id: str, as_of: AsOf = NOW) -> GainsNow:
    """The same report with what is held, at the prices of the moment.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    rates = rate_table_now()
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id) as seen:
        book, living, market = seen.held.book, seen.shelf.living(), seen.market
        valuation = value_of(seen.shelf, market)
        facts = BaseRates(book.base, rates)
        periods = portfolio_view(actor=actor, portfolio_id=portfolio_id).periods
        return GainsNow(
            report=_report(living, rates, market.at, periods),
            holdings=open_gains(
                valuation.rows,
                position_of=lambda account, symbol: living.account(account).ledger.position(symbol),
                rates=CurrentRates(facts, market.at),
            ),
            value=valuation.totals.value,
            all_gains=living.gains(quote_of=market.quotes.get, rates=rates, at=market.at),
        )


def _report(living: LivePortfolio, rates: Rates, at: datetime, periods: HoldingPeriods) -> GainsReport:
    """The report as of `at`; the one that was made before where nothing has been closed, paid or booked since."""
    ledgers, book = living.ledgers(rates=rates, at=at), living.book
    return living.settled(
        f"gains report, {periods}",
        GainsReport,
        lambda: GainsReport(ledgers, book, rates=BaseRates(book.base, rates), periods=periods),
    )
