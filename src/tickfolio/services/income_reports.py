"""What a portfolio was paid, what it will be paid as far as that is known, and what its holdings yield."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.applied_actions import ActionOutcome
from tickfolio.domain.ledger.held_units import ZERO
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.money import EXACT, Currency
from tickfolio.domain.valuation.base_rates import CurrentRates
from tickfolio.domain.valuation.coming_payments import (
    ComingPayment,
    RepeatedPayment,
    coming_payments,
    repeated_payments,
)
from tickfolio.domain.valuation.income_yields import Yield, yields_of
from tickfolio.domain.valuation.payments import BasePayment, Payment, ZoneOf, payments_of, since_a_year
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Row, RowKind
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.action_inbox import proposed_in
from tickfolio.services.applied_actions import days_of
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.valuations import RecordedMarket, value_of

__all__ = ["IncomeReport", "Yield"]


@dataclass(frozen=True, slots=True)
class IncomeReport:
    """The income of a portfolio at one moment of the market.

    Attributes:
        at: the moment, and `today` its day in the owner's zone.
        payments: all that counts, the newest first.
        year: those of the twelve months up to today.
        yields: of what is held, by those.
        coming: known and still to be made.
        repeated: what would come if the last year were repeated; nobody has said so.
        missing: dividends whose ex-date has come while something was held, and that are not booked.
        instruments: of every symbol that was booked.
        accounts: their names.
    """

    base: Currency
    at: datetime
    today: date
    payments: tuple[Payment, ...]
    year: tuple[Payment, ...]
    yields: tuple[Yield, ...]
    coming: tuple[ComingPayment, ...]
    repeated: tuple[RepeatedPayment, ...]
    missing: tuple[ActionOutcome, ...]
    instruments: Mapping[Symbol, Instrument]
    accounts: Mapping[AccountId, str]


def income_report(
    *, actor: Actor, portfolio_id: str, as_of: AsOf = NOW, market: RecordedMarket | None = None
) -> IncomeReport:
    """The income of a portfolio at a moment.

    Args:
        market: as it is recorded now, where that has been read already.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    table = rate_table_now()
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id, market=market) as seen:
        book, at, outcomes = seen.held.book, seen.market.at, seen.held.outcomes
        rows = value_of(seen.shelf, seen.market).rows
        living = seen.shelf.living()
        ledgers = living.ledgers(rates=table, at=at)
        facts, zone_of, today = living.facts(table), _zones(book.instruments), at.astimezone(book.zone).date()
        current = CurrentRates(facts, at)
        payments = _kept_payments(living, lambda: payments_of(ledgers, book, rates=facts, at=at, zone_of=zone_of))
        coming = coming_payments(
            payments, outcomes, book, rates=current, begins_at=days_of(book.instruments), zone_of=zone_of
        )
        year = tuple(since_a_year(payments, today))
        return IncomeReport(
            base=book.base,
            at=at,
            today=today,
            payments=payments,
            year=year,
            yields=yields_of(rows, year),
            coming=coming,
            repeated=repeated_payments(
                payments,
                coming,
                units=_units(rows),
                splits={
                    (account.id, symbol): tuple(position.splits)
                    for account, ledger in ledgers
                    for symbol, position in ledger.positions.items()
                    if position.splits
                },
                rates=current,
                today=today,
            ),
            missing=tuple(each for each in proposed_in(seen.held, at=at) if isinstance(each.fact.action, CashDividend)),
            instruments=book.instruments,
            accounts={account.id: account.name for account in book.accounts},
        )


@dataclass(frozen=True, slots=True)
class _Payments:
    all: tuple[Payment, ...]
    is_whole: bool


def _kept_payments(living: LivePortfolio, make: Callable[[], tuple[Payment, ...]]) -> tuple[Payment, ...]:
    """What `make` gives, made once as long as nothing else has been booked or reached.

    Where one says why it has no amount in the base currency, they are made each time: each reader has a language.
    """

    def made() -> _Payments:
        payments = make()
        return _Payments(payments, all(isinstance(each.base, BasePayment) for each in payments))

    kept = living.settled("payments", _Payments, made)
    return kept.all if kept.is_whole else make()


def _units(rows: tuple[Row, ...]) -> dict[Symbol, Decimal]:
    """What is held now, of all accounts together."""
    held: dict[Symbol, Decimal] = {}
    for row in rows:
        if row.kind is RowKind.HOLDING and row.symbol is not None:
            held[row.symbol] = EXACT.add(held.get(row.symbol, ZERO), row.quantity)
    return held


def _zones(instruments: Mapping[Symbol, Instrument]) -> ZoneOf:
    """The zone of an instrument's exchange; UTC where it has none."""

    def zone_of(symbol: Symbol) -> ZoneInfo:
        instrument = instruments[symbol]
        return ZoneInfo("UTC") if instrument.mic == PRIVATE_MIC else calendar_for(instrument.mic).zone

    return zone_of
