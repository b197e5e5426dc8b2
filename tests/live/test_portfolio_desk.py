"""Portfolios from the page's side: what is asked, and what the beat brings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.live.market import AAPL, IBM, OPEN, SetClock, beat, tick
from tests.live.portfolios import (
    ALICE,
    MINE,
    MISSING,
    OTHER,
    SCOPE,
    Library,
    Page,
    book,
    buy,
    deposit,
    row_of,
    sell,
    visible,
    watching,
)
from tickfolio.live.engine import Engine
from tickfolio.live.portfolio_shelf import LINGER_SECONDS

SECOND = timedelta(seconds=1)


# ---------- Subscribing ----------


def test_welcome_lists_what_the_person_may_watch(peopled: Engine) -> None:
    savings = {"id": MINE, "name": "Savings", "currency": "USD", "role": "owner"}
    assert Page(peopled).take()[0]["portfolios"] == [savings]
    assert Page(peopled, user=None).take()[0]["portfolios"] == []


def test_portfolio_is_read_when_it_is_first_watched_and_the_answer_waits_for_that(
    peopled: Engine, library: Library
) -> None:
    page = Page(peopled)
    assert library.asked_portfolios == []
    page.take()
    page.watch()
    assert library.asked_portfolios == [(MINE, None)]
    assert page.take() == []
    library.answer()
    (snapshot,) = page.take()
    assert (snapshot["type"], snapshot["scope"], snapshot["id"]) == ("portfolio_snapshot", SCOPE, 1)
    assert (snapshot["sequence"], snapshot["ledger"]) == (0, 2)
    assert (snapshot["totals"]["value"], row_of(snapshot, "AAPL")["value"]) == ("11010.00", "5010.00")


def test_page_that_waits_for_a_portfolio_gets_its_quotes_meanwhile(peopled: Engine, library: Library) -> None:
    page = Page(peopled)
    page.say({"type": "subscribe", "id": 1, "quotes": ["AAPL"], "portfolios": [MINE]})
    page.take()
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    assert page.kinds() == ["delta"]


def test_request_for_quotes_and_portfolios_is_answered_scope_by_scope(peopled: Engine, library: Library) -> None:
    page = Page(peopled)
    page.take()
    page.say({"type": "subscribe", "id": 7, "quotes": ["AAPL"], "portfolios": [MINE]})
    library.answer()
    assert [(message["type"], message["id"]) for message in page.take()] == [("snapshot", 7), ("portfolio_snapshot", 7)]


def test_second_page_is_answered_at_once_and_nothing_is_read_again(peopled: Engine, library: Library) -> None:
    watching(peopled, library)
    page = Page(peopled)
    page.take()
    library.asked_portfolios.clear()
    page.watch()
    assert page.kinds() == ["portfolio_snapshot"]
    assert library.asked_portfolios == []


@pytest.mark.parametrize("portfolio", [OTHER, MISSING])
def test_anothers_portfolio_is_answered_exactly_as_a_missing_one(
    peopled: Engine, library: Library, portfolio: str
) -> None:
    page = Page(peopled)
    library.answer()
    page.take()
    page.watch(portfolio)
    assert page.take() == []
    library.answer()
    expected = {
        "type": "error",
        "code": "unknown_portfolio",
        "message": f"No portfolio of yours has the id {portfolio}.",
        "id": 1,
        "scope": f"portfolio:{portfolio}",
        "symbol": None,
    }
    assert page.take() == [expected]
    assert library.asked_portfolios == []


@pytest.mark.parametrize("portfolio", [MINE, MISSING, "no id at all"])
def test_visitor_who_has_not_signed_in_has_no_portfolios(peopled: Engine, library: Library, portfolio: str) -> None:
    page = Page(peopled, user=None)
    page.take()
    page.watch(portfolio)
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("unknown_portfolio", 1)
    assert (library.asked_portfolios, library.asked_users) == ([], [])


def test_portfolio_that_was_made_after_the_page_connected_is_found(peopled: Engine, library: Library) -> None:
    page = Page(peopled)
    library.answer()
    page.take()
    library.keep(MISSING, book(deposit("1.00")))
    library.admit(ALICE, visible(), visible(MISSING, name="New"))
    page.watch(MISSING)
    library.answer()
    assert page.kinds() == ["access", "portfolio_snapshot"]


def test_more_portfolios_than_allowed_are_refused_as_a_whole(peopled: Engine) -> None:
    page = Page(peopled)
    page.take()
    page.watch(*(f"00000000-0000-4000-8000-{number:012d}" for number in range(51)))
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("too_many_portfolios", 1)
    assert page.connection.session.portfolios == set()  # type: ignore[union-attr]


def test_refused_portfolios_do_not_count_against_the_limit(peopled: Engine, library: Library, clock: SetClock) -> None:
    page = Page(peopled)
    library.answer()
    for start in range(0, 200, 25):
        clock.pass_seconds(5)
        page.watch(*(f"00000000-0000-4000-8000-{number:012d}" for number in range(start, start + 25)))
        library.answer()
    assert {message["code"] for message in page.take() if message["type"] == "error"} == {"unknown_portfolio"}
    page.watch()
    library.answer()
    assert page.kinds() == ["portfolio_snapshot"]


def test_unsubscribed_portfolio_is_no_longer_sent_and_a_status_says_so(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.say({"type": "unsubscribe", "id": 9, "portfolios": [MINE]})
    (status,) = page.take()
    assert (status["type"], status["id"], status["scopes"]) == ("status", 9, {})
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    assert page.take() == []


def test_unsubscribing_before_the_portfolio_is_loaded_leaves_nothing_to_come(peopled: Engine, library: Library) -> None:
    page = Page(peopled)
    page.watch()
    page.say({"type": "unsubscribe", "id": 9, "portfolios": [MINE]})
    page.take()
    library.answer()
    peopled.beat(beat(1))
    assert page.take() == []


def test_refresh_of_a_portfolio_is_answered_by_its_snapshot(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.say({"type": "refresh", "scope": SCOPE})
    assert page.kinds() == ["portfolio_snapshot"]


def test_refresh_of_a_portfolio_that_is_not_watched_is_refused(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.say({"type": "refresh", "scope": f"portfolio:{OTHER}"})
    assert page.take()[0]["code"] == "unknown_portfolio"


def test_acknowledgements_are_kept_of_watched_scopes_only(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.accept(tick("502.00"))
    peopled.beat(beat(1))
    for scope in (SCOPE, f"portfolio:{OTHER}"):
        page.say({"type": "ack", "scope": scope, "sequence": 1})
    assert {scope: position.sequence for scope, position in page.connection.acked.items()} == {SCOPE: 1}


# ---------- The beat ----------


def test_beat_sends_changed_columns_and_totals_only(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    (delta,) = page.take()
    assert (delta["type"], delta["sequence"], delta["ledger"]) == ("portfolio_delta", 1, 2)
    assert (delta["totals"]["value"], delta["totals"]["day"]) == ("11020.00", "20.00")
    assert row_of(delta, "AAPL")["value"] == "5020.00"
    assert {"name", "quantity", "cost", "currency"}.isdisjoint(row_of(delta, "AAPL"))
    assert len(delta["rows"]) == 1
    assert delta["stamps"]["source"] == "2012-05-21T13:30:01.000Z"


def test_beat_without_a_change_sends_nothing(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.accept(tick("34.00", symbol=IBM))
    for number in range(1, 9):
        peopled.beat(beat(number))
    assert page.take() == []


def test_portfolio_is_valued_and_encoded_once_however_many_pages_watch(peopled: Engine, library: Library) -> None:
    pages = [watching(peopled, library) for _ in range(3)]
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    payloads = [page.outlet.payloads[0] for page in pages]
    assert payloads[0] is payloads[1] is payloads[2]


def test_deltas_of_all_portfolios_of_a_page_leave_in_one_write(peopled: Engine, library: Library) -> None:
    library.keep(MISSING, book())
    library.admit(ALICE, visible(), visible(MISSING, name="Second"))
    page = Page(peopled)
    page.watch(MINE, MISSING)
    library.answer()
    page.take()
    writes = page.outlet.writes
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    assert page.kinds() == ["portfolio_delta", "portfolio_delta"]
    assert page.outlet.writes == writes + 1


def test_page_of_totals_gets_no_rows(peopled: Engine, library: Library) -> None:
    page = Page(peopled)
    page.watch(totals_only=True)
    library.answer()
    snapshot = page.take()[-1]
    assert (snapshot["rows"], snapshot["totals"]["value"]) == ({}, "11010.00")
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    library.book(MINE, buy("1", "30.00", symbol=IBM, at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    peopled.beat(beat(1))
    delta = page.take()[0]
    assert (delta["rows"], delta["added"], delta["removed"]) == ({}, {}, [])
    assert delta["totals"]["value"] == "10990.00"


def test_asking_for_the_rows_after_the_totals_brings_them(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library, totals_only=True)
    page.watch()
    (snapshot,) = page.take()
    assert len(snapshot["rows"]) == 2
    assert snapshot["epoch"] == "epoch-1-2"


def test_hidden_page_gets_its_frames_on_every_eighth_beat(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.say({"type": "visibility", "hidden": True})
    assert page.kinds() == ["portfolio_snapshot"]
    for number in range(1, 9):
        peopled.accept(tick(f"501.0{number}", at=OPEN + number * SECOND))
        peopled.beat(beat(number))
    (delta,) = page.take()
    assert row_of(delta, "AAPL")["price"] == "501.08"


def test_transaction_counts_as_soon_as_the_markets_clock_passes_it(
    peopled: Engine, library: Library, clock: SetClock
) -> None:
    library.book(MINE, sell("4", "510.00", at=OPEN + 60 * SECOND, sequence=3))
    page = Page(peopled)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "10"
    clock.market = OPEN + 59 * SECOND
    peopled.beat(beat(4))
    assert page.take() == []
    clock.market = OPEN + 60 * SECOND
    peopled.beat(beat(8))
    (delta,) = page.take()
    assert (row_of(delta, "AAPL")["quantity"], row_of(delta, "USD")["quantity"]) == ("6", "8040.00")
    assert delta["ledger"] == 3


def test_position_that_is_closed_leaves_with_its_day(peopled: Engine, library: Library, clock: SetClock) -> None:
    library.book(MINE, sell("10", "510.00", at=OPEN, sequence=3))
    page = Page(peopled)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "0"
    library.books[MINE] = book(deposit("10000.00"))
    library.note(MINE, "import_undone")
    peopled.hub.portfolios.head_heard(MINE, 4)
    library.answer()
    peopled.beat(beat(1))
    delta, event = page.take()
    assert [key.rsplit(":", 1)[1] for key in delta["removed"]] == ["AAPL"]
    assert (event["kind"], event["transaction"]) == ("import_undone", None)


# ---------- Leaving ----------


def test_portfolio_nobody_watches_any_more_is_forgotten_after_a_while(
    peopled: Engine, library: Library, clock: SetClock
) -> None:
    page = watching(peopled, library)
    shelf = peopled.hub.portfolios.shelf
    peopled.hub.leave(page.connection)
    clock.pass_seconds(LINGER_SECONDS - 1)
    peopled.beat(beat(4))
    assert len(shelf) == 1
    clock.pass_seconds(1)
    peopled.beat(beat(8))
    assert len(shelf) == 0


def test_page_that_comes_back_soon_finds_the_newest_figures_without_any_reading(
    peopled: Engine, library: Library, clock: SetClock
) -> None:
    page = watching(peopled, library)
    peopled.hub.leave(page.connection)
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    clock.pass_seconds(10)
    back = Page(peopled)
    back.take()
    back.watch()
    (snapshot,) = back.take()
    assert snapshot["totals"]["value"] == "11020.00"
    clock.pass_seconds(2 * LINGER_SECONDS)
    peopled.beat(beat(4))
    assert len(peopled.hub.portfolios.shelf) == 1


def test_nothing_stays_of_sockets_that_left(peopled: Engine, library: Library, clock: SetClock) -> None:
    pages = [watching(peopled, library) for _ in range(5)]
    waiting = Page(peopled)
    waiting.watch(OTHER)
    pages[0].say({"type": "visibility", "hidden": True})
    for page in (*pages, waiting):
        peopled.hub.leave(page.connection)
    desk = peopled.hub.portfolios
    clock.pass_seconds(LINGER_SECONDS)
    peopled.beat(beat(4))
    kept = (desk._audiences, desk._audience_of, desk._waiting, desk._unproven, desk.shelf._portfolios)
    assert [len(each) for each in kept] == [0, 0, 0, 0, 0]
    assert (len(desk.shelf._holders), len(peopled.hub.people), len(peopled.hub)) == (0, 0, 0)
    assert AAPL not in desk.shelf._holders
