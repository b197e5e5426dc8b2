import pytest

from tickfolio.gateway.handshake import bearer_token, judge_handshake, session_key

HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ORIGINS = [f"http://{host}:8000" for host in HOSTS]


def judged(**headers: str | list[str]) -> str | None:
    pairs = [
        (name.encode(), value.encode())
        for name, values in headers.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    refusal = judge_handshake(pairs, allowed_hosts=HOSTS, allowed_origins=ORIGINS)
    return None if refusal is None else refusal.code


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"])
def test_allowed_host_may_connect_at_any_port(host: str) -> None:
    assert judged(host=host) is None


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "localhost:8000@evil", "a b", "::1"])
def test_other_host_is_refused(host: str) -> None:
    assert judged(host=host) == "wrong_host"


def test_missing_or_doubled_host_is_refused() -> None:
    assert judged() == "wrong_host"
    assert judged(host=["localhost", "localhost"]) == "wrong_host"


@pytest.mark.parametrize("origin", [*ORIGINS, "HTTP://LocalHost:8000"])
def test_allowed_origin_may_connect_with_and_without_a_cookie(origin: str) -> None:
    assert judged(host="localhost:8000", origin=origin) is None
    assert judged(host="localhost:8000", origin=origin, cookie="a=b") is None


@pytest.mark.parametrize(
    "origin",
    [
        "https://localhost:8000",
        "http://localhost",
        "http://localhost:8001",
        "http://localhost:8000/",
        "http://evil.example",
        "null",
        "",
    ],
)
def test_wrong_origin_is_refused_cookie_or_not(origin: str) -> None:
    assert judged(host="localhost:8000", origin=origin) == "wrong_origin"
    assert judged(host="localhost:8000", origin=origin, cookie="a=b") == "wrong_origin"


def test_two_origins_are_refused() -> None:
    assert judged(host="localhost:8000", origin=[ORIGINS[0], ORIGINS[1]]) == "wrong_origin"


def test_program_without_origin_and_cookie_may_connect() -> None:
    assert judged(host="localhost:8000") is None


def test_cookie_without_origin_is_refused() -> None:
    assert judged(host="localhost:8000", cookie="session=x") == "origin_missing"


def test_token_needs_no_origin_and_no_cookie() -> None:
    assert judged(host="localhost:8000", authorization="Bearer tkf_x") is None
    assert judged(host="localhost:8000", authorization="Bearer tkf_x", origin=ORIGINS[0]) is None


def test_token_excuses_neither_a_wrong_origin_nor_a_wrong_host() -> None:
    assert judged(host="localhost:8000", authorization="Bearer tkf_x", origin="http://evil.example") == "wrong_origin"
    assert judged(host="evil.example", authorization="Bearer tkf_x") == "wrong_host"


@pytest.mark.parametrize("origin", [{}, {"origin": ORIGINS[0]}])
def test_token_beside_a_cookie_or_another_token_is_refused(origin: dict[str, str]) -> None:
    token = "Bearer tkf_x"
    assert judged(host="localhost:8000", authorization=token, cookie="a=b", **origin) == "ambiguous_token"
    assert judged(host="localhost:8000", authorization=[token, token], **origin) == "ambiguous_token"


def test_authorization_of_another_scheme_is_a_proxys() -> None:
    assert judged(host="localhost:8000", authorization="Basic eDp5", origin=ORIGINS[0], cookie="a=b") is None
    assert bearer_token([(b"authorization", b"Basic eDp5")]) is None


@pytest.mark.parametrize(
    ("value", "token"), [("Bearer tkf_x", "tkf_x"), ("bearer  tkf_x ", "tkf_x"), ("Bearer", ""), ("Bearer ", "")]
)
def test_token_is_read_from_its_header(value: str, token: str) -> None:
    assert bearer_token([(b"Authorization", value.encode())]) == token


def test_handshake_without_the_header_has_no_token() -> None:
    assert bearer_token([(b"host", b"localhost")]) is None


@pytest.mark.parametrize(
    ("cookie", "key"),
    [
        ("sessionid=abc", "abc"),
        ("theme=dark; sessionid=abc; other=1", "abc"),
        ("theme=dark", None),
        ("sessionid=", None),
        ("nonsense", None),
        ("xsessionid=abc", None),
    ],
)
def test_session_is_read_from_its_cookie_and_from_no_other(cookie: str, key: str | None) -> None:
    assert session_key([(b"Cookie", cookie.encode())], cookie_name="sessionid") == key


def test_session_is_found_where_cookies_come_in_two_headers() -> None:
    headers = [(b"cookie", b"theme=dark"), (b"cookie", b"sessionid=abc")]
    assert session_key(headers, cookie_name="sessionid") == "abc"


def test_handshake_without_cookies_has_no_session() -> None:
    assert session_key([(b"host", b"localhost")], cookie_name="sessionid") is None
