"""How many units accounts hold, without what they cost: a light fold.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    DividendReinvested,
    Merger,
    Sell,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
    TransferIn,
    TransferOut,
)
from tickfolio.domain.money import EXACT

ZERO = Decimal(0)


class HeldUnits:
    """Units by account and symbol after the transactions that were booked so far, in ledger order."""

    def __init__(self) -> None:
        self._units: defaultdict[Symbol, dict[AccountId, Decimal]] = defaultdict(dict)

    def of(self, symbol: Symbol) -> Iterator[tuple[AccountId, Decimal]]:
        """The accounts that hold some, or are short of some."""
        return iter([(account, units) for account, units in self._units[symbol].items() if units])

    def held(self, account: AccountId, symbol: Symbol) -> Decimal:
        """The units of one account; negative where sold short."""
        return self._units[symbol].get(account, ZERO)

    def book(self, each: Transaction) -> None:
        """Books the next transaction, whether it can be or not."""
        match each:
            case Buy() | DividendReinvested() | TransferIn() | StockDividend():
                self._add(each.account, each.symbol, each.quantity)
            case Sell():
                self._add(each.account, each.symbol, each.quantity.copy_negate())
            case TransferOut():
                self._add(each.account, each.symbol, each.quantity.copy_negate())
                if each.to_account is not None:
                    self._add(each.to_account, each.symbol, each.quantity)
            case Split():
                units = split_quantity(self.held(each.account, each.symbol), new=each.new, old=each.old)
                self._set(each.account, each.symbol, units, is_whole=each.cash_in_lieu is not None)
            case SpinOff() | Merger() | SymbolChange():
                self._change(each)
            case _:
                pass

    def _change(self, change: SpinOff | Merger | SymbolChange) -> None:
        units = self.held(change.account, change.symbol)
        is_whole = False
        if not isinstance(change, SymbolChange):
            is_whole = change.cash_in_lieu is not None
            came = split_quantity(units, new=change.new, old=change.old)
        else:
            came = units
        if not isinstance(change, SpinOff):
            self._set(change.account, change.symbol, ZERO)
        there = EXACT.add(self.held(change.account, change.new_symbol), came)
        self._set(change.account, change.new_symbol, there, is_whole=is_whole)

    def _add(self, account: AccountId, symbol: Symbol, units: Decimal) -> None:
        self._set(account, symbol, EXACT.add(self.held(account, symbol), units))

    def _set(self, account: AccountId, symbol: Symbol, units: Decimal, *, is_whole: bool = False) -> None:
        self._units[symbol][account] = units.to_integral_value(ROUND_FLOOR) if is_whole else units
