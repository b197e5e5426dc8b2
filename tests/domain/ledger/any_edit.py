"""Edits of any past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from tickfolio.domain.ledger.transactions import Buy, Sell, Transaction


def edited(transactions: Sequence[Transaction], chance: Random) -> list[Transaction]:
    """`transactions`, of which one or several went, cost something else or were at another time."""
    after = list(transactions)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if not after:
            break
        index = chance.randrange(len(after))
        each = after[index]
        if isinstance(each, (Buy, Sell)) and chance.random() < 0.3:
            after[index] = replace(each, at=each.at + timedelta(hours=chance.randint(-200, 200)))
        elif isinstance(each, Buy) and chance.random() < 0.6:
            after[index] = replace(each, quantity=each.quantity + 1, gross=each.gross + each.gross)
        else:
            del after[index]
    return after
