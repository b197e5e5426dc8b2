import pytest

from tests.live.market import AAPL
from tickfolio.live.conflation import MAX_CONTROL_FRAMES, Mailbox, MailboxFull
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.vocabulary import QUOTES

PORTFOLIO = "portfolio:3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10"


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
    mailbox.owe_snapshot(QUOTES, request_id=7)
    mailbox.owe_snapshot(QUOTES)
    assert mailbox
    assert mailbox.snapshots == {QUOTES: 7}
    mailbox.paid_snapshot(QUOTES)
    assert not mailbox


def test_answers_are_kept_in_order_and_bounded() -> None:
    mailbox = Mailbox()
    for number in range(MAX_CONTROL_FRAMES):
        mailbox.owe_control(Frame(str(number).encode()))
    with pytest.raises(MailboxFull):
        mailbox.owe_control(Frame(b"one too many"))
    assert [frame.payload for frame, _scope in mailbox.controls][:3] == [b"0", b"1", b"2"]


def test_scope_that_is_taken_away_is_owed_nothing_and_everything_else_stays() -> None:
    mailbox = Mailbox()
    mailbox.owe_snapshot(PORTFOLIO)
    mailbox.owe_snapshot(QUOTES)
    mailbox.owe_control(Frame(b"an answer"))
    mailbox.owe_control(Frame(b"an event"), scope=PORTFOLIO)
    mailbox.forget(PORTFOLIO)
    assert mailbox.snapshots == {QUOTES: None}
    assert [frame.payload for frame, _scope in mailbox.controls] == [b"an answer"]
