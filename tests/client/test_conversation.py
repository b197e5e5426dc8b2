from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from tickfolio.client.conversation import SYMBOLS_A_REQUEST, Conversation
from tickfolio.live.session import LIMITS
from tickfolio.live.wire.messages import ClientMessage, Hello, Refresh, Subscribe, Unsubscribe

FRAMES = Path(__file__).parents[1] / "contract" / "frames"
PORTFOLIO = "6f1c2a34-0000-4000-8000-000000000001"


def frames(name: str) -> list[str]:
    """The recorded frames of that name, each as its text."""
    return [json.dumps(frame) for frame in json.loads((FRAMES / f"{name}.json").read_text(encoding="utf-8"))["frames"]]


def said(conversation: Conversation, texts: list[str]) -> list[ClientMessage]:
    return [answer for text in texts for answer in conversation.heard(text)[1]]


def test_a_greeting_names_all_that_is_watched() -> None:
    conversation = Conversation()
    conversation.subscribe(["AAPL", "IBM", "AAPL"], portfolios=[PORTFOLIO])
    assert conversation.greeting() == [
        Hello(),
        Subscribe(id=3, quotes=["AAPL", "IBM"]),
        Subscribe(id=4, portfolios=[PORTFOLIO]),
    ]


def test_no_request_is_longer_than_a_message_may_be() -> None:
    conversation = Conversation()
    messages = conversation.subscribe([f"{number:032}" for number in range(LIMITS.symbols)])
    assert len(messages) == LIMITS.symbols / SYMBOLS_A_REQUEST
    assert max(len(msgspec.json.encode(message)) for message in messages) < LIMITS.message_bytes


def test_less_is_watched_from_the_next_greeting_on() -> None:
    conversation = Conversation()
    conversation.subscribe(["AAPL", "IBM"], portfolios=[PORTFOLIO], totals_only=True)
    assert conversation.unsubscribe(["AAPL"], portfolios=[PORTFOLIO]) == [
        Unsubscribe(id=3, quotes=["AAPL"]),
        Unsubscribe(id=4, portfolios=[PORTFOLIO]),
    ]
    assert conversation.greeting() == [Hello(), Subscribe(id=5, quotes=["IBM"])]
    assert not conversation.portfolios


def test_where_it_stands_is_said_when_it_comes_back() -> None:
    conversation = Conversation()
    said(conversation, frames("deltas_on_a_snapshot"))
    hello, *_ = conversation.greeting()
    assert isinstance(hello, Hello)
    assert hello.resume["quotes"].sequence == conversation.quotes.sequence > 0


def test_a_gap_is_asked_about_once_and_nothing_is_said_of_where_it_stands() -> None:
    conversation = Conversation()
    assert said(conversation, frames("gap")) == [Refresh(scope="quotes")]
    hello, *_ = conversation.greeting()
    assert hello == Hello()


def test_after_the_snapshot_another_gap_is_asked_about_anew() -> None:
    conversation = Conversation()
    once = said(conversation, frames("gap_healed_by_a_snapshot"))
    assert once == [Refresh(scope="quotes")]
    assert not conversation.quotes.needs_refresh
    assert said(conversation, frames("gap")) == [Refresh(scope="quotes")]


def test_a_message_of_a_newer_server_is_passed_over_and_a_broken_one_is_not() -> None:
    conversation = Conversation()
    assert conversation.heard('{"type":"of_tomorrow","more":1}') == (None, [])
    with pytest.raises(msgspec.DecodeError):
        conversation.heard('{"type":"bye","code":1,"retry_after_ms":null}')
    with pytest.raises(msgspec.DecodeError):
        conversation.heard("{")
