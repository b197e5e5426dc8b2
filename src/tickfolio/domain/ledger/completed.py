"""Transactions together with what corporate actions make of them.

What is known of an instrument must never make a ledger impossible: where an account's own bookings leave no room for an action,
none is applied to that instrument in that account.

**Source**: docs/reference/definitions.md, section Corporate actions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickfolio.domain.corporate_actions import ActionFact
from tickfolio.domain.ledger.applied_actions import (
    ActionOutcome,
    BeginsAt,
    Dismissed,
    Outcome,
    Pair,
    action_outcomes,
)
from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.touches import accounts_of, linked_symbols, symbols_of
from tickfolio.domain.ledger.transactions import AccountId, Transaction
from tickfolio.errors import ImpossibleLedger


@dataclass(frozen=True, slots=True)
class WithActions:
    """Transactions, those that follow from corporate actions at the end, and what became of each action."""

    transactions: tuple[Transaction, ...]
    outcomes: tuple[ActionOutcome, ...]


def completed(
    transactions: Sequence[Transaction],
    known: Sequence[ActionFact],
    *,
    options: Mapping[AccountId, AccountOptions],
    begins_at: BeginsAt,
    base_value: BaseValue,
    dismissed: Dismissed = frozenset(),
) -> WithActions:
    """`transactions` with what `known` makes of them, without what was `dismissed`, as far as a ledger can have it."""
    if not known:
        return WithActions(tuple(transactions), ())
    rules = {account: each.actions for account, each in options.items()}
    excluded = frozenset[Pair]()
    while True:
        outcomes = action_outcomes(
            transactions, known, rules=rules, begins_at=begins_at, excluded=excluded, dismissed=dismissed
        )
        derived = [each.booking for each in outcomes if each.outcome is Outcome.APPLIED and each.booking is not None]
        conflict = _conflict(transactions, derived, options, base_value)
        if not conflict:
            return WithActions((*transactions, *derived), tuple(outcomes))
        # Where what is left out there already is not enough, what came from another account is the cause.
        everywhere = {(account, fact.action.symbol) for account in options for fact in known}
        excluded |= conflict if conflict - excluded else everywhere


def _conflict(
    transactions: Sequence[Transaction],
    derived: Sequence[Transaction],
    options: Mapping[AccountId, AccountOptions],
    base_value: BaseValue,
) -> frozenset[Pair]:
    """Where what was derived leaves no room for what is booked; nothing where all can be folded."""
    if not derived:
        return frozenset()
    symbols = linked_symbols({symbol for each in derived for symbol in symbols_of(each)}, (*transactions, *derived))
    touching = [each for each in (*transactions, *derived) if symbols.intersection(symbols_of(each))]
    try:
        fold_all(options, touching, base_value=base_value)
    except ImpossibleLedger as refusal:
        found = next(each for each in touching if each.id == refusal.transaction)
        linked = linked_symbols(set(symbols_of(found)), touching)
        return frozenset((account, symbol) for account in accounts_of(found) for symbol in linked)
    return frozenset()
