"""What a socket is told of the instance, asked for by a greeting and by pings."""

from tests.live.market import SetClock
from tests.live.portfolios import MINE, SCOPE, Library, Page, watching
from tickfolio.live.announcer import HEARTBEAT_LIMIT_MS
from tickfolio.live.engine import Engine
from tickfolio.live.people import RIGHTS_SECONDS
from tickfolio.live.reach import PATIENCE_SECONDS


def pinged(page: Page) -> dict[str, object]:
    page.say({"type": "ping", "id": 7})
    (status,) = page.take()
    assert (status["type"], status["id"]) == ("status", 7)
    return status


def test_the_welcome_says_how_often_something_is_heard_and_what_may_be_watched(peopled: Engine) -> None:
    (welcome,) = Page(peopled).take()
    assert welcome["heartbeat_ms"] == HEARTBEAT_LIMIT_MS
    assert [portfolio["id"] for portfolio in welcome["portfolios"]] == [MINE]
    (welcome,) = Page(peopled, user=None).take()
    assert welcome["portfolios"] == []


def test_the_answer_to_a_ping_says_of_when_portfolios_are(peopled: Engine, library: Library, clock: SetClock) -> None:
    page = watching(peopled, library)
    began = clock.now()
    assert pinged(page)["portfolios"] == {"state": "current", "since": None}
    since = f"{began:%Y-%m-%dT%H:%M:%S}.{began.microsecond // 1000:03}Z"
    clock.pass_seconds(PATIENCE_SECONDS + 1)
    assert pinged(page)["portfolios"] == {"state": "behind", "since": since}
    clock.pass_seconds(RIGHTS_SECONDS)
    assert pinged(page)["portfolios"] == {"state": "withheld", "since": since}


def test_to_a_visitor_nothing_is_said_of_portfolios(peopled: Engine) -> None:
    page = Page(peopled, user=None)
    page.take()
    assert pinged(page)["portfolios"] is None


def test_a_status_says_where_a_portfolio_stands(peopled: Engine, library: Library) -> None:
    scopes = pinged(watching(peopled, library))["scopes"]
    assert isinstance(scopes, dict)
    assert list(scopes) == [SCOPE]
