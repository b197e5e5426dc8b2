"""An edit of the past: what may stand otherwise after it, and how that alone is folded anew.

A position follows from the transactions of its instrument, and a flow of cash from one transaction. So an edit reaches the
instruments of the transactions that changed, those that came of these or these of them, and the cash that moved. Only cash
that goes to another account takes its lots with it, and is handed over again.

**Source**: docs/reference/definitions.md, section Transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import product
from operator import itemgetter

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cash import CashFlow, CashPosition
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.lots import LotFlow
from tickfolio.domain.ledger.touches import currencies_of, linked_symbols, symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    CashTransfer,
    Transaction,
    TransactionId,
)
from tickfolio.domain.money import Currency


@dataclass(frozen=True, slots=True)
class Edit:
    """What lies between two states of a ledger.

    Attributes:
        changed: the transactions that came, went or are others now.
        symbols: the instruments whose positions may be others.
        currencies: of the cash that may be another.
        again: the transactions, as they are now, from which all of that follows.
        places: of the transactions as they are now, in their order.
    """

    changed: AbstractSet[TransactionId]
    symbols: AbstractSet[Symbol]
    currencies: AbstractSet[Currency]
    again: Sequence[Transaction]
    places: Mapping[TransactionId, int]


def edit_between(before: Sequence[Transaction], after: Sequence[Transaction]) -> Edit | None:
    """What lies between two states, each in ledger order; None where an id or a place is there twice, which is for a fold of all."""
    known = {each.id: each for each in before}
    places = {each.id: place for place, each in enumerate(after)}
    if len(known) < len(before) or len(places) < len(after) or len({each.sequence for each in after}) < len(after):
        return None
    changed: list[Transaction] = []
    for each in after:
        was = known.pop(each.id, None)
        if was is not each and was != each:
            changed += [each] if was is None else [was, each]
    changed += known.values()
    symbols = linked_symbols({symbol for each in changed for symbol in symbols_of(each)}, (*before, *after))
    currencies = {currency for each in changed for currency in currencies_of(each)}
    ids = {each.id for each in changed}
    # Of a transaction with two instruments, both are linked.
    again = [each for each in after if getattr(each, "symbol", None) in symbols or each.id in ids]
    return Edit(ids, symbols, currencies, again, places)


def graft(
    ledgers: Mapping[AccountId, AccountLedger],
    parts: Mapping[AccountId, AccountLedger],
    edit: Edit,
    reached: Sequence[Transaction],
) -> None:
    """Puts into `ledgers` what an edit changed.

    Args:
        parts: of the same accounts, folded from what is to be folded anew.
        reached: the transactions that count, in order.
    """
    for account, ledger in ledgers.items():
        _graft_positions(ledger, parts[account], edit)
        ledger.last = None
    _graft_cash(ledgers, parts, edit, reached)
    for each in reached:
        ledgers[each.account].last = each


def _graft_positions(ledger: AccountLedger, part: AccountLedger, edit: Edit) -> None:
    for symbol in edit.symbols:
        ledger.positions.pop(symbol, None)
    ledger.positions.update(part.positions)
    ledger.receivables = {
        id_: income for id_, income in ledger.receivables.items() if income.symbol not in edit.symbols
    } | part.receivables
    ledger.effects = {
        id_: units for id_, units in ledger.effects.items() if not any(symbol in edit.symbols for symbol, _ in units)
    } | part.effects
    kept = [flow for flow in ledger.lot_flows if flow.symbol not in edit.symbols]
    ledger.lot_flows = sorted(kept + part.lot_flows, key=_place_in(edit))


def _graft_cash(
    ledgers: Mapping[AccountId, AccountLedger],
    parts: Mapping[AccountId, AccountLedger],
    edit: Edit,
    reached: Sequence[Transaction],
) -> None:
    """Posts all flows of the currencies again, in the order of all accounts: what is handed over is what is there then."""
    events: list[tuple[int, AccountLedger, Currency, CashFlow | CashTransfer]] = [
        (edit.places[each.id], ledgers[each.account], each.amount.currency, each)
        for each in reached
        if type(each) is CashTransfer and each.amount.currency in edit.currencies
    ]
    for account, currency in product(ledgers, edit.currencies):
        ledger = ledgers[account]
        before = ledger.cash.pop(currency, None) or CashPosition(currency)
        part = parts[account].cash.get(currency) or CashPosition(currency)
        charges, incomes = (
            _merged(before.charges, part.charges, edit),
            _merged(before.incomes, part.incomes, edit),
        )
        if charges or incomes:
            cash = ledger.cash_of(currency)
            cash.charges, cash.incomes = charges, incomes
        flows = _merged(before.flows, part.flows, edit)
        events += [(edit.places[flow.transaction], ledger, currency, flow) for flow in flows if flow.lots is None]
    for _, ledger, currency, event in sorted(events, key=itemgetter(0)):
        if isinstance(event, CashTransfer):
            ledger.book(event)
        else:
            ledger.cash_of(currency).post(event)


def _merged[T: (CashFlow, ChargePaid, Income)](before: list[T], part: list[T], edit: Edit) -> list[T]:
    """What was there of transactions that did not change, and what is there now of those that did."""
    kept = [each for each in before if each.transaction not in edit.changed]
    new = [each for each in part if each.transaction in edit.changed]
    return sorted(kept + new, key=_place_in(edit)) if new else kept


def _place_in(edit: Edit) -> Callable[[CashFlow | ChargePaid | Income | LotFlow], int]:
    return lambda each: edit.places[each.transaction]
