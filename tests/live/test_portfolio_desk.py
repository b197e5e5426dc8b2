"""Portfolios from the page's side: what is asked, what comes, what never comes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.live.market import AAPL, IBM, OPEN, SetClock, beat, engine, tick
from tests.live.portfolios import (
    ALICE,
    BOB,
    MINE,
    MISSING,
    OTHER,
    SCOPE,
    Library,
    Page,
    book,
    buy,
    deposit,
    sell,
    visible,
)
from tickfolio.live.conflation import MAX_CONTROL_FRAMES
from tickfolio.live.engine import Engine
from tickfolio.live.portfolio_shelf import LINGER_SECONDS

SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def library(clock: SetClock) -> Library:
    library = Library(lambda: clock.market)
    library.keep(MINE, book())
    library.keep(OTHER, book(deposit("5.00")))
    library.admit(ALICE, visible())
    library.admit(BOB, visible(OTHER, name="Other"))
    return library


@pytest.fixture
def market(clock: SetClock, library: Library) -> Engine:
    market = engine(clock, source=library)
    library.market = market
    market.accept(tick("501.00"))
    return market


def watching(market: Engine, library: Library, *, totals_only: bool = False, user: int = ALICE) -> Page:
    """A page that has its snapshot."""
    page = Page(market, user=user)
    page.watch(totals_only=totals_only)
    library.answer()
    page.take()
    return page


def row_of(message: dict[str, Any], symbol: str) -> dict[str, Any]:
    (row,) = (row for key, row in message["rows"].items() if key.endswith(f":{symbol}"))
    assert isinstance(row, dict)
    return row


# ---------- Subscribing ----------


def test_welcome_lists_what_the_person_may_watch(market: Engine) -> None:
    savings = {"id": MINE, "name": "Savings", "currency": "USD", "role": "owner"}
    assert Page(market).take()[0]["portfolios"] == [savings]
    assert Page(market, user=None).take()[0]["portfolios"] == []


def test_portfolio_is_read_when_it_is_first_watched_and_the_answer_waits_for_that(
    market: Engine, library: Library
) -> None:
    page = Page(market)
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


def test_page_that_waits_for_a_portfolio_gets_its_quotes_meanwhile(market: Engine, library: Library) -> None:
    page = Page(market)
    page.say({"type": "subscribe", "id": 1, "quotes": ["AAPL"], "portfolios": [MINE]})
    page.take()
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert page.kinds() == ["delta"]


def test_request_for_quotes_and_portfolios_is_answered_scope_by_scope(market: Engine, library: Library) -> None:
    page = Page(market)
    page.take()
    page.say({"type": "subscribe", "id": 7, "quotes": ["AAPL"], "portfolios": [MINE]})
    library.answer()
    assert [(message["type"], message["id"]) for message in page.take()] == [("snapshot", 7), ("portfolio_snapshot", 7)]


def test_second_page_is_answered_at_once_and_nothing_is_read_again(market: Engine, library: Library) -> None:
    watching(market, library)
    page = Page(market)
    page.take()
    library.asked_portfolios.clear()
    page.watch()
    assert page.kinds() == ["portfolio_snapshot"]
    assert library.asked_portfolios == []


@pytest.mark.parametrize("portfolio", [OTHER, MISSING])
def test_anothers_portfolio_is_answered_exactly_as_a_missing_one(
    market: Engine, library: Library, portfolio: str
) -> None:
    page = Page(market)
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
    }
    assert page.take() == [expected]
    assert library.asked_portfolios == []


@pytest.mark.parametrize("portfolio", [MINE, MISSING, "no id at all"])
def test_visitor_who_has_not_signed_in_has_no_portfolios(market: Engine, library: Library, portfolio: str) -> None:
    page = Page(market, user=None)
    page.take()
    page.watch(portfolio)
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("unknown_portfolio", 1)
    assert (library.asked_portfolios, library.asked_users) == ([], [])


def test_portfolio_that_was_made_after_the_page_connected_is_found(market: Engine, library: Library) -> None:
    page = Page(market)
    library.answer()
    page.take()
    library.keep(MISSING, book(deposit("1.00")))
    library.admit(ALICE, visible(), visible(MISSING, name="New"))
    page.watch(MISSING)
    library.answer()
    assert page.kinds() == ["access", "portfolio_snapshot"]


def test_more_portfolios_than_allowed_are_refused_as_a_whole(market: Engine) -> None:
    page = Page(market)
    page.take()
    page.watch(*(f"00000000-0000-4000-8000-{number:012d}" for number in range(51)))
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("too_many_portfolios", 1)
    assert page.connection.session.portfolios == set()  # type: ignore[union-attr]


def test_refused_portfolios_do_not_count_against_the_limit(market: Engine, library: Library, clock: SetClock) -> None:
    page = Page(market)
    library.answer()
    for start in range(0, 200, 25):
        clock.pass_seconds(5)
        page.watch(*(f"00000000-0000-4000-8000-{number:012d}" for number in range(start, start + 25)))
        library.answer()
    assert {message["code"] for message in page.take() if message["type"] == "error"} == {"unknown_portfolio"}
    page.watch()
    library.answer()
    assert page.kinds() == ["portfolio_snapshot"]


def test_unsubscribed_portfolio_is_no_longer_sent_and_a_status_says_so(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.say({"type": "unsubscribe", "id": 9, "portfolios": [MINE]})
    (status,) = page.take()
    assert (status["type"], status["id"], status["scopes"]) == ("status", 9, {})
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert page.take() == []


def test_unsubscribing_before_the_portfolio_is_loaded_leaves_nothing_to_come(market: Engine, library: Library) -> None:
    page = Page(market)
    page.watch()
    page.say({"type": "unsubscribe", "id": 9, "portfolios": [MINE]})
    page.take()
    library.answer()
    market.beat(beat(1))
    assert page.take() == []


def test_refresh_of_a_portfolio_is_answered_by_its_snapshot(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.say({"type": "refresh", "scope": SCOPE})
    assert page.kinds() == ["portfolio_snapshot"]


def test_refresh_of_a_portfolio_that_is_not_watched_is_refused(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.say({"type": "refresh", "scope": f"portfolio:{OTHER}"})
    assert page.take()[0]["code"] == "unknown_portfolio"


def test_acknowledgements_are_kept_of_watched_scopes_only(market: Engine, library: Library) -> None:
    page = watching(market, library)
    for scope in (SCOPE, f"portfolio:{OTHER}"):
        page.say({"type": "ack", "scope": scope, "sequence": 4})
    assert page.connection.acked == {SCOPE: 4}


# ---------- The beat ----------


def test_beat_sends_changed_columns_and_totals_only(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    (delta,) = page.take()
    assert (delta["type"], delta["sequence"], delta["ledger"]) == ("portfolio_delta", 1, 2)
    assert (delta["totals"]["value"], delta["totals"]["day"]) == ("11020.00", "20.00")
    assert row_of(delta, "AAPL")["value"] == "5020.00"
    assert {"name", "quantity", "cost", "currency"}.isdisjoint(row_of(delta, "AAPL"))
    assert len(delta["rows"]) == 1
    assert delta["stamps"]["source"] == "2012-05-21T13:30:01.000Z"


def test_beat_without_a_change_sends_nothing(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.accept(tick("34.00", symbol=IBM))
    for number in range(1, 9):
        market.beat(beat(number))
    assert page.take() == []


def test_portfolio_is_valued_and_encoded_once_however_many_pages_watch(market: Engine, library: Library) -> None:
    pages = [watching(market, library) for _ in range(3)]
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    payloads = [page.outlet.payloads[0] for page in pages]
    assert payloads[0] is payloads[1] is payloads[2]


def test_deltas_of_all_portfolios_of_a_page_leave_in_one_write(market: Engine, library: Library) -> None:
    library.keep(MISSING, book())
    library.admit(ALICE, visible(), visible(MISSING, name="Second"))
    page = Page(market)
    page.watch(MINE, MISSING)
    library.answer()
    page.take()
    writes = page.outlet.writes
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert page.kinds() == ["portfolio_delta", "portfolio_delta"]
    assert page.outlet.writes == writes + 1


def test_page_of_totals_gets_no_rows(market: Engine, library: Library) -> None:
    page = Page(market)
    page.watch(totals_only=True)
    library.answer()
    snapshot = page.take()[-1]
    assert (snapshot["rows"], snapshot["totals"]["value"]) == ({}, "11010.00")
    market.accept(tick("502.00", at=OPEN + SECOND))
    library.book(MINE, buy("1", "30.00", symbol=IBM, at=OPEN, sequence=3))
    market.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    market.beat(beat(1))
    delta = page.take()[0]
    assert (delta["rows"], delta["added"], delta["removed"]) == ({}, {}, [])
    assert delta["totals"]["value"] == "10990.00"


def test_asking_for_the_rows_after_the_totals_brings_them(market: Engine, library: Library) -> None:
    page = watching(market, library, totals_only=True)
    page.watch()
    (snapshot,) = page.take()
    assert len(snapshot["rows"]) == 2
    assert snapshot["epoch"] == "epoch-1-2"


def test_hidden_page_gets_its_frames_on_every_eighth_beat(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.say({"type": "visibility", "hidden": True})
    assert page.kinds() == ["portfolio_snapshot"]
    for number in range(1, 9):
        market.accept(tick(f"501.0{number}", at=OPEN + number * SECOND))
        market.beat(beat(number))
    (delta,) = page.take()
    assert row_of(delta, "AAPL")["price"] == "501.08"


def test_transaction_counts_as_soon_as_the_markets_clock_passes_it(
    market: Engine, library: Library, clock: SetClock
) -> None:
    library.book(MINE, sell("4", "510.00", at=OPEN + 60 * SECOND, sequence=3))
    page = Page(market)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "10"
    clock.market = OPEN + 59 * SECOND
    market.beat(beat(4))
    assert page.take() == []
    clock.market = OPEN + 60 * SECOND
    market.beat(beat(8))
    (delta,) = page.take()
    assert (row_of(delta, "AAPL")["quantity"], row_of(delta, "USD")["quantity"]) == ("6", "8040.00")
    assert delta["ledger"] == 3


def test_position_that_is_closed_leaves_with_its_day(market: Engine, library: Library, clock: SetClock) -> None:
    library.book(MINE, sell("10", "510.00", at=OPEN, sequence=3))
    page = Page(market)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "0"
    library.books[MINE] = book(deposit("10000.00"))
    library.note(MINE, "import_undone")
    market.hub.portfolios.head_heard(MINE, 4)
    library.answer()
    market.beat(beat(1))
    delta, event = page.take()
    assert [key.rsplit(":", 1)[1] for key in delta["removed"]] == ["AAPL"]
    assert (event["kind"], event["transaction"]) == ("import_undone", None)


# ---------- What was booked ----------


def test_booking_brings_rows_and_then_its_event(market: Engine, library: Library) -> None:
    page = watching(market, library)
    library.book(MINE, buy("2", "30.00", symbol=IBM, at=OPEN, sequence=3))
    market.hub.portfolios.head_heard(MINE, 3)
    assert library.asked_portfolios == [(MINE, 2)]
    library.answer()
    market.beat(beat(1))
    delta, event = page.take()
    assert (delta["type"], delta["ledger"], delta["sequence"]) == ("portfolio_delta", 3, 1)
    assert [row["symbol"] for row in delta["added"].values()] == ["IBM"]
    assert row_of(delta, "USD")["quantity"] == "5940.00"
    assert event == {
        "type": "event",
        "scope": SCOPE,
        "ledger": 3,
        "kind": "transaction_added",
        "transaction": "00000000-0000-4000-8000-000000000003",
    }


def test_wake_up_that_comes_twice_or_late_leads_to_nothing(market: Engine, library: Library) -> None:
    watching(market, library)
    for sequence in (1, 2, 2):
        market.hub.portfolios.head_heard(MINE, sequence)
    market.hub.portfolios.head_heard(OTHER, 99)
    assert library.asked_portfolios == []


def test_booking_while_the_portfolio_is_being_read_is_read_afterwards(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.hub.portfolios.head_heard(MINE, 3)
    library.asked_portfolios.clear()
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    early = library.read(MINE, 2)
    library.book(MINE, deposit("1.00", at=OPEN, sequence=4))
    market.hub.portfolios.head_heard(MINE, 4)
    assert library.asked_portfolios == []
    library.deliver(MINE, early)
    assert library.asked_portfolios == [(MINE, 3)]
    library.answer()
    market.beat(beat(1))
    messages = page.take()
    assert [message["type"] for message in messages] == ["portfolio_delta", "event", "event"]
    assert [message["ledger"] for message in messages] == [4, 3, 4]


def test_lost_wake_up_is_found_by_the_look_at_the_database(market: Engine, library: Library) -> None:
    page = watching(market, library)
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    market.beat(beat(1))
    assert page.kinds() == ["portfolio_delta", "event"]
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_portfolios == []


def test_owners_other_time_zone_is_found_by_the_look_at_the_database(market: Engine, library: Library) -> None:
    watching(market, library)
    library.books[MINE] = book(zone="Asia/Tokyo")
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_portfolios == [(MINE, 2)]


def test_slow_page_loses_no_event_and_gets_a_snapshot_in_place_of_deltas(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.outlet.is_full = True
    for sequence in (3, 4):
        library.book(MINE, deposit("1.00", at=OPEN, sequence=sequence))
        market.hub.portfolios.head_heard(MINE, sequence)
        library.answer()
        market.beat(beat(sequence))
    page.outlet.is_full = False
    market.beat(beat(5))
    messages = page.take()
    assert [message["type"] for message in messages] == ["event", "event", "portfolio_snapshot"]
    assert [message["ledger"] for message in messages] == [3, 4, 4]


def test_page_that_reads_no_events_at_all_is_closed(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.outlet.is_full = True
    for number in range(MAX_CONTROL_FRAMES + 1):
        library.note(MINE, "portfolio_changed")
        market.hub.portfolios.head_heard(MINE, 3 + number)
        library.answer()
        market.beat(beat(1))
    assert page.outlet.closed_with == (1008, "reads_too_slowly")


def test_more_events_at_once_than_a_mailbox_holds_are_told_by_a_snapshot(market: Engine, library: Library) -> None:
    page = watching(market, library)
    for _ in range(MAX_CONTROL_FRAMES + 1):
        library.note(MINE, "portfolio_changed")
    market.hub.portfolios.head_heard(MINE, 2 + MAX_CONTROL_FRAMES + 1)
    library.answer()
    market.beat(beat(1))
    market.beat(beat(2))
    messages = page.take()
    assert [message["type"] for message in messages] == ["portfolio_delta", "portfolio_snapshot"]
    assert messages[-1]["ledger"] == 2 + MAX_CONTROL_FRAMES + 1


# ---------- Epochs and runs ----------


def test_new_epoch_sends_everybody_a_snapshot(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.begin_epoch("epoch-2")
    market.beat(beat(1))
    snapshot, status = page.take()
    assert (snapshot["type"], snapshot["epoch"], snapshot["sequence"]) == ("portfolio_snapshot", "epoch-2-2", 0)
    assert status["scopes"] == {SCOPE: {"epoch": "epoch-2-2", "sequence": 0}}


def test_new_run_folds_the_portfolio_anew(market: Engine, library: Library, clock: SetClock) -> None:
    library.book(MINE, sell("4", "510.00", at=OPEN, sequence=3))
    page = Page(market)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "6"
    clock.market = OPEN - timedelta(days=3)
    market.begin_run("run-2")
    assert library.asked_portfolios == [(MINE, 3)]
    market.beat(beat(1))
    assert page.kinds() == ["status"]
    library.answer()
    (snapshot,) = page.take()
    assert (row_of(snapshot, "AAPL")["quantity"], row_of(snapshot, "AAPL")["reason"]) == (
        "10",
        "no price of AAPL is known",
    )


def test_what_was_being_read_when_a_run_began_is_read_again(market: Engine, library: Library, clock: SetClock) -> None:
    page = Page(market)
    page.watch()
    library.asked_portfolios.clear()
    early = library.read(MINE, None)
    market.begin_run("run-2")
    page.take()
    library.deliver(MINE, early)
    assert page.take() == []
    assert library.asked_portfolios == [(MINE, None)]
    library.answer()
    assert page.kinds() == ["portfolio_snapshot"]


# ---------- What cannot be read or valued ----------


def test_portfolio_that_cannot_be_read_is_said_to_be_so_and_comes_when_it_can(market: Engine, library: Library) -> None:
    page = Page(market)
    page.watch()
    page.take()
    library.cannot_read.add(MINE)
    library.answer()
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("portfolio_unavailable", 1)
    library.cannot_read.clear()
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    (snapshot,) = page.take()
    assert (snapshot["type"], snapshot["id"]) == ("portfolio_snapshot", None)


def test_portfolio_that_cannot_be_read_again_goes_on_with_what_is_known(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.hub.portfolios.head_heard(MINE, 3)
    library.cannot_read.add(MINE)
    library.answer()
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert page.kinds() == ["portfolio_delta"]


def test_portfolio_that_cannot_be_valued_stops_no_other(
    market: Engine, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = watching(market, library)
    library.keep(MISSING, book())
    library.admit(BOB, visible(MISSING))
    good = Page(market, user=BOB, portfolios=(visible(MISSING),))
    good.watch(MISSING)
    library.answer()
    good.take()
    held = market.hub.portfolios.shelf.get(MINE)
    assert held is not None

    def fail(*_arguments: object) -> None:
        raise ArithmeticError("a figure that cannot be")

    monkeypatch.setattr(type(held), "value", _failing_for(held, fail))
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert (good.kinds(), broken.kinds()) == (["portfolio_delta"], [])
    assert library.failures == [MINE]
    monkeypatch.undo()
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    assert broken.kinds() == ["portfolio_snapshot"]


def _failing_for(one: object, fail: Any) -> Any:
    real = type(one).value  # type: ignore[attr-defined]
    return lambda held, market: fail() if held is one else real(held, market)


# ---------- Rights ----------


def test_portfolio_that_is_taken_away_gets_no_further_frame(market: Engine, library: Library) -> None:
    page = watching(market, library)
    library.admit(ALICE)
    market.hub.access_changed(ALICE)
    library.answer()
    assert page.take() == [{"type": "access", "portfolios": []}]
    market.accept(tick("502.00", at=OPEN + SECOND))
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    market.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    for number in range(1, 9):
        market.beat(beat(number))
    assert page.take() == []
    page.say({"type": "refresh", "scope": SCOPE})
    assert page.take()[0]["code"] == "unknown_portfolio"
    assert page.outlet.closed_with is None


def test_what_waited_for_a_slow_page_is_taken_away_with_the_portfolio(market: Engine, library: Library) -> None:
    page = watching(market, library)
    page.outlet.is_full = True
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    market.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    market.beat(beat(1))
    library.admit(ALICE)
    market.hub.access_changed(ALICE)
    library.answer()
    page.outlet.is_full = False
    market.beat(beat(2))
    assert page.take() == [{"type": "access", "portfolios": []}]


def test_other_role_or_name_is_told_and_nothing_else_changes(market: Engine, library: Library) -> None:
    page = watching(market, library)
    library.admit(ALICE, visible(role="viewer", name="Renamed"))
    market.hub.access_changed(ALICE)
    library.answer()
    (access,) = page.take()
    assert [(one["role"], one["name"]) for one in access["portfolios"]] == [("viewer", "Renamed")]
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    assert page.kinds() == ["portfolio_delta"]


def test_rights_that_are_the_same_as_before_are_not_told(market: Engine, library: Library) -> None:
    page = watching(market, library)
    market.hub.access_changed(ALICE)
    library.answer()
    assert page.take() == []


def test_wish_for_a_portfolio_that_was_taken_away_while_it_was_being_read_is_refused(
    market: Engine, library: Library
) -> None:
    page = Page(market)
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


def test_deleted_portfolio_leads_to_another_look_at_the_rights(market: Engine, library: Library) -> None:
    page = watching(market, library)
    del library.books[MINE], library.heads[MINE]
    library.admit(ALICE)
    market.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_users == [ALICE]
    library.answer()
    assert page.kinds() == ["access"]


# ---------- Leaving ----------


def test_portfolio_nobody_watches_any_more_is_forgotten_after_a_while(
    market: Engine, library: Library, clock: SetClock
) -> None:
    page = watching(market, library)
    shelf = market.hub.portfolios.shelf
    market.hub.leave(page.connection)
    clock.pass_seconds(LINGER_SECONDS - 1)
    market.beat(beat(4))
    assert len(shelf) == 1
    clock.pass_seconds(1)
    market.beat(beat(8))
    assert len(shelf) == 0


def test_page_that_comes_back_soon_finds_the_newest_figures_without_any_reading(
    market: Engine, library: Library, clock: SetClock
) -> None:
    page = watching(market, library)
    market.hub.leave(page.connection)
    market.accept(tick("502.00", at=OPEN + SECOND))
    market.beat(beat(1))
    clock.pass_seconds(10)
    back = Page(market)
    back.take()
    back.watch()
    (snapshot,) = back.take()
    assert snapshot["totals"]["value"] == "11020.00"
    clock.pass_seconds(2 * LINGER_SECONDS)
    market.beat(beat(4))
    assert len(market.hub.portfolios.shelf) == 1


def test_nothing_stays_of_sockets_that_left(market: Engine, library: Library, clock: SetClock) -> None:
    pages = [watching(market, library) for _ in range(5)]
    waiting = Page(market)
    waiting.watch(OTHER)
    pages[0].say({"type": "visibility", "hidden": True})
    for page in (*pages, waiting):
        market.hub.leave(page.connection)
    desk = market.hub.portfolios
    clock.pass_seconds(LINGER_SECONDS)
    market.beat(beat(4))
    kept = (desk._audiences, desk._audience_of, desk._waiting, desk._unproven, desk.shelf._portfolios)
    assert [len(each) for each in kept] == [0, 0, 0, 0, 0]
    assert (len(desk.shelf._holders), len(market.hub.people), len(market.hub)) == (0, 0, 0)
    assert AAPL not in desk.shelf._holders
