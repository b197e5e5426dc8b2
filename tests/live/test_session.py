import json

import pytest

from tests.live.market import AAPL, IBM
from tickfolio.domain.instruments import Symbol
from tickfolio.live.session import (
    REFUSALS_BEFORE_CLOSE,
    Command,
    Leave,
    NoteAck,
    PlainSession,
    Reply,
    SendSnapshot,
    SendStatus,
    SendWelcome,
    SetHidden,
    UnwatchPortfolios,
    V1Session,
    Watch,
    WatchPortfolios,
)
from tickfolio.live.wire.messages import Limits

LIMITS = Limits(
    message_bytes=16384, messages_per_second=20, message_burst=40, symbols=3, portfolios=2, sockets_per_user=2
)
KNOWN = {AAPL, IBM, Symbol("MSFT"), Symbol("GOOG")}


def plain() -> PlainSession:
    return PlainSession(knows=KNOWN.__contains__, limits=LIMITS)


def greeted() -> V1Session:
    session = V1Session(knows=KNOWN.__contains__, limits=LIMITS)
    session.receive_text('{"type":"hello"}', at=0.0)
    return session


def error_of(commands: list[Command]) -> dict[str, object]:
    assert len(commands) == 1
    reply = commands[0]
    assert isinstance(reply, Reply)
    answer: dict[str, object] = json.loads(reply.payload)
    return answer


def code_of(commands: list[Command]) -> object:
    answer = error_of(commands)
    fault = answer.get("error", answer)
    assert isinstance(fault, dict)
    return fault["code"]


def test_hello_with_a_token_is_welcomed_only_where_the_token_was_found_to_stand() -> None:
    session = V1Session(knows=KNOWN.__contains__, limits=LIMITS)
    session.knows_token = session.needs_token = True
    assert session.receive_text('{"type":"hello","token":"tkf_x"}', at=0.0) == [SendWelcome()]
    assert session.receive_text('{"type":"hello"}', at=0.0) == [SendWelcome()]
    reply, leave = session.receive_text('{"type":"hello","token":"tkf_other"}', at=0.0)
    assert code_of([reply]) == "invalid_token"
    assert b"tkf_" not in reply.payload  # type: ignore[union-attr]  # code_of has said that it is a reply
    assert leave == Leave(close_code=1008, reason="signed_out")


def test_where_a_token_is_needed_a_hello_without_one_is_refused() -> None:
    session = V1Session(knows=KNOWN.__contains__, limits=LIMITS)
    session.needs_token = True
    reply, leave = session.receive_text('{"type":"hello"}', at=0.0)
    assert (code_of([reply]), leave) == ("invalid_token", Leave(close_code=1008, reason="signed_out"))
    assert code_of(session.receive_text('{"type":"ping","id":1}', at=0.0)) == "expected_hello"


# ---------- Plain ----------


@pytest.mark.parametrize("text", ['{"symbol":"AAPL"}', '{"symbol":" aapl "}', '{"symbol":"AAPL","extra":[1]}'])
def test_plain_symbol_is_watched_however_it_is_spelt(text: str) -> None:
    assert plain().receive_text(text, at=0.0) == [Watch(symbols=frozenset({AAPL}), asked=(AAPL,), request_id=None)]


def test_plain_second_symbol_is_added_to_the_first() -> None:
    session = plain()
    session.receive_text('{"symbol":"AAPL"}', at=0.0)
    assert session.receive_text('{"symbol":"IBM"}', at=0.0) == [
        Watch(symbols=frozenset({AAPL, IBM}), asked=(IBM,), request_id=None)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("garbage", "not_json"),
        ("", "not_json"),
        ("[" * 4000, "missing_symbol"),
        ("[]", "missing_symbol"),
        ("null", "missing_symbol"),
        ("{}", "missing_symbol"),
        ('{"symbol":7}', "missing_symbol"),
        ('{"symbol":""}', "invalid_symbol"),
        ('{"symbol":"' + "A" * 33 + '"}', "invalid_symbol"),
        ('{"symbol":"A B"}', "invalid_symbol"),
        ('{"symbol":"XXXX"}', "unknown_symbol"),
        ('{"symbol":"' + "A" * 4096 + '"}', "message_too_large"),
        ('{"symbol":"' + "Ä" * 2048 + '"}', "message_too_large"),
    ],
)
def test_plain_nonsense_gets_its_error(text: str, code: str) -> None:
    assert code_of(plain().receive_text(text, at=0.0)) == code


def test_plain_unknown_symbol_is_named_in_its_error() -> None:
    answer = error_of(plain().receive_text('{"symbol":"xxxx"}', at=0.0))
    assert list(answer) == ["symbol", "error"]
    assert answer["symbol"] == "XXXX"


def test_plain_symbol_that_cannot_be_one_is_named_unless_it_is_too_long() -> None:
    assert error_of(plain().receive_text('{"symbol":"a b"}', at=0.0))["symbol"] == "A B"
    assert "symbol" not in error_of(plain().receive_text('{"symbol":"' + "A" * 33 + '"}', at=0.0))


def test_plain_symbols_beyond_the_limit_are_refused_and_the_others_stay() -> None:
    session = plain()
    for symbol in ("AAPL", "IBM", "GOOG"):
        session.receive_text(json.dumps({"symbol": symbol}), at=0.0)
    assert code_of(session.receive_text('{"symbol":"MSFT"}', at=0.0)) == "too_many_symbols"
    assert session.watched == {AAPL, IBM, Symbol("GOOG")}


def test_plain_binary_message_gets_its_error() -> None:
    assert code_of(plain().receive_binary(at=0.0)) == "binary"


# ---------- Too many messages ----------


def test_flood_is_told_once_then_ignored_then_closed() -> None:
    session = plain()
    answers = [session.receive_text('{"symbol":"AAPL"}', at=0.0) for _ in range(40 + REFUSALS_BEFORE_CLOSE + 1)]
    assert all(isinstance(answer[0], Watch) for answer in answers[:40])
    assert code_of(answers[40]) == "too_many_messages"
    assert answers[41:-1] == [[]] * (REFUSALS_BEFORE_CLOSE - 1)
    assert answers[-1] == [Leave(close_code=1008, reason="too_many_messages")]


def test_steady_flood_at_ten_times_the_rate_is_closed_although_some_messages_get_through() -> None:
    session = greeted()
    answers = [session.receive_text('{"type":"ping","id":1}', at=number / 200) for number in range(1000)]
    assert [Leave(close_code=1008, reason="too_many_messages")] in answers


def test_busy_client_that_pauses_is_forgiven() -> None:
    session = greeted()
    for burst in range(20):
        for _ in range(60):
            answer = session.receive_text('{"type":"ping","id":1}', at=burst * 10.0)
            assert not isinstance(answer[0] if answer else None, Leave)


def test_flood_of_binary_messages_is_closed_too() -> None:
    session = plain()
    answers = [session.receive_binary(at=0.0) for _ in range(40 + REFUSALS_BEFORE_CLOSE + 1)]
    assert answers[-1] == [Leave(close_code=1008, reason="too_many_messages")]


# ---------- tickfolio.v1 ----------


def test_v1_wants_a_hello_first() -> None:
    session = V1Session(knows=KNOWN.__contains__, limits=LIMITS)
    assert code_of(session.receive_text('{"type":"ping","id":1}', at=0.0)) == "expected_hello"
    assert session.receive_text('{"type":"hello"}', at=0.0) == [SendWelcome()]


def test_v1_second_hello_is_answered_by_a_snapshot_as_well() -> None:
    session = greeted()
    session.receive_text('{"type":"subscribe","id":1,"quotes":["AAPL"]}', at=0.0)
    hello = '{"type":"hello","resume":{"quotes":{"epoch":"e","sequence":3}}}'
    assert session.receive_text(hello, at=0.0) == [SendWelcome(), SendSnapshot("quotes")]


def test_v1_subscribe_takes_the_good_symbols_and_says_each_refusal() -> None:
    commands = greeted().receive_text('{"type":"subscribe","id":7,"quotes":["AAPL","XXXX","a b"]}', at=0.0)
    assert commands[2:] == [Watch(symbols=frozenset({AAPL}), asked=(AAPL,), request_id=7)]
    refusals = [json.loads(command.payload) for command in commands[:2] if isinstance(command, Reply)]
    assert [(refusal["code"], refusal["id"], refusal["symbol"]) for refusal in refusals] == [
        ("unknown_symbol", 7, "XXXX"),
        ("invalid_symbol", 7, "A B"),
    ]


def test_v1_a_symbol_too_long_to_be_one_is_not_repeated() -> None:
    text = json.dumps({"type": "subscribe", "id": 7, "quotes": ["A" * 33]})
    answer = error_of(greeted().receive_text(text, at=0.0)[:1])
    assert (answer["code"], answer["id"], answer["symbol"]) == ("invalid_symbol", 7, None)


def test_v1_unsubscribe_takes_symbols_away() -> None:
    session = greeted()
    session.receive_text('{"type":"subscribe","id":1,"quotes":["AAPL","IBM"]}', at=0.0)
    commands = session.receive_text('{"type":"unsubscribe","id":2,"quotes":["IBM"]}', at=0.0)
    assert commands == [Watch(symbols=frozenset({AAPL}), asked=(IBM,), request_id=2)]


def test_v1_symbols_beyond_the_limit_are_refused_as_a_whole() -> None:
    session = greeted()
    assert (
        code_of(session.receive_text('{"type":"subscribe","id":1,"quotes":["AAPL","IBM","MSFT","GOOG"]}', at=0.0))
        == "too_many_symbols"
    )
    assert session.watched == frozenset()


def test_v1_request_for_more_symbols_than_a_socket_may_have_gets_one_answer_and_not_thousands() -> None:
    text = json.dumps({"type": "subscribe", "id": 1, "quotes": [""] * 5000})
    assert code_of(greeted().receive_text(text, at=0.0)) == "too_many_symbols"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('{"type":"refresh","scope":"quotes"}', SendSnapshot("quotes")),
        ('{"type":"visibility","hidden":true}', SetHidden(is_hidden=True)),
        ('{"type":"ack","scope":"quotes","sequence":5}', NoteAck("quotes", 5)),
        ('{"type":"ping","id":9}', SendStatus(request_id=9)),
    ],
)
def test_v1_request_becomes_its_command(text: str, command: Command) -> None:
    assert greeted().receive_text(text, at=0.0) == [command]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"),
        ("[]", "invalid_message"),
        ('{"type":"nonsense"}', "invalid_message"),
        ('{"type":"ping"}', "invalid_message"),
        ('{"type":"ping","id":1,"undeclared":2}', "invalid_message"),
        ('{"type":"subscribe","id":1,"quotes":"AAPL"}', "invalid_message"),
        ('{"type":"refresh","scope":"portfolios"}', "invalid_message"),
    ],
)
def test_v1_refuses_what_is_not_declared(text: str, code: str) -> None:
    assert code_of(greeted().receive_text(text, at=0.0)) == code


@pytest.mark.parametrize(
    ("text", "request_id"),
    [
        ('{"type":"nonsense","id":7}', 7),
        ('{"id":7}', 7),
        ('{"type":"subscribe","quotes":"AAPL","id":7}', 7),
        ('{"type":"ping","id":7,"undeclared":{"id":8}}', 7),
        ('{"type":"ping","id":"7"}', None),
        ('{"type":"ping","id":7.5}', None),
        ('{"type":"ping","id":[7]}', None),
        ('[{"id":7}]', None),
        ('{"id":7', None),
        ("[" * 4000, None),
    ],
)
def test_v1_a_refused_message_is_answered_with_its_id_where_that_can_be_read(text: str, request_id: int | None) -> None:
    assert error_of(greeted().receive_text(text, at=0.0))["id"] == request_id


def test_v1_what_comes_before_the_hello_is_refused_with_its_id() -> None:
    session = V1Session(knows=KNOWN.__contains__, limits=LIMITS)
    assert error_of(session.receive_text('{"type":"ping","id":5}', at=0.0))["id"] == 5


def test_v1_binary_message_gets_its_error() -> None:
    assert code_of(greeted().receive_binary(at=0.0)) == "binary"


# ---------- Portfolios ----------

MINE = "3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10"
OTHERS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(4)]


def subscribed(session: V1Session, *portfolios: str, **more: object) -> list[Command]:
    message = {"type": "subscribe", "id": 5, "portfolios": list(portfolios), **more}
    return session.receive_text(json.dumps(message), at=0.0)


def test_portfolios_are_asked_for_once_each_however_they_are_spelt() -> None:
    wanted = WatchPortfolios((MINE,), totals_only=False, request_id=5)
    assert subscribed(greeted(), MINE, f" {MINE.upper()} ") == [wanted]


def test_totals_alone_may_be_asked_for() -> None:
    assert subscribed(greeted(), MINE, totals_only=True) == [WatchPortfolios((MINE,), totals_only=True, request_id=5)]


def test_quotes_and_portfolios_of_one_request_are_independent() -> None:
    commands = subscribed(greeted(), MINE, quotes=["AAPL", "IBM", "MSFT", "GOOG"])
    assert code_of(commands[:1]) == "too_many_symbols"
    assert commands[1:] == [WatchPortfolios((MINE,), totals_only=False, request_id=5)]


@pytest.mark.parametrize("text", ["", "x", "../../etc", f"{{{MINE}}}", f"urn:uuid:{MINE}", "A" * 9000])
def test_id_that_cannot_be_one_is_unknown_and_its_text_is_not_repeated_at_length(text: str) -> None:
    error, watch = subscribed(greeted(), text, MINE)
    answer = error_of([error])
    assert (answer["code"], answer["id"], answer["scope"]) == ("unknown_portfolio", 5, None)
    assert len(str(answer["message"])) < 100
    assert watch == WatchPortfolios((MINE,), totals_only=False, request_id=5)


def test_portfolios_beyond_the_limit_are_refused_and_the_others_stay() -> None:
    session = greeted()
    subscribed(session, OTHERS[0], OTHERS[1])
    assert code_of(subscribed(session, OTHERS[2])) == "too_many_portfolios"
    assert subscribed(session, OTHERS[0])
    session.forget_portfolio(OTHERS[1])
    assert subscribed(session, OTHERS[2]) == [WatchPortfolios((OTHERS[2],), totals_only=False, request_id=5)]
    assert session.portfolios == {OTHERS[0], OTHERS[2]}


def test_a_portfolio_may_be_watched_in_another_currency_too_and_in_no_third() -> None:
    session = greeted()
    both = subscribed(session, *OTHERS[:2], f"{OTHERS[0].upper()}@eur", f"{OTHERS[1]}@EUR")
    assert both == [
        WatchPortfolios((*OTHERS[:2], f"{OTHERS[0]}@EUR", f"{OTHERS[1]}@EUR"), totals_only=False, request_id=5)
    ]
    assert code_of(subscribed(session, f"{OTHERS[0]}@USD")) == "too_many_portfolios"
    assert code_of(subscribed(greeted(), f"{MINE}@EURO")[:1]) == "unknown_portfolio"


def test_one_message_cannot_ask_for_thousands_of_refusals() -> None:
    commands = subscribed(greeted(), *(str(number) for number in range(1000)))
    assert code_of(commands) == "too_many_portfolios"


def test_portfolios_that_are_no_longer_watched_make_room() -> None:
    session = greeted()
    subscribed(session, OTHERS[0], OTHERS[1])
    commands = session.receive_text(
        json.dumps({"type": "unsubscribe", "id": 6, "portfolios": [OTHERS[0], "never asked for"]}), at=0.0
    )
    assert commands == [UnwatchPortfolios((OTHERS[0], "never asked for"), request_id=6)]
    assert session.portfolios == {OTHERS[1]}


@pytest.mark.parametrize("scope", ["portfolio:", "portfolio:x", "quotes ", "watchlist:1", f"portfolio:{MINE}x", 7])
@pytest.mark.parametrize("kind", ["refresh", "ack"])
def test_scope_that_cannot_be_one_is_an_invalid_message(scope: object, kind: str) -> None:
    message = {"type": kind, "scope": scope, **({"sequence": 1} if kind == "ack" else {})}
    assert code_of(greeted().receive_text(json.dumps(message), at=0.0)) == "invalid_message"


def test_refresh_and_ack_name_their_scope() -> None:
    session, scope = greeted(), f"portfolio:{MINE}"
    assert session.receive_text(json.dumps({"type": "refresh", "scope": scope}), at=0.0) == [SendSnapshot(scope)]
    acknowledged = session.receive_text(json.dumps({"type": "ack", "scope": scope, "sequence": 4}), at=0.0)
    assert acknowledged == [NoteAck(scope, 4)]
