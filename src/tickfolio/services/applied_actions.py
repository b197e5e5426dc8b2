"""Corporate actions that are known, applied to what is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import instruments_of
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.applied_actions import BeginsAt
from tickfolio.domain.ledger.completed import WithActions, completed
from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.domain.valuation.windows import day_begins
from tickfolio.persistence.selectors.actions import dismissed_in, standing_actions
from tickfolio.persistence.tenancy import System
from tickfolio.runtime.calendars import calendar_for

DERIVING = System("corporate actions")


def with_actions(
    transactions: Sequence[Transaction],
    *,
    options: Mapping[AccountId, AccountOptions],
    instruments: Mapping[Symbol, Instrument],
    base_value: BaseValue,
    upto: int | None = None,
) -> WithActions:
    """`transactions` with all that is known of their instruments; one query, and one more and a fold where there is anything.

    What is known is of instruments that feeds offer: one that only the portfolio knows is none of them, whatever its symbol.

    Args:
        upto: the newest corporate action that counts; None for all.
    """
    offered = {symbol for symbol, each in instruments.items() if each.mic != PRIVATE_MIC}
    symbols = {symbol for each in transactions for symbol in symbols_of(each)} & offered
    # An action is of use where every instrument that it names is known.
    known = [fact for fact in standing_actions(symbols, upto=upto) if offered >= set(instruments_of(fact.action))]
    return completed(
        transactions,
        known,
        options=options,
        begins_at=days_of(instruments),
        base_value=base_value,
        dismissed=dismissed_in(options, actor=DERIVING) if known else frozenset(),
    )


def days_of(instruments: Mapping[Symbol, Instrument]) -> BeginsAt:
    """When a day begins at the exchange of an instrument; in UTC where it has none."""

    def begins_at(symbol: Symbol, day: date) -> datetime:
        zone = zones.get(symbol)
        if zone is None:
            instrument = instruments.get(symbol)
            is_listed = instrument is not None and instrument.mic != PRIVATE_MIC
            zone = zones[symbol] = calendar_for(instrument.mic).zone if is_listed and instrument else ZoneInfo("UTC")
        return day_begins(day, zone)

    zones: dict[Symbol, ZoneInfo] = {}
    return begins_at
