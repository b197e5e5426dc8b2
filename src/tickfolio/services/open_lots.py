"""The lots of a position at a moment, which a sale or a transfer may choose of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all
from tickfolio.domain.ledger.lots import ZERO, Lot, total_of
from tickfolio.domain.ledger.transactions import AccountId, Booking, Transaction, TransactionId, is_after
from tickfolio.domain.money import MAX_PRICE_PLACES, ROUNDING, Currency, rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.revalue import PortfolioBook
from tickfolio.errors import ImpossibleLedger
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.as_of import AsOf, ledger_as_of
from tickfolio.services.position_links import base_value_of


@dataclass(frozen=True, slots=True)
class PositionLot:
    """What one transaction brought of an instrument, and what is left of it.

    Attributes:
        acquired_at: when it was acquired, or the first of it was: a transfer may bring what was bought at several times.
        last_acquired_at: when the last of it was.
        quantity: what is left; 0 where nothing is.
        unit_cost: what one unit of that cost; None where that is not known.
    """

    transaction_id: str
    acquired_at: datetime
    last_acquired_at: datetime
    quantity: Decimal
    unit_cost: Decimal | None
    currency: Currency | None


def lots_of(
    *,
    actor: Actor,
    portfolio_id: str,
    account_id: str,
    symbol: str,
    at: datetime,
    without: str | None = None,
    known_by: datetime | None = None,
) -> tuple[PositionLot, ...]:
    """The lots that an account has and has had of a symbol at a moment, oldest first; none where the ledger cannot say.

    Those of which nothing is left are among them, so that the second lot of a day stays the second.

    Args:
        without: a transaction that is edited; what it took is there, and only what is before it counts.
        known_by: a moment of real time: what was recorded later does not count. None: all counts.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    with ledger_as_of(AsOf(known_by=known_by), actor=actor, portfolio_id=portfolio_id) as seen:
        book = seen.held.book
    account = AccountId(account_id)
    try:
        ledger = _ledger(book, account, at=at, without=without)
    except ImpossibleLedger:  # as it may be without the transaction that is edited
        return ()
    position = None if ledger is None else ledger.positions.get(Symbol(symbol.strip().upper()))
    if ledger is None or position is None:
        return ()
    order = {each.id: each.sequence for each in book.transactions}
    held: dict[TransactionId, list[Lot]] = {}
    for lot in position.open_lots():
        if lot.quantity > ZERO:
            held.setdefault(lot.transaction, []).append(lot)
    acquired: dict[TransactionId, list[datetime]] = {}
    for id_, moment in _acquired(ledger, position.symbol):
        acquired.setdefault(id_, []).append(moment)
    found = (_lot(id_, moments, held.get(id_, [])) for id_, moments in acquired.items())
    return tuple(sorted(found, key=lambda lot: (lot.acquired_at, order.get(TransactionId(lot.transaction_id), 0))))


def _ledger(book: PortfolioBook, account: AccountId, *, at: datetime, without: str | None) -> AccountLedger | None:
    """The account as it is at `at`, with all that happens then."""
    if account not in {each.id for each in book.accounts}:
        return None
    edited = next((each for each in book.transactions if each.id == without), None)
    accounts, transactions = book.group_of(account)
    before = [each for each in transactions if _counts(each, at=at, edited=edited)]
    return fold_all({each.id: each.options for each in accounts}, before, base_value=base_value_of(book.base.code))[
        account
    ]


def _counts(transaction: Transaction, *, at: datetime, edited: Booking | None) -> bool:
    if edited is None:
        return transaction.at <= at
    if transaction.id == edited.id:
        return False
    # Of the edited one's own moment the order of entry decides; of another moment it will be no different.
    return transaction.at < at or (transaction.at == at and not is_after(transaction, _moved(edited, at)))


def _moved(edited: Booking, at: datetime) -> Booking:
    return Booking(id=edited.id, account=edited.account, at=at, sequence=edited.sequence)


def _acquired(ledger: AccountLedger, symbol: Symbol) -> Iterator[tuple[TransactionId, datetime]]:
    """What brought a lot of a symbol, and when it was acquired: of what is open, was closed or was handed on."""
    position = ledger.positions[symbol]
    yield from ((lot.transaction, lot.acquired_at) for lot in position.lots if lot.quantity > ZERO)
    yield from ((lot.opened_by, lot.acquired_at) for lot in position.closed if not lot.is_short)
    for flow in ledger.lot_flows:
        if flow.symbol == symbol:
            yield from ((lot.transaction, lot.acquired_at) for lot in flow.lots)


def _lot(id_: TransactionId, acquired: Iterable[datetime], held: list[Lot]) -> PositionLot:
    moments = sorted(acquired)
    quantity = total_of(held)
    currencies = {lot.cost.stated.currency for lot in held}
    unit_cost = None
    if quantity and len(currencies) == 1 and all(lot.cost.is_known for lot in held):
        cost = exact_sum(lot.cost.stated.amount for lot in held)
        unit_cost = rounded(ROUNDING.divide(cost, quantity), places=MAX_PRICE_PLACES)
    currency = currencies.pop() if unit_cost is not None else None
    return PositionLot(id_, moments[0], moments[-1], quantity, unit_cost, currency)
