"""What was booked, new epochs and runs, and portfolios that cannot be read, from the page's side."""

from __future__ import annotations

from datetime import timedelta

from tests.live.market import IBM, OPEN, SetClock, beat, tick
from tests.live.portfolios import (
    ALICE,
    MINE,
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
from tickfolio.live.conflation import MAX_CONTROL_FRAMES
from tickfolio.live.engine import Engine

SECOND = timedelta(seconds=1)


# ---------- What was booked ----------


def test_booking_brings_rows_and_then_its_event(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    library.book(MINE, buy("2", "30.00", symbol=IBM, at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    assert library.asked_portfolios == [(MINE, 2)]
    library.answer()
    peopled.beat(beat(1))
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


def test_wake_up_that_comes_twice_or_late_leads_to_nothing(peopled: Engine, library: Library) -> None:
    watching(peopled, library)
    for sequence in (1, 2, 2):
        peopled.hub.portfolios.head_heard(MINE, sequence)
    peopled.hub.portfolios.head_heard(OTHER, 99)
    assert library.asked_portfolios == []


def test_booking_while_the_portfolio_is_being_read_is_read_afterwards(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.asked_portfolios.clear()
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    early = library.read(MINE, 2)
    library.book(MINE, deposit("1.00", at=OPEN, sequence=4))
    peopled.hub.portfolios.head_heard(MINE, 4)
    assert library.asked_portfolios == []
    library.deliver(MINE, early)
    assert library.asked_portfolios == [(MINE, 3)]
    library.answer()
    peopled.beat(beat(1))
    messages = page.take()
    assert [message["type"] for message in messages] == ["portfolio_delta", "event", "event"]
    assert [message["ledger"] for message in messages] == [4, 3, 4]


def test_lost_wake_up_is_found_by_the_look_at_the_database(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    library.book(MINE, deposit("1.00", at=OPEN, sequence=3))
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    peopled.beat(beat(1))
    assert page.kinds() == ["portfolio_delta", "event"]
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_portfolios == []


def test_owners_other_time_zone_is_found_by_the_look_at_the_database(peopled: Engine, library: Library) -> None:
    watching(peopled, library)
    library.books[MINE] = book(zone="Asia/Tokyo")
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    assert library.asked_portfolios == [(MINE, 2)]


def test_slow_page_loses_no_event_and_gets_a_snapshot_in_place_of_deltas(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.outlet.is_full = True
    for sequence in (3, 4):
        library.book(MINE, deposit("1.00", at=OPEN, sequence=sequence))
        peopled.hub.portfolios.head_heard(MINE, sequence)
        library.answer()
        peopled.beat(beat(sequence))
    page.outlet.is_full = False
    peopled.beat(beat(5))
    messages = page.take()
    assert [message["type"] for message in messages] == ["event", "event", "portfolio_snapshot"]
    assert [message["ledger"] for message in messages] == [3, 4, 4]


def test_page_that_reads_no_events_at_all_is_closed(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    page.outlet.is_full = True
    for number in range(MAX_CONTROL_FRAMES + 1):
        library.note(MINE, "portfolio_changed")
        peopled.hub.portfolios.head_heard(MINE, 3 + number)
        library.answer()
        peopled.beat(beat(1))
    assert page.outlet.closed_with == (1008, "reads_too_slowly")


def test_more_events_at_once_than_a_mailbox_holds_are_told_by_a_snapshot(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    for _ in range(MAX_CONTROL_FRAMES + 1):
        library.note(MINE, "portfolio_changed")
    peopled.hub.portfolios.head_heard(MINE, 2 + MAX_CONTROL_FRAMES + 1)
    library.answer()
    peopled.beat(beat(1))
    peopled.beat(beat(2))
    messages = page.take()
    assert [message["type"] for message in messages] == ["portfolio_delta", "portfolio_snapshot"]
    assert messages[-1]["ledger"] == 2 + MAX_CONTROL_FRAMES + 1


# ---------- Epochs and runs ----------


def test_new_epoch_sends_everybody_a_snapshot(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.begin_epoch("epoch-2")
    peopled.beat(beat(1))
    snapshot, status = page.take()
    assert (snapshot["type"], snapshot["epoch"], snapshot["sequence"]) == ("portfolio_snapshot", "epoch-2-2", 0)
    assert status["scopes"] == {SCOPE: {"epoch": "epoch-2-2", "sequence": 0}}


def test_new_run_folds_the_portfolio_anew(peopled: Engine, library: Library, clock: SetClock) -> None:
    library.book(MINE, sell("4", "510.00", at=OPEN, sequence=3))
    page = Page(peopled)
    page.watch()
    library.answer()
    assert row_of(page.take()[-1], "AAPL")["quantity"] == "6"
    clock.market = OPEN - timedelta(days=3)
    peopled.begin_run("run-2")
    assert library.asked_portfolios == [(MINE, 3)]
    peopled.beat(beat(1))
    assert page.kinds() == ["status"]
    library.answer()
    (snapshot,) = page.take()
    assert (row_of(snapshot, "AAPL")["quantity"], row_of(snapshot, "AAPL")["reason"]) == (
        "10",
        "no price of AAPL is known",
    )


def test_what_was_being_read_when_a_run_began_is_read_again(peopled: Engine, library: Library, clock: SetClock) -> None:
    page = Page(peopled)
    page.watch()
    library.asked_portfolios.clear()
    early = library.read(MINE, None)
    peopled.begin_run("run-2")
    page.take()
    library.deliver(MINE, early)
    assert page.take() == []
    assert library.asked_portfolios == [(MINE, None)]
    library.answer()
    assert page.kinds() == ["portfolio_snapshot"]


# ---------- What cannot be read or valued ----------


def test_portfolio_that_cannot_be_read_is_said_to_be_so_and_comes_when_it_can(
    peopled: Engine, library: Library
) -> None:
    page = Page(peopled)
    page.watch()
    page.take()
    library.cannot_read.add(MINE)
    library.answer()
    (error,) = page.take()
    assert (error["code"], error["id"]) == ("portfolio_unavailable", 1)
    library.cannot_read.clear()
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    (snapshot,) = page.take()
    assert (snapshot["type"], snapshot["id"]) == ("portfolio_snapshot", None)


def test_who_waits_for_a_portfolio_that_is_not_there_is_refused_and_hears_nothing_of_it(
    peopled: Engine, library: Library
) -> None:
    page = Page(peopled)
    page.watch()
    page.take()
    kept = library.books.pop(MINE)
    library.answer()
    (error,) = page.take()
    assert (error["code"], error["id"], error["scope"]) == ("unknown_portfolio", 1, SCOPE)
    library.books[MINE] = kept
    library.book(MINE, buy("2", "30.00", symbol=IBM, at=OPEN, sequence=3))
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.answer()
    peopled.beat(beat(1))
    assert page.take() == []


def test_portfolio_that_cannot_be_read_again_goes_on_with_what_is_known(peopled: Engine, library: Library) -> None:
    page = watching(peopled, library)
    peopled.hub.portfolios.head_heard(MINE, 3)
    library.cannot_read.add(MINE)
    library.answer()
    peopled.accept(tick("502.00", at=OPEN + SECOND))
    peopled.beat(beat(1))
    assert page.kinds() == ["portfolio_delta"]


def test_portfolio_that_cannot_be_valued_stops_no_other(peopled: Engine, library: Library, clock: SetClock) -> None:
    library.keep(OTHER, book())
    library.admit(ALICE, visible(), visible(OTHER))
    library.book(MINE, sell("99", "510.00", at=OPEN + 60 * SECOND, sequence=3))
    broken, good = watching(peopled, library), Page(peopled)
    good.watch(OTHER)
    library.answer()
    good.take()
    clock.market = OPEN + 60 * SECOND
    peopled.accept(tick("502.00", at=OPEN + 60 * SECOND))
    peopled.beat(beat(1))
    assert (good.kinds(), broken.kinds()) == (["portfolio_delta"], [])
    assert library.failures == [MINE]
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    peopled.beat(beat(4))
    assert library.failures == [MINE, MINE]
    library.keep(MINE, book())
    peopled.hub.portfolios.standings_read(frozenset({MINE}), library.standings())
    library.answer()
    assert broken.kinds() == ["portfolio_snapshot"]
