"""THE RULES of transactions in one line, changed many at once, taken back and restored, of files and tokens: a part of rules.py."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.security.forms import sent_everything, sent_file
from tests.security.job_rules import JOB_ADDRESSES, JOB_SERVICES
from tests.security.least import EDITOR, SIGNED_IN, THEIR_OWN, VIEWER, Rule, ServiceRule
from tests.security.world import Who, World
from tickfolio.persistence.tenancy import Actor
from tickfolio.services import transactions
from tickfolio.services.attachments import NewFile
from tickfolio.services.bulk_changes import BulkChange, BulkKind, Chosen
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.transactions import TransactionView


def _transaction(world: World) -> TransactionView:
    ids = world.ids(world.alices)
    return _seen(world.actor(Who.OWNER), ids["portfolio_id"], ids["transaction_id"])


@cache  # what a refusal asks of the database is counted, and this is no part of it
def _seen(actor: Actor, portfolio_id: str, transaction_id: str) -> TransactionView:
    return transactions.transaction_view(actor=actor, portfolio_id=portfolio_id, transaction_id=transaction_id)


def noted(world: World) -> Mapping[str, Any]:
    """A note for one transaction of Alice's."""
    view = _transaction(world)
    change = BulkChange(kind=BulkKind.NOTE_REPLACE, note="seen")
    return {"chosen": (Chosen(view.id, view.version),), "change": change}


def noted_form(world: World) -> Mapping[str, Any]:
    """The same, typed and confirmed."""
    view = _transaction(world)
    return {"kind": "note_replace", "note": "seen", "chosen": f"{view.id}:{view.version}", "confirm": "yes"}


def newest_change(world: World) -> int:
    """The number of the change that made that transaction what it is."""
    return _transaction(world).ledger_sequence


def removed_file(world: World) -> Mapping[str, Any]:
    """A file of that transaction that can be brought back."""
    return {"attachment_id": world.alices.removed_file}


_PLACE = "portfolios/<uuid:portfolio_id>/"
_FILES = f"{_PLACE}transactions/<uuid:transaction_id>/attachments/"

TRANSACTION_ADDRESSES: dict[str, Rule] = {
    **JOB_ADDRESSES,
    f"{_PLACE}export.zip": Rule(get=VIEWER),
    "preferences/currency/": Rule(post=SIGNED_IN, form=lambda _world: {"currency": "USD"}),
    "preferences/export.zip": Rule(get=SIGNED_IN),
    "preferences/tokens/": Rule(get=SIGNED_IN, post=SIGNED_IN, form=lambda _world: {"name": "Another", "days": "30"}),
    "preferences/tokens/<uuid:token_id>/revoke/": Rule(get=THEIR_OWN, post=THEIR_OWN),
    "preferences/import/": Rule(get=SIGNED_IN, post=SIGNED_IN, form=sent_everything),
    f"{_PLACE}transactions/<uuid:transaction_id>/restore/": Rule(
        post=EDITOR, form=lambda _world: {"version": "1", "restore": "1"}
    ),
    _FILES: Rule(post=EDITOR, form=lambda world: {"files": sent_file(world)["file"]}),
    f"{_FILES}<uuid:attachment_id>/": Rule(get=VIEWER),
    f"{_FILES}<uuid:attachment_id>/remove/": Rule(post=EDITOR),
    f"{_FILES}<uuid:attachment_id>/return/": Rule(post=EDITOR, ids=removed_file),
    f"{_PLACE}transactions/bulk/": Rule(post=EDITOR, form=noted_form),
    f"{_PLACE}transactions/undo/": Rule(post=EDITOR, form=lambda world: {"version": newest_change(world)}),
    f"{_PLACE}transactions/line.json": Rule(get=EDITOR),
    f"{_PLACE}transactions/line/": Rule(post=EDITOR, form=lambda _world: {"line": "deposit 5 USD on 2011-03-02"}),
}

TRANSACTION_SERVICES: dict[str, ServiceRule] = {
    **JOB_SERVICES,
    "booking_doubts.doubts_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", lambda _world: {"draft": TransactionDraft()}),
    "exports.export_zip": ServiceRule(VIEWER, "PORTFOLIO_EXPORT"),
    "ledger_restores.change_undo": ServiceRule(
        EDITOR, "TRANSACTION_EDIT", lambda world: {"sequence": newest_change(world)}
    ),
    "ledger_restores.transaction_restore": ServiceRule(
        EDITOR, "TRANSACTION_EDIT", lambda _world: {"version": 1, "expected_version": 1}, names=("transaction_id",)
    ),
    "attachments.attachments_of": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("transaction_id",)),
    "attachment_history.attachment_events": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("transaction_id",)),
    "attachments.attachments_counted": ServiceRule(
        VIEWER, "PORTFOLIO_VIEW", lambda world: {"transactions": [world.alices.transaction]}
    ),
    "attachments.attachments_add": ServiceRule(
        EDITOR,
        "TRANSACTION_EDIT",
        lambda _world: {"files": (NewFile("a.txt", b"a"),)},
        names=("transaction_id",),
    ),
    "attachments.attachment_read": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("transaction_id", "attachment_id")),
    "attachments.attachment_remove": ServiceRule(EDITOR, "TRANSACTION_EDIT", names=("transaction_id", "attachment_id")),
    "attachments.attachment_return": ServiceRule(
        EDITOR, "TRANSACTION_EDIT", removed_file, names=("transaction_id", "attachment_id")
    ),
    **{f"bulk_changes.bulk_{each}": ServiceRule(EDITOR, "TRANSACTION_EDIT", noted) for each in ("preview", "change")},
    "transactions.transaction_view": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("transaction_id",)),
    "transactions.transaction_history": ServiceRule(VIEWER, "PORTFOLIO_VIEW", names=("transaction_id",)),
}
