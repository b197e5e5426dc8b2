"""An explanation as data."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.services.ledger_entries import Book
from tests.services.test_explanations import mine as mine  # noqa: PLC0414
from tickfolio.domain.explain.printing import as_data, shown
from tickfolio.services.explanations import Asked, explanation_of
from tickfolio.services.figure_documents import document_of

pytestmark = pytest.mark.django_db


def test_a_document_says_of_what_it_is_and_by_what(mine: Book) -> None:
    asked = Asked("value", {"account": mine.account_id})
    found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)
    tree = shown(found.tree, depth=1)
    assert document_of(found, tree) == {
        "figure": "value",
        "params": {"account": mine.account_id},
        "as_of": "2012-05-21T13:59:00.000Z",
        "ledger": found.frozen.known.head,
        "actions": found.frozen.known.actions,
        "token": found.token,
        "tree": as_data(tree),
    }


def test_what_was_known_by_a_moment_says_by_which(mine: Book) -> None:
    known_by = datetime(2027, 5, 21, 14, 0, 0, 123_456, tzinfo=UTC)
    found = explanation_of(
        actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("value", {}), known_by=known_by
    )
    assert document_of(found, shown(found.tree, depth=0))["known_by"] == "2027-05-21T14:00:00.123Z"
