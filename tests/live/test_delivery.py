import pytest

from tests.live.market import RecordingOutlet, SetClock
from tickfolio.live.conflation import MAX_CONTROL_FRAMES, MailboxFull
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.ports import MAX_WAITING_BYTES
from tickfolio.live.session import V1Session
from tickfolio.live.wire.framing import Frame

A, B = "portfolio:a", "portfolio:b"


def socket() -> tuple[Connection, RecordingOutlet]:
    outlet = RecordingOutlet()
    return Connection(session=V1Session(knows=lambda _symbol: True), outlet=outlet, at=0.0), outlet


def paid(delivery: Delivery) -> list[Connection]:
    asked: list[Connection] = []
    delivery.pay_debts(asked.append)
    return asked


def test_client_that_keeps_up_gets_its_deltas_in_one_write_and_owes_nothing() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    delivery.deltas(connection, [Frame(b"1"), Frame(b"2")], (A, B), at=0.0)
    assert (outlet.writes, outlet.take(), delivery.tally.frames) == (1, [b"1", b"2"], 2)
    assert (delivery.indebted, bool(connection.mailbox)) == ({}, False)


def test_client_that_cannot_take_its_deltas_is_owed_the_whole_of_each_scope() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    outlet.is_full = True
    delivery.deltas(connection, [Frame(b"1"), Frame(b"2")], (A, B), at=0.0)
    assert connection.mailbox.snapshots == {A: None, B: None}
    assert list(delivery.indebted) == [connection]


def test_client_that_is_owed_one_scope_gets_no_delta_of_another_out_of_turn() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    delivery.owe_snapshot(connection, A)
    delivery.deltas(connection, [Frame(b"1")], (B,), at=0.0)
    assert outlet.take() == []
    assert connection.mailbox.snapshots == {A: None, B: None}


def test_answers_are_paid_before_anything_else_and_a_client_that_takes_none_is_not_asked_for_more() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    outlet.is_full = True
    for payload in (b"1", b"2"):
        delivery.answer(connection, Frame(payload))
    delivery.owe_snapshot(connection, A)
    assert paid(delivery) == []
    outlet.is_full = False
    assert paid(delivery) == [connection]
    assert outlet.take() == [b"1", b"2"]
    assert list(delivery.indebted) == [connection]
    delivery.snapshot(connection, Frame(b"whole"), scope=A, request_id=None)
    assert paid(delivery) == [connection]
    assert delivery.indebted == {}


def test_snapshot_waits_behind_answers_and_keeps_its_request() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    outlet.is_full = True
    delivery.answer(connection, Frame(b"1"))
    outlet.is_full = False
    delivery.snapshot(connection, Frame(b"whole"), scope=A, request_id=7)
    assert outlet.take() == []
    assert connection.mailbox.snapshots == {A: 7}


def test_too_many_answers_are_an_error() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    outlet.is_full = True
    for _ in range(MAX_CONTROL_FRAMES):
        delivery.answer(connection, Frame(b"1"))
    with pytest.raises(MailboxFull):
        delivery.answer(connection, Frame(b"1"))


def test_socket_that_is_gone_is_owed_nothing() -> None:
    delivery, (connection, _outlet) = Delivery(SetClock()), socket()
    delivery.owe_snapshot(connection, A)
    delivery.forget(connection)
    assert paid(delivery) == []


def test_nothing_is_composed_for_a_client_while_its_bytes_wait() -> None:
    delivery, (connection, outlet) = Delivery(SetClock()), socket()
    outlet.is_full, outlet.waiting = True, MAX_WAITING_BYTES + 1
    delivery.deltas(connection, [Frame(b"1")], (A,), at=0.0)
    assert paid(delivery) == []
    outlet.waiting = MAX_WAITING_BYTES
    assert paid(delivery) == [connection]
    assert list(delivery.indebted) == [connection]
