"""Where somebody writes: their zone and decimal mark, the market's moment, the accounts and exchanges at hand."""

from __future__ import annotations

from datetime import datetime

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services import market, people, suggestions, transactions
from tickfolio.services.market_time import market_now
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.forms.moments import DayReading
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.forms.transactions import Desk


def desk_of(actor: Person, portfolio: PortfolioView, *, kept_at: datetime | None = None) -> Desk:
    """The desk of a person at a portfolio; `kept_at` is the moment of the transaction that is edited."""
    preferences = people.preferences_of(actor.user_id)

    def match_of(symbol: str) -> InstrumentMatch | None:
        found = suggestions.instrument_search(actor=actor, portfolio_id=portfolio.id, text=symbol)
        return next((match for match in found if match.symbol == symbol.strip().upper()), None)

    currencies = {account.currency for account in portfolio.accounts} | {portfolio.base_currency}
    return Desk(
        mark=decimal_mark(preferences.locale),
        reading=DayReading(zone=preferences.time_zone, now=market_now()),
        accounts=portfolio.accounts,
        currencies=sorted(currencies),
        calendar_of=calendar_of,
        kept_at=kept_at,
        bought_of=lambda symbol: transactions.bought_of(actor=actor, portfolio_id=portfolio.id, symbol=symbol),
        match_of=match_of,
    )


def calendar_of(symbol: str) -> ExchangeCalendar | None:
    """The sessions of the exchange that a symbol is traded at; None where no feed offers it."""
    wanted = symbol.strip().upper()
    mic = next((row.mic for row in market.instrument_rows() if row.symbol == wanted), None)
    try:
        return None if mic is None else exchange_calendar(mic)
    except InvalidValue:  # an exchange whose sessions do not ship
        return None
