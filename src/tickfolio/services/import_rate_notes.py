"""What a preview says of exchange rates that are not known for its rows, once for each currency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tickfolio.domain.ledger.transactions import (
    Charge,
    Deposit,
    Dividend,
    Interest,
    Trade,
    Transaction,
    Withdrawal,
)
from tickfolio.domain.money import Currency
from tickfolio.services.import_ground import Fate, Ground, Verdict
from tickfolio.services.rate_gaps import RateGap
from tickfolio.words import counted_phrase, phrase


def rate_notes(verdicts: Iterable[Verdict], ground: Ground) -> tuple[str, ...]:
    """Of how many new rows the cost and the result would be unknown for want of a rate, and from when on there is one."""
    gaps: Counter[RateGap] = Counter()
    for each in verdicts:
        if each.fate is Fate.NEW and each.read is not None:
            gap = _gap(each.read.transaction, ground)
            if gap is not None:
                gaps[gap] += 1
    return tuple(_told(gap, count) for gap, count in gaps.items())


def _gap(transaction: Transaction, ground: Ground) -> RateGap | None:
    currencies = _currencies(transaction)
    if not currencies:
        return None
    gap = ground.rate_gap(currency=currencies[0], at=transaction.at)
    return None if gap is None or gap.base in currencies else gap


def _currencies(transaction: Transaction) -> tuple[Currency, ...]:
    """That of the amount, and that of what was really paid or received for it."""
    match transaction:
        case Trade() | Dividend() | Interest():
            settled = () if transaction.settlement is None else (transaction.settlement.amount.currency,)
            return (transaction.gross.currency, *settled)
        case Deposit() | Withdrawal() | Charge():
            return (transaction.amount.currency,)
        case _:
            return ()


def _told(gap: RateGap, count: int) -> str:
    rows = counted_phrase("{count} new row", "{count} new rows", count)
    if gap.known_from is None:
        return phrase(
            "{rows}: no exchange rate of {missing} is known for the day, so that in {base} there is no cost and no result.",
            rows=rows,
            missing=gap.missing,
            base=gap.base,
        )
    return phrase(
        "{rows}: no exchange rate of {missing} is known before {known_from:%Y-%m-%d}, so that in {base} there is no cost "
        "and no result. Where {base} was paid, a file can say so with the rate.",
        rows=rows,
        missing=gap.missing,
        known_from=gap.known_from,
        base=gap.base,
    )
