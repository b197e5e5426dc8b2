"""What only the desk itself shows; how it serves sockets is tested through the hub."""

from tests.live.market import AAPL, IBM, RecordingOutlet, SetClock, engine
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.quote_desk import QuoteDesk
from tickfolio.live.session import V1Session


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
