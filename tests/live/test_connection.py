from tests.live.market import RecordingOutlet
from tickfolio.live.connection import Connection
from tickfolio.live.session import PlainSession
from tickfolio.live.wire.framing import Frame


def connection(outlet: RecordingOutlet) -> Connection:
    return Connection(session=PlainSession(knows=lambda _symbol: True), outlet=outlet, at=0.0)


def test_sent_frames_leave_in_one_write() -> None:
    outlet = RecordingOutlet()
    assert connection(outlet).send([Frame(b"1"), Frame(b"2")], at=1.0)
    assert (outlet.writes, outlet.take()) == (1, [b"1", b"2"])


def test_socket_that_takes_frames_again_is_no_longer_stuck() -> None:
    outlet = RecordingOutlet()
    slow = connection(outlet)
    outlet.is_full = True
    assert not slow.send([Frame(b"1")], at=0.0)
    assert slow.is_stuck(15.0)
    outlet.is_full = False
    assert slow.send([Frame(b"2")], at=15.0)
    assert not slow.is_stuck(100.0)


def test_leaving_closes_once_and_swallows_what_follows() -> None:
    outlet = RecordingOutlet()
    leaving = connection(outlet)
    leaving.leave(code=1008, reason="first")
    leaving.leave(code=1008, reason="second")
    assert outlet.closed_with == (1008, "first")
    assert leaving.send([Frame(b"1")], at=0.0)
    assert outlet.take() == []
