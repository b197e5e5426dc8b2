"""Corporate actions that wait in Alice's portfolio, and what is booked for them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.security.forms import NOON
from tests.security.world import World
from tickfolio.domain.ledger.applied_actions import ActionOutcome
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.drafts import TransactionDraft


def waiting_action(world: World) -> Mapping[str, Any]:
    """A dividend that waits in Alice's account."""
    return {"account_id": world.alices.paid_account, "action_id": world.actions[0]}


def dismissed_action(world: World) -> Mapping[str, Any]:
    """One that does not wait any more."""
    return {"account_id": world.alices.paid_account, "action_id": world.actions[1]}


def dividend_drafted(_world: World) -> Mapping[str, Any]:
    """What is booked for a dividend."""
    return {"draft_of": _drafted}


def _drafted(outcome: ActionOutcome) -> TransactionDraft:
    return TransactionDraft(
        type=TransactionType.DIVIDEND, account_id=outcome.account, at=NOON, symbol="IBM", gross=Decimal("0.75")
    )
