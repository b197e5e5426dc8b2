"""Two clicks on "Accept all" at once: threads with connections of their own, on a real database."""

from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book
from tests.services.test_action_inbox import drafted, know_monthly, mine, paid, proposed
from tests.services.test_transactions_at_once import at_once
from tickfolio.services import action_inbox
from tickfolio.services.action_inbox import Accepted, actions_accept

__all__ = ["mine"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_at_once_book_each_once(mine: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_inbox, "BATCH", 2)
    know_monthly(mine, 6)

    def click(_number: int) -> Accepted:
        return actions_accept(actor=mine.owner, portfolio_id=mine.portfolio_id, draft_of=drafted)

    accepted = at_once(2, click)
    assert sorted(each.amount or 0 for one in accepted for each in one.booked) == [10, 20, 30, 40, 50, 60]
    assert paid(mine) == [10, 20, 30, 40, 50, 60]
    assert ([one.refused for one in accepted], proposed(mine)) == ([(), ()], ())
