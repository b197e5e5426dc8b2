"""What only the desk itself shows; how it serves sockets is tested through the hub."""

import pytest

from tests.live.market import AAPL, IBM, RecordingOutlet, SetClock, beat, engine, tick
from tickfolio.domain.instruments import Symbol
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.pacer import HIDDEN_EVERY
from tickfolio.live.quote_desk import QuoteDesk
from tickfolio.live.session import PlainSession, V1Session


def test_socket_has_a_position_while_it_watches() -> None:
    clock = SetClock()
    desk = QuoteDesk(rows=engine(clock).rows, delivery=Delivery(clock), next_epoch=lambda: "e1")
    outlet = RecordingOutlet()
    connection = Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0)
    assert desk.position(connection) is None
    desk.watch(connection, frozenset({AAPL, IBM}), request_id=1)
    position = desk.position(connection)
    assert position is not None
    assert (position.epoch, position.sequence) == ("e1", 0)
    assert desk.watched_symbols() == {AAPL, IBM}
    desk.leave(connection)
    assert (desk.position(connection), desk.watched_symbols()) == (None, frozenset())


def test_page_that_watches_nothing_changes_its_pace_silently() -> None:
    clock = SetClock()
    desk = QuoteDesk(rows=engine(clock).rows, delivery=Delivery(clock), next_epoch=lambda: "e1")
    outlet = RecordingOutlet()
    desk.pace_changed(Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0))
    assert outlet.take() == []


def test_only_those_whose_symbols_changed_are_looked_at_and_all_share_what_is_encoded() -> None:
    clock = SetClock()
    market = engine(clock)
    desk = QuoteDesk(rows=market.rows, delivery=Delivery(clock), next_epoch=lambda: "e1")
    outlets = [RecordingOutlet() for _ in range(2)]
    for outlet, symbols in zip(outlets, ({AAPL}, {AAPL, IBM}), strict=True):
        connection = Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0)
        desk.watch(connection, frozenset(symbols), request_id=1)
        outlet.take()
    for number, changed in enumerate((IBM, AAPL), start=1):
        market.accept(tick("501.00", symbol=changed))
        market.rows.refresh()
        desk.sweep(beat(number), at=0.0, sent_at="")
    first, second = (outlet.take() for outlet in outlets)
    assert (len(first), len(second)) == (1, 2)
    # The first one was not swept with IBM; what AAPL changed by then is the same for both.
    assert market.rows._rows[AAPL]._deltas.keys() == {market.rows.version - 1}


def test_hidden_page_that_was_passed_over_gets_all_that_changed_meanwhile() -> None:
    clock = SetClock()
    market = engine(clock)
    desk = QuoteDesk(rows=market.rows, delivery=Delivery(clock), next_epoch=lambda: "e1")
    outlet = RecordingOutlet()
    connection = Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0)
    connection.is_hidden = True
    desk.watch(connection, frozenset({AAPL, IBM}), request_id=1)
    outlet.take()
    for number, changed in enumerate((IBM, AAPL), start=1):
        market.accept(tick("501.00", symbol=changed))
        market.rows.refresh()
        desk.sweep(beat(number), at=0.0, sent_at="")
    assert outlet.take() == []
    desk.sweep(beat(HIDDEN_EVERY), at=0.0, sent_at="")
    (frame,) = outlet.take()
    assert b'"AAPL":' in frame
    assert b'"IBM":' in frame
    desk.sweep(beat(2 * HIDDEN_EVERY), at=0.0, sent_at="")
    assert outlet.take() == []


@pytest.mark.parametrize("symbols", [[AAPL], [AAPL, IBM]])
def test_plain_socket_that_was_just_answered_is_not_told_again_and_a_full_one_counts_for_nothing(
    symbols: list[Symbol],
) -> None:
    clock = SetClock()
    market, delivery = engine(clock), Delivery(clock)
    desk = QuoteDesk(rows=market.rows, delivery=delivery, next_epoch=lambda: "e1")
    outlets = [RecordingOutlet() for _ in range(3)]
    sockets = [
        Connection(session=PlainSession(knows=lambda _symbol: True), outlet=outlet, at=0.0) for outlet in outlets
    ]
    for connection in sockets[:2]:
        for symbol in symbols:
            desk.watch_plain(connection, symbol)
    for symbol in symbols:
        market.accept(tick("501.00", symbol=symbol))
    desk.watch_plain(sockets[2], AAPL)
    outlets[1].is_full = True
    before = delivery.tally.frames
    market.rows.refresh()
    desk.sweep(beat(1), at=0.0, sent_at="")
    assert [len(outlet.take()) for outlet in outlets] == [2 * len(symbols), len(symbols), 1]
    assert delivery.tally.frames - before == len(symbols)
    assert (delivery.tally.skips, sockets[1].mailbox.symbols) == (len(symbols), set(symbols))
    for connection in sockets:
        desk.leave(connection)
    assert (desk._watchers, desk._ahead) == ({}, {})


def test_member_that_is_owed_the_whole_is_not_looked_at_again() -> None:
    clock = SetClock()
    market, delivery = engine(clock), Delivery(clock)
    desk = QuoteDesk(rows=market.rows, delivery=delivery, next_epoch=lambda: "e1")
    outlets = [RecordingOutlet() for _ in range(2)]
    for outlet in outlets:
        connection = Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0)
        desk.watch(connection, frozenset({AAPL}), request_id=1)
        outlet.take()
    outlets[0].is_full = True
    for number in range(3):
        market.accept(tick(f"50{number}.00"))
        market.rows.refresh()
        desk.sweep(beat(number), at=0.0, sent_at="")
        outlets[0].is_full = False  # what would be sent now would be a delta on what it lacks
    assert [len(outlet.take()) for outlet in outlets] == [0, 3]
    assert delivery.tally.skips == 3
