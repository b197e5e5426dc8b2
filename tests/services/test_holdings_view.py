from __future__ import annotations

import pytest

from tests.services.ledger_entries import person
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import User
from tickfolio.services.holdings_view import (
    FIRST_VIEW,
    Column,
    GroupBy,
    HoldingsView,
    SortBy,
    holdings_view_change,
    holdings_view_of,
    holdings_view_reset,
)

pytestmark = pytest.mark.django_db
NOBODY = 999_999


def test_somebody_who_chose_nothing_has_the_first_view() -> None:
    assert holdings_view_of(person("alice").user_id) == FIRST_VIEW


def test_what_is_changed_is_kept_with_the_person_and_the_rest_stays_as_it_was() -> None:
    alice, bob = person("alice"), person("bob")
    holdings_view_change(user_id=alice.user_id, columns=["value", "sector"], pinned="1")
    holdings_view_change(user_id=alice.user_id, group="sector", sort="day-percent", is_descending=False)
    assert holdings_view_of(alice.user_id) == HoldingsView(
        columns=(Column.VALUE, Column.SECTOR),
        pinned=1,
        group=GroupBy.SECTOR,
        sort=SortBy.DAY_PERCENT,
        is_descending=False,
    )
    assert holdings_view_of(bob.user_id) == FIRST_VIEW


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": []},
        {"columns": ["value", "value"]},
        {"columns": ["value", "password"]},
        {"pinned": "4"},
        {"pinned": "-1"},
        {"pinned": "one"},
        {"group": "colour"},
        {"sort": "spark"},
    ],
)
def test_what_is_not_offered_is_refused_and_changes_nothing(wrong: dict[str, object]) -> None:
    alice = person("alice")
    holdings_view_change(user_id=alice.user_id, group="class")
    with pytest.raises(InvalidDraft, match="Expected columns, a group and an order that are offered"):
        holdings_view_change(user_id=alice.user_id, **wrong)  # type: ignore[arg-type]  # one of them at a time
    assert holdings_view_of(alice.user_id) == HoldingsView(group=GroupBy.CLASS)


@pytest.mark.parametrize(
    "stored",
    ['{"columns":["value","of the future"]}', '{"columns":["value"],"colour":"red"}', '{"pinned":9}', "not JSON"],
)
def test_what_this_version_cannot_read_is_the_first_view(stored: str) -> None:
    alice = person("alice")
    User.objects.filter(pk=alice.user_id).update(holdings_view=stored)
    assert holdings_view_of(alice.user_id) == FIRST_VIEW


def test_the_whole_view_has_room_where_it_is_stored() -> None:
    alice = person("alice")
    holdings_view_change(user_id=alice.user_id, columns=[column.value for column in Column], pinned="3")
    stored = User.objects.get(pk=alice.user_id)
    stored.full_clean(exclude=["password"])
    assert holdings_view_of(alice.user_id).columns == tuple(Column)


def test_a_reset_goes_back_to_the_first_view() -> None:
    alice = person("alice")
    holdings_view_change(user_id=alice.user_id, group="class")
    holdings_view_reset(user_id=alice.user_id)
    assert holdings_view_of(alice.user_id) == FIRST_VIEW


def test_nobody_has_no_view() -> None:
    with pytest.raises(NotFound):
        holdings_view_of(NOBODY)
    with pytest.raises(NotFound):
        holdings_view_change(user_id=NOBODY, group="class")
