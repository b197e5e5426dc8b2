"""What a portfolio has of one instrument: its rows as the portfolio's page shows them, their open lots, its own trades."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.trades import Buy, Sell
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.domain.valuation.lot_values import OpenLot, open_lots_of, values_of_lots
from tickfolio.domain.valuation.open_gains import OpenBase, OpenGain, open_gains
from tickfolio.domain.valuation.valuation import Row, RowKind, Totals, Worth
from tickfolio.errors import MissingRate
from tickfolio.persistence.selectors.instrument_pages import symbols_of_instrument
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.calendars import calendar_for
from tickfolio.services.as_of import ledger_as_of
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.valuations import RecordedMarket, recorded_market, value_of
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class ValuedLot:
    """An open lot with its part of the holding's value; None where the holding has none."""

    lot: OpenLot
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class HeldInAccount:
    """The instrument in one account.

    Attributes:
        gain: with the parts of what is not realized; None of a position that was closed in its day.
    """

    row: Row
    gain: OpenGain | None
    lots: tuple[ValuedLot, ...]

    @property
    def cost_now(self) -> Decimal | NotAvailable:
        """The cost at the rates in force now: value less this is the price part of the gain."""
        if self.gain is None:
            return NotAvailable(phrase("nothing of it is held"))
        return self.gain.base.cost_now if isinstance(self.gain.base, OpenBase) else self.gain.base


@dataclass(frozen=True, slots=True)
class OwnTrades:
    """How often the portfolio bought or sold on a day of the exchange."""

    day: date
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class InstrumentHeld:
    """One instrument in a portfolio, at the prices recorded last.

    Attributes:
        parts: by account; empty where nothing is held and nothing was today.
        rate: how much of the base currency one unit of the instrument's is worth; None where they are one, or none is known.
        unit: what a quantity of 1 at a price of 1 is worth, in the instrument's currency.
        head: the newest change that was counted.
    """

    base: Currency
    totals: Totals
    parts: tuple[HeldInAccount, ...]
    rate: Decimal | None
    unit: Decimal
    head: int
    at: datetime
    trades: tuple[OwnTrades, ...]


def instrument_held(
    *,
    actor: Actor,
    portfolio_id: str,
    symbol: Symbol,
    market: RecordedMarket | None = None,
    instrument: Instrument | None = None,
) -> InstrumentHeld:
    """What a portfolio has of an instrument that is known here.

    Args:
        instrument: the portfolio's own, where it is of that one that is asked.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    market = market or recorded_market()
    rates = rate_table_now()
    with ledger_as_of(actor=actor, portfolio_id=portfolio_id, market=market) as seen:
        book, living = seen.held.book, seen.shelf.living()
        valuation = value_of(seen.shelf, seen.market)
        facts = BaseRates(book.base, rates)
        current = CurrentRates(facts, seen.market.at)
        rows = [row for row in valuation.rows if row.kind is RowKind.HOLDING and row.symbol == symbol]
        gains = open_gains(
            rows, position_of=lambda account, each: living.account(account).ledger.position(each), rates=current
        )
        lots = {row.key: open_lots_of(living.account(row.account).ledger.position(symbol), facts) for row in rows}
        # A feed may know another instrument by the symbol of a private one.
        instrument = rows[0].instrument if rows and rows[0].instrument else instrument or market.instruments[symbol]
        return InstrumentHeld(
            base=book.base,
            totals=valuation.totals,
            parts=tuple(_part(row, gains, lots[row.key], book.base) for row in rows),
            rate=_rate(instrument, current),
            unit=unit_value(instrument),
            head=seen.held.head,
            at=seen.market.at,
            trades=tuple(_trades(book.transactions, instrument, until=seen.market.at)),
        )


def _part(row: Row, gains: Iterable[OpenGain], lots: tuple[OpenLot, ...], base: Currency) -> HeldInAccount:
    values: tuple[Decimal | None, ...] = (None,) * len(lots)
    if isinstance(row.worth, Worth) and row.quantity:
        values = values_of_lots(row.worth.value, [lot.quantity for lot in lots], places=base.minor_unit)
    return HeldInAccount(
        row=row,
        gain=next((gain for gain in gains if gain.account == row.account), None),
        lots=tuple(ValuedLot(lot, value) for lot, value in zip(lots, values, strict=True)),
    )


def _rate(instrument: Instrument, current: CurrentRates) -> Decimal | None:
    if instrument.currency == current.base:
        return None
    try:
        return current.rate(instrument.currency)
    except MissingRate:
        return None


def _trades(transactions: Iterable[Transaction], instrument: Instrument, *, until: datetime) -> Iterator[OwnTrades]:
    symbols, zone = symbols_of_instrument(instrument.symbol), calendar_for(instrument.mic).zone
    counts: dict[tuple[date, str], int] = {}
    for each in transactions:
        if not isinstance(each, (Buy, Sell)) or each.symbol not in symbols or each.at > until:
            continue
        key = _day_of(each.at, zone), "buy" if isinstance(each, Buy) else "sell"
        counts[key] = counts.get(key, 0) + 1
    yield from (OwnTrades(day, kind, count) for (day, kind), count in sorted(counts.items()))


def _day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
