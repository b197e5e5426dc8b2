"""Portfolios that are taken away: no frame comes after."""

from __future__ import annotations

from datetime import timedelta

from tests.live.market import OPEN, beat, tick
from tests.live.portfolios import (
    ALICE,
    MINE,
    SCOPE,
    Library,
    Page,
    deposit,
    visible,
    watching,
)
from tickfolio.live.engine import Engine

SECOND = timedelta(seconds=1)


# ---------- Rights ----------


def test_portfolio_that_is_taken_away_gets_no_further_frame(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    library.admit(ALICE)
    peopled.hub.access_changed(ALICE)
    library.answer()
    assert page.take() == [{"type": "access", "portfolios": []}]
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    for number in range(1, 9):
        peopled.beat(beat(number))
    assert page.take() == []
    page.say({"type": "refresh", "scope": SCOPE})
    assert page.take()[0]["code"] == "unknown_portfolio"
    assert page.outlet.closed_with is None


def test_what_waited_for_a_slow_page_is_taken_away_with_the_portfolio(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.outlet.is_full = True
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    peopled.beat(beat(1))
    library.admit(ALICE)
    peopled.hub.access_changed(ALICE)
    library.answer()
    page.outlet.is_full = False
    peopled.beat(beat(2))
    assert page.take() == [{"type": "access", "portfolios": []}]


def test_other_role_or_name_is_told_and_nothing_else_changes(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    library.admit(ALICE, visible(role="viewer", name="Renamed"))
    peopled.hub.access_changed(ALICE)
    library.answer()
    (access,) = page.take()
    assert [(one["role"], one["name"]) for one in access["portfolios"]] == [("viewer", "Renamed")]
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    assert page.kinds() == ["portfolio_delta"]


def test_rights_that_are_the_same_as_before_are_not_told(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.hub.access_changed(ALICE)
    library.answer()
    assert page.take() == []


def test_wish_for_a_portfolio_that_was_taken_away_while_it_was_being_read_is_refused(
    peopled: Engine, library: Library
) -> None:
    page = Page(peopled)
    page.watch()
    page.take()
    library.admit(ALICE)
    library.answer_rights()
    messages = page.take()
    assert [(message["type"], message.get("code")) for message in messages] == [
        ("error", "unknown_portfolio"),
        ("access", None),
    ]
    library.answer()
    assert page.take() == []


def test_deleted_portfolio_leads_to_another_look_at_the_rights(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    del library.books[MINE], library.heads[MINE]
    library.admit(ALICE)
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_users == [ALICE]
    library.answer()
    assert page.kinds() == ["access"]
