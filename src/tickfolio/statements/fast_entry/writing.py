"""A line, written back as plainly as it can be: what it is read as is what was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.fast_entry.line import Ground, Line, Part, PartKind
from tickfolio.statements.fast_entry.words import is_keyword
from tickfolio.words import phrase

_LABELS = {
    PartKind.PRICE: "at ",
    PartKind.AMOUNT: "total ",
    PartKind.FEE: "fee ",
    PartKind.TAX: "tax ",
    PartKind.RATE: "rate ",
    PartKind.SETTLEMENT: "in ",
    PartKind.DAY: "on ",
    PartKind.NOTE: "note ",
}
_ORDER = (
    PartKind.TYPE, PartKind.QUANTITY, PartKind.INSTRUMENT, PartKind.PRICE, PartKind.AMOUNT, PartKind.FEE, PartKind.TAX,
    PartKind.SETTLEMENT, PartKind.RATE, PartKind.DAY, PartKind.TIME, PartKind.ACCOUNT, PartKind.NOTE,
)  # fmt: skip


def written(line: Line, *, ground: Ground) -> str:
    """What is right in a line, in one order and in English, with the numbers as the person writes them."""
    parts = (line.part(kind) for kind in _ORDER)
    return " ".join(word for part in parts if part is not None for word in _words(part, ground))


def _words(part: Part, ground: Ground) -> Iterator[str]:
    match part.value:
        case TransactionType():
            yield part.value.value
        case Decimal():
            yield f"{_LABELS.get(part.kind, '')}{ground.figure(part.value)}"
            if part.currency:
                yield part.currency
        case date() | time():
            yield f"{_LABELS.get(part.kind, '')}{part.value.isoformat()}"
        case str() if part.kind is PartKind.ACCOUNT:
            yield phrase("in {next}", next=next(name for id_, name in ground.accounts if id_ == part.value))
        case str() if part.kind is PartKind.INSTRUMENT:
            yield " ".join(f"${word}" if is_keyword(word) else word for word in part.value.split())
        case str():
            yield f"{_LABELS[part.kind]}{part.value}"
        case _:
            return
