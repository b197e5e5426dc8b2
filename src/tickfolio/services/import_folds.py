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
from tickfolio.words import phrase

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
    """Why rows cannot be booked, by row. `moves` are in ledger order, and every account that they name has its options."""
    folding = _Folding(moves, options, base_value)
    found = folding.settled({})
    if found is None:
        # A file that goes on like this is not worth the time: nothing of it is booked for these positions.
        reason = phrase("Would leave too little for what is booked already.")
        return {each.row: reason for each in moves if each.row is not None}
    return _given_back(folding, found, [each.row for each in moves if each.row is not None]).reasons


@dataclass(frozen=True, slots=True)
class _Refused:
    """Rows that gave way to what is booked, and rows that cannot be beside those that are left; why, by row."""

    given_way: Mapping[int, str]
    alone: Mapping[int, str]

    @property
    def reasons(self) -> dict[int, str]:
        return {**self.given_way, **self.alone}


def _given_back(folding: _Folding, found: _Refused, rows: Sequence[int]) -> _Refused:
    """What is left of it once rows come back that gave way only because another one, refused later, was still counted."""
    if len(found.given_way) < 2:
        return found
    for row in [each for each in rows if each in found.given_way][:_MOST_ROUNDS]:
        without = {each: reason for each, reason in found.given_way.items() if each != row}
        tried = folding.settled(without, may_give_way=False)
        if tried is not None and row not in tried.alone and tried.alone.keys() <= found.alone.keys():
            found = tried
    return found


class _Folding:
    """The moves of some positions, folded as often as it takes to know what can stand."""

    def __init__(
        self, moves: Sequence[Folded], options: Mapping[AccountId, AccountOptions], base_value: BaseValue
    ) -> None:
        self._moves = moves
        self._options = options
        self._base_value = base_value
        self._indices = {each.row: index for index, each in enumerate(moves) if each.row is not None}

    def settled(self, given_way: Mapping[int, str], *, may_give_way: bool = True) -> _Refused | None:
        """What is refused where the rows of `given_way` are out; None where too many would give way.

        Each round refuses at least one more or is the last. A row that gives way was counted until then, so whatever was
        refused after it is judged again without it.
        """
        given, in_steps = dict(given_way), dict[int, str]()
        for _ in range(_MOST_ROUNDS):
            alone = dict(in_steps)
            row, reason, is_giving_way = self._round(given, alone)
            if row is None:
                return _Refused(given, alone)
            if not is_giving_way:
                in_steps[row] = reason
            elif not may_give_way:
                return None
            else:
                given[row] = reason
                in_steps = {each: why for each, why in in_steps.items() if self._indices[each] < self._indices[row]}
        return None

    def _round(self, given_way: Mapping[int, str], alone: dict[int, str]) -> tuple[int | None, str, bool]:
        """Notes in `alone` the rows that cannot be.

        Where another round is due, gives the row that is out from now on, why, and whether it gives way; else no row.
        """
        ledgers = open_ledgers(self._options, base_value=self._base_value)
        passed: list[Folded] = []
        for each in self._moves:
            if each.row in given_way or each.row in alone:
                continue
            transaction = each.transaction
            try:
                ledgers[transaction.account].book(transaction)
            except ImpossibleLedger as refusal:
                if each.row is None:
                    if passed:
                        return _giving_way(passed), _too_little(transaction), True
                elif isinstance(transaction, _IN_STEPS):
                    return each.row, str(refusal), False
                else:
                    alone[each.row] = str(refusal)
            else:
                if each.row is not None:
                    passed.append(each)
        return None, "", False


def _giving_way(passed: Sequence[Folded]) -> int:
    """The latest row that takes something, or the latest of all."""
    takers = [each for each in passed if not isinstance(each.transaction, _GIVING)]
    latest = (takers or passed)[-1]
    assert latest.row is not None
    return latest.row


def _too_little(booked: Transaction) -> str:
    return phrase("Would leave too little for what is booked on {at:%Y-%m-%d}.", at=booked.at)
