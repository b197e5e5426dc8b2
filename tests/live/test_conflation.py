import pytest

from tests.live.market import AAPL
from tickfolio.live.conflation import MAX_CONTROL_FRAMES, Mailbox, MailboxFull
from tickfolio.live.wire.framing import Frame


def test_new_mailbox_owes_nothing() -> None:
    assert not Mailbox()


def test_symbol_owed_many_times_is_owed_once() -> None:
    mailbox = Mailbox()
    for _ in range(1000):
        mailbox.owe_symbols([AAPL])
    assert mailbox
    assert mailbox.symbols == {AAPL}


def test_snapshot_owed_many_times_is_owed_once() -> None:
    mailbox = Mailbox()
    mailbox.owe_snapshot()
    mailbox.owe_snapshot()
    assert mailbox
    assert mailbox.needs_snapshot


def test_answers_are_kept_in_order_and_bounded() -> None:
    mailbox = Mailbox()
    for number in range(MAX_CONTROL_FRAMES):
        mailbox.owe_control(Frame(str(number).encode()))
    with pytest.raises(MailboxFull):
        mailbox.owe_control(Frame(b"one too many"))
    assert [frame.payload for frame in mailbox.controls][:3] == [b"0", b"1", b"2"]
