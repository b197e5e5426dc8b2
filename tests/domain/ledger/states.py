"""All that a ledger came to, as one value that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashLot, CashRelief
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import ClosedLot, Lot, LotFlow, UnitChange
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.transactions import AccountId, TransactionId
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.gains import account_gains, gains_summed

PRICE = Decimal("12.34")


@dataclass(frozen=True)
class PositionState:
    """A position, but for its name."""

    quantity: Decimal
    lots: tuple[Lot, ...]
    pool: Consideration | None
    closed: tuple[ClosedLot, ...]
    splits: tuple[UnitChange, ...]
    incomes: tuple[Income, ...]
    charges: tuple[ChargePaid, ...]


@dataclass(frozen=True)
class CashState:
    """Cash of one currency, but for its name."""

    balance: Decimal
    flows: tuple[CashFlow, ...]
    lots: tuple[CashLot, ...]
    reliefs: tuple[CashRelief, ...]
    charges: tuple[ChargePaid, ...]
    incomes: tuple[Income, ...]


@dataclass(frozen=True)
class AccountState:
    """An account, without positions and cash in which nothing ever was."""

    positions: dict[Symbol, PositionState]
    cash: dict[str, CashState]
    flows: tuple[LotFlow, ...]
    effects: dict[TransactionId, tuple[tuple[Symbol, Decimal], ...]]


type State = dict[AccountId, AccountState]


def state_of(ledgers: Mapping[AccountId, AccountLedger]) -> State:
    """All that ledgers came to."""
    return {account: _account(ledger) for account, ledger in ledgers.items()}


def by_units(position: Position) -> Decimal:
    """Every unit of every instrument is worth the same."""
    return EXACT.multiply(position.quantity, PRICE)


def by_position(_position: Position) -> Decimal:
    """Every position is worth the same, however many units it has."""
    return PRICE


def total_gain(
    ledgers: Mapping[AccountId, AccountLedger],
    rates: BaseRates,
    at: datetime,
    *,
    worth: Callable[[Position], Decimal] = by_units,
) -> Decimal:
    """All that was gained by `at`, in the base currency, exact; `worth` of each position stands in for its price."""
    current = CurrentRates(rates, at)
    each = [
        account_gains(ledger, value_of=_worths(ledger, worth).__getitem__, rates=current) for ledger in ledgers.values()
    ]
    gains = gains_summed(each)
    assert EXACT.subtract(gains.value, gains.external_flows) == gains.total
    return gains.total


def _worths(ledger: AccountLedger, worth: Callable[[Position], Decimal]) -> dict[Symbol, Decimal]:
    return {symbol: worth(position) for symbol, position in ledger.positions.items()}


def _account(ledger: AccountLedger) -> AccountState:
    positions = {
        symbol: PositionState(
            position.quantity,
            tuple(position.lots),
            position.pool,
            tuple(position.closed),
            tuple(position.splits),
            tuple(position.incomes),
            tuple(position.charges),
        )
        for symbol, position in ledger.positions.items()
    }
    nowhere = PositionState(Decimal(0), (), None, (), (), (), ())
    cash = {
        currency.code: CashState(
            each.balance,
            tuple(each.flows),
            each.lots,
            each.reliefs,
            tuple(each.charges),
            tuple(each.incomes),
        )
        for currency, each in ledger.cash.items()
    }
    nothing = CashState(Decimal(0), (), (), (), (), ())
    return AccountState(
        positions={symbol: each for symbol, each in positions.items() if each != nowhere},
        cash={code: each for code, each in cash.items() if each != nothing},
        flows=tuple(ledger.lot_flows),
        effects=dict(ledger.effects),
    )
