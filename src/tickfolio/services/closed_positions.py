"""Positions that are held no more: what each brought over its life, and when the last of it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.gain_rows import GainRow, GainTotals, gain_totals
from tickfolio.domain.valuation.gains_report import GainsReport, Wanted
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import NOW, AsOf, ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now


@dataclass(frozen=True, slots=True)
class ClosedPosition:
    """An instrument that an account held once and holds no more.

    Attributes:
        opened: when the first lot was acquired; not available where that came without its date.
        closed: when the last lot went; both days in the owner's time zone.
        totals: of all its closed lots, in the base currency.
    """

    account: str
    account_name: str
    symbol: Symbol
    name: str
    opened: date | NotAvailable
    closed: date
    totals: GainTotals


@dataclass(frozen=True, slots=True)
class ClosedPositions:
    """All of a portfolio, the one that was closed last first, and what they sum to."""

    positions: tuple[ClosedPosition, ...]
    totals: GainTotals


def closed_positions(*, actor: Actor, portfolio_id: str, as_of: AsOf = NOW) -> ClosedPositions:
    """The positions that are closed at a moment.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the day is still to come.
    """
    rates = rate_table_now()
    with ledger_as_of(as_of, actor=actor, portfolio_id=portfolio_id) as seen:
        book = seen.held.book
        ledgers = seen.shelf.living().ledgers(rates=rates, at=seen.market.at)
        report = GainsReport(ledgers, book, rates=BaseRates(book.base, rates))
        is_open = {
            (facts.id, symbol)
            for facts, ledger in ledgers
            for symbol, position in ledger.positions.items()
            if position.quantity
        }
        rows = [row for row in report.rows(Wanted()) if (row.account.id, row.symbol) not in is_open]
    places = book.base.minor_unit
    by_position: dict[tuple[str, Symbol], list[GainRow]] = {}
    for row in rows:
        by_position.setdefault((row.account.id, row.symbol), []).append(row)
    made = (_position(each, places=places) for each in by_position.values())
    return ClosedPositions(
        positions=tuple(sorted(made, key=lambda each: (-each.closed.toordinal(), each.symbol, each.account))),
        totals=gain_totals(rows, places=places),
    )


def _position(rows: list[GainRow], *, places: int) -> ClosedPosition:
    last = rows[-1]
    return ClosedPosition(
        account=last.account.id,
        account_name=last.account.name,
        symbol=last.symbol,
        name=last.name,
        opened=_earliest(row.acquired for row in rows),
        closed=max(row.closed for row in rows),
        totals=gain_totals(rows, places=places),
    )


def _earliest(days: Iterable[date | NotAvailable]) -> date | NotAvailable:
    """The earliest day; not available where any is not, since that may be the earliest."""
    earliest: date | None = None
    for day in days:
        if isinstance(day, NotAvailable):
            return day
        earliest = day if earliest is None else min(earliest, day)
    assert earliest is not None  # a closed position has a closed lot
    return earliest
