"""Which rows of a file cannot be where positions hang together, or may be short: found by folding them as the ledger does.

What is booked already stands; a row gives way to it, the latest that takes something first. A row that cannot be by itself is
refused alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tickfolio.domain.ledger.cost_basis import BaseValue
from tickfolio.domain.ledger.ledger import open_ledgers
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Buy,
    Charge,
    DividendPayment,
    Interest,
    Merger,
    SpinOff,
    SymbolChange,
    Transaction,
    TransferIn,
)
from tickfolio.errors import ImpossibleLedger

_MOST_ROUNDS = 50
_GIVING = (Buy, TransferIn, DividendPayment, Interest, Charge)
"""What leaves a position with more, or as it was."""
_IN_STEPS = (SpinOff, Merger, SymbolChange)
"""What may have changed something before it is refused."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A transaction in its place: `row` is its row in the file, None where it is booked already."""

    transaction: Transaction
    place: tuple[datetime, int, int]
    row: int | None


def refused_by_folding(
    moves: Sequence[Folded], options: Mapping[AccountId, AccountOptions], *, base_value: BaseValue
) -> dict[int, str]:
    """Why rows cannot be booked, by row. `moves` are in ledger order, and every account that they name has its options.

    Each round refuses at least one more, so there is an end.
    """
    refused: dict[int, str] = {}
    for _ in range(_MOST_ROUNDS):
        if _holds(moves, refused, options, base_value):
            return refused
    # A file that goes on like this is not worth the time: nothing of it is booked for these positions.
    reason = "Would leave too little for what is booked already."
    return {each.row: refused.get(each.row, reason) for each in moves if each.row is not None}


def _holds(
    moves: Sequence[Folded],
    refused: dict[int, str],
    options: Mapping[AccountId, AccountOptions],
    base_value: BaseValue,
) -> bool:
    """Whether all could be booked but what is refused; where not, one more is refused and another round is due."""
    ledgers = open_ledgers(options, base_value=base_value)
    passed: list[Folded] = []
    for each in moves:
        if each.row in refused:
            continue
        transaction = each.transaction
        try:
            ledgers[transaction.account].book(transaction)
        except ImpossibleLedger as refusal:
            if each.row is None:
                if _give_way(passed, refused, transaction):
                    return False
                continue
            refused[each.row] = str(refusal)
            if isinstance(transaction, _IN_STEPS):
                return False
        else:
            if each.row is not None:
                passed.append(each)
    return True


def _give_way(passed: Sequence[Folded], refused: dict[int, str], booked: Transaction) -> bool:
    """Refuses the latest row that takes something, or the latest of all; False where there is none."""
    if not passed:
        return False
    takers = [each for each in passed if not isinstance(each.transaction, _GIVING)]
    latest = (takers or passed)[-1]
    assert latest.row is not None
    refused[latest.row] = f"Would leave too little for what is booked on {booked.at:%Y-%m-%d}."
    return True
