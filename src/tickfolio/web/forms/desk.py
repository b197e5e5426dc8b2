"""What a form of transactions knows of who writes in it, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.services.open_lots import PositionLot
from tickfolio.services.portfolios import AccountView
from tickfolio.web.forms.moments import DayReading
from tickfolio.web.forms.numbers import DecimalMark


def _no_lots(_account: str, _symbol: str, _at: datetime) -> Sequence[PositionLot]:
    return ()


def _no_match(_symbol: str) -> InstrumentMatch | None:
    return None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody writes: their decimal mark, the day it is, the accounts and currencies at hand.

    Attributes:
        match_of: an instrument by its symbol; None where nobody knows it.
        calendar_of: the sessions of a symbol's exchange; None where no feed offers the symbol.
        lots_of: the lots of an account and a symbol at a moment.
        kept_at: of a transaction that is edited, its moment, which fields cannot show to its last digit.
        kept_lots: of a transaction that is edited, its lots.
    """

    mark: DecimalMark
    reading: DayReading
    accounts: Sequence[AccountView]
    currencies: Sequence[str]
    calendar_of: Callable[[str], ExchangeCalendar | None]
    kept_at: datetime | None = None
    match_of: Callable[[str], InstrumentMatch | None] = _no_match
    kept_lots: Sequence[KeptLot] = ()
    lots_of: Callable[[str, str, datetime], Sequence[PositionLot]] = _no_lots
