"""Where somebody writes: their zone and decimal mark, the market's moment, the accounts and exchanges at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.errors import InvalidSymbol, InvalidValue
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services import open_lots, people, suggestions
from tickfolio.services.market_time import market_now
from tickfolio.services.open_lots import PositionLot
from tickfolio.services.portfolios import PortfolioView
from tickfolio.services.transactions import TransactionView
from tickfolio.web.forms.moments import DayReading
from tickfolio.web.forms.numbers import decimal_mark
from tickfolio.web.forms.transactions import Desk


def desk_of(actor: Person, portfolio: PortfolioView, *, kept: TransactionView | None = None) -> Desk:
    """The desk of a person at a portfolio; `kept` is the transaction that is edited."""
    preferences = people.preferences_of(actor.user_id)

    def match_of(symbol: str) -> InstrumentMatch | None:
        found = suggestions.instrument_search(actor=actor, portfolio_id=portfolio.id, text=symbol)
        return next((match for match in found if match.symbol == symbol.strip().upper()), None)

    currencies = {account.currency for account in portfolio.accounts} | {portfolio.base_currency}

    @cache  # a page asks up to three times for the same
    def lots_of(account_id: str, symbol: str, at: datetime) -> Sequence[PositionLot]:
        return open_lots.lots_of(
            actor=actor,
            portfolio_id=portfolio.id,
            account_id=account_id,
            symbol=symbol,
            at=at,
            without=kept.id if kept else None,
        )

    return Desk(
        mark=decimal_mark(preferences.locale),
        reading=DayReading(zone=preferences.time_zone, now=market_now()),
        accounts=portfolio.accounts,
        currencies=sorted(currencies),
        calendar_of=calendar_in(actor, portfolio.id),
        kept_at=kept.at if kept else None,
        kept_lots=kept.lots if kept else (),
        lots_of=lots_of,
        match_of=match_of,
    )


def calendar_in(actor: Person, portfolio_id: str) -> Callable[[str], ExchangeCalendar | None]:
    """The sessions of the exchange of what a portfolio means by a symbol; None where no feed offers that."""

    def calendar_of(symbol: str) -> ExchangeCalendar | None:
        try:
            wanted = normalise_symbol(symbol)
        except InvalidSymbol:
            return None
        known = suggestions.instrument_known(actor=actor, portfolio_id=portfolio_id, symbol=wanted)
        return _calendar_at(None if known is None else known.mic)

    return calendar_of


def calendars_of(instruments: Mapping[Symbol, Instrument]) -> Callable[[str], ExchangeCalendar | None]:
    """As `calendar_in`, for the instruments of a portfolio, which are known already."""

    def known(symbol: str) -> ExchangeCalendar | None:
        instrument = instruments.get(Symbol(symbol))
        return None if instrument is None else _calendar_at(instrument.mic)

    return known


def _calendar_at(mic: str | None) -> ExchangeCalendar | None:
    try:
        return None if mic is None else exchange_calendar(mic)
    except InvalidValue:  # an exchange whose sessions do not ship
        return None
