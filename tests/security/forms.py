"""What is posted to the addresses, and what services are called with, where that is more than a few words."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.security.world import TRADED, Who, World
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services import imports
from tickfolio.services.known_books import Known
from tickfolio.services.transactions import TransactionDraft

NOON = datetime(2012, 5, 21, 16, tzinfo=UTC)
NOTHING_KNOWN = Known(0, 0, "USD", "UTC")


class _SentAgain(SimpleUploadedFile):
    """A file that can be handed in by one after another."""

    def read(self, *arguments: Any) -> bytes:
        self.seek(0)
        content: bytes = super().read(*arguments)
        return content


def sent_file(_world: World) -> Mapping[str, Any]:
    return {"file": _SentAgain("trades.csv", b"date,type,amount,currency\n2011-03-06,deposit,1,USD\n")}


def shown_digest(world: World) -> Mapping[str, Any]:
    """What each preview showed: the files of all who had one read are alike."""
    ids = world.ids(world.alices)
    shown = imports.import_view(
        actor=world.actor(Who.OWNER), portfolio_id=ids["portfolio_id"], batch_id=ids["batch_id"]
    )
    return {"digest": shown.digest}


def explained_token(world: World) -> Mapping[str, Any]:
    """What the page of an explanation carries."""
    return {"token": world.alices.explained}


def deposited(world: World) -> Mapping[str, Any]:
    """A deposit into Alice's account."""
    draft = TransactionDraft(
        type=TransactionType.DEPOSIT, account_id=world.alices.account, at=TRADED, amount=Decimal(1)
    )
    return {"draft": draft}


def lists_arranged(world: World) -> Mapping[str, Any]:
    """The two lists of Alice the other way round."""
    first, second, _deleted = world.watchlists
    return {"at": first, "list": [second, first], "seen": [first, second]}


def sent_everything(_world: World) -> Mapping[str, Any]:
    """An export of everything, with one list in it."""
    document = {
        "format": "tickfolio-person",
        "version": 1,
        "exported_at": "2012-06-01T00:00:00Z",
        "watchlists": [{"name": "Brought", "symbols": ["AAPL"]}],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("person.json", json.dumps(document))
    return {"file": _SentAgain("everything.zip", packed.getvalue())}
