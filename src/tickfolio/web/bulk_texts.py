"""What a change of many transactions would make of each, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from tickfolio.services.bulk_changes import BulkChange, BulkKind, BulkOutcome, BulkRow
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.figures import price_text
from tickfolio.web.transaction_texts import summary_text
from tickfolio.words import counted_phrase, marked_phrase, phrase

DONE = {
    BulkKind.MOVE: marked_phrase("Moved"),
    BulkKind.NOTE_APPEND: marked_phrase("Changed the notes of"),
    BulkKind.NOTE_REPLACE: marked_phrase("Changed the notes of"),
    BulkKind.FEE: marked_phrase("Changed the fees of"),
    BulkKind.DUPLICATE: marked_phrase("Duplicated"),
    BulkKind.DELETE: marked_phrase("Deleted"),
}
COINS = 2


@dataclass(frozen=True, slots=True)
class BulkText:
    """A transaction, what it is and what it would be; `refusal` says why it would not."""

    id: str
    chosen: str
    day: str
    summary: str
    before: str
    after: str
    refusal: str


def rows_of(
    outcome: BulkOutcome, change: BulkChange, *, portfolio: PortfolioView, days: dict[str, str]
) -> tuple[BulkText, ...]:
    """Each of those chosen; `days` are as the list has them."""
    names = {account.id: account.name for account in portfolio.accounts}
    return tuple(_row(row, change, names, days[row.view.id]) for row in outcome.rows)


def count_text(count: int) -> str:
    """How many transactions.

    >>> count_text(1), count_text(12)
    ('1 transaction', '12 transactions')
    """
    return counted_phrase("{count} transaction", "{count} transactions", count)


def done_text(change: BulkChange, count: int) -> str:
    """What was done, in a toast."""
    return f"{DONE[change.kind]} {count_text(count)}."


def _row(row: BulkRow, change: BulkChange, names: dict[str, str], day: str) -> BulkText:
    view = row.view
    note = " ".join(change.note.split())
    match change.kind:
        case BulkKind.MOVE:
            before, after = view.account_name, names.get(change.account_id, "")
        case BulkKind.NOTE_APPEND:
            before, after = view.note, f"{view.note} {note}".strip()
        case BulkKind.NOTE_REPLACE:
            before, after = view.note, note
        case BulkKind.FEE:
            before = f"{price_text(view.fees, places=COINS)} {view.currency}".strip() if view.fees else ""
            after = f"{price_text(change.fees, places=COINS)} {view.currency}".strip()
        case BulkKind.DUPLICATE:
            before, after = "", phrase("once more, as of now")
        case BulkKind.DELETE:
            before, after = view.account_name, ""
        case _:
            assert_never(change.kind)
    return BulkText(
        id=view.id,
        chosen=f"{view.id}:{view.version}",
        day=day,
        summary=summary_text(view),
        before=before,
        after="" if row.refusal else after,
        refusal=row.refusal,
    )
