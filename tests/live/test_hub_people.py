"""The hub and people who have signed in: how many sockets they have, and what ends them."""

import json

from tests.live.market import IBM, RecordingOutlet, SetClock, beat, engine, tick
from tests.live.portfolios import ALICE, MINE, Library, Page, visible
from tickfolio.domain.instruments import Symbol
from tickfolio.live.engine import Engine
from tickfolio.live.viewer import NO_RIGHTS, Viewer


def signed_in(market: Engine, *, session: str = "session") -> Page:
    page = Page(market, session=session)
    page.take()
    return page


def test_rights_are_read_again_after_each_socket_since_the_handshake_may_be_overtaken(
    peopled: Engine, library: Library
) -> None:
    signed_in(peopled)
    assert library.asked_users == [ALICE]


def test_signing_out_closes_every_socket_of_that_session_and_no_other(peopled: Engine, library: Library) -> None:
    here, also_here, there = signed_in(peopled), signed_in(peopled), signed_in(peopled, session="there")
    here.watch()
    library.admit(ALICE, visible(), sessions=frozenset({"session", "there"}))
    library.answer()
    here.take()
    library.admit(ALICE, visible(), sessions=frozenset({"there"}))
    peopled.hub.access_changed(ALICE)
    library.answer()
    bye = {"type": "bye", "code": "signed_out", "retry_after_ms": None}
    assert [page.take() for page in (here, also_here, there)] == [[bye], [bye], []]
    assert [page.outlet.closed_with for page in (here, also_here, there)] == [
        (1008, "signed_out"),
        (1008, "signed_out"),
        None,
    ]
    peopled.accept(tick("502.00"))
    for number in range(1, 9):
        peopled.beat(beat(number))
    assert here.take() == []
    here.watch()
    assert here.take() == []


def test_person_who_is_gone_from_the_database_is_signed_out(peopled: Engine, library: Library) -> None:
    page = signed_in(peopled)
    del library.rights[ALICE]
    library.answer()
    assert page.outlet.closed_with == (1008, "signed_out")


def test_plain_socket_of_a_session_that_ended_is_closed_too(peopled: Engine, library: Library) -> None:
    outlet = RecordingOutlet()
    peopled.hub.join(outlet, is_plain=True, viewer=Viewer(ALICE, "session"))
    library.rights[ALICE] = NO_RIGHTS
    library.answer()
    assert outlet.closed_with == (1008, "signed_out")
    assert outlet.take() == []


def test_a_welcome_names_no_more_than_what_the_persons_portfolios_are_about(clock: SetClock, library: Library) -> None:
    market = engine(clock, source=library, lists_all=False)
    viewers = (None, Viewer(ALICE, "session", symbols=frozenset({IBM, Symbol("GONE")})))
    outlets = [RecordingOutlet() for _ in viewers]
    sockets = [
        market.hub.join(outlet, is_plain=False, viewer=viewer) for outlet, viewer in zip(outlets, viewers, strict=True)
    ]
    for socket in sockets:
        market.hub.receive_text(socket, '{"type": "hello"}')
    assert [json.loads(outlet.take()[0])["symbols"] for outlet in outlets] == [[], ["IBM"]]
    # Whoever knows another one may watch it all the same.
    market.hub.receive_text(sockets[0], '{"type": "subscribe", "id": 5, "quotes": ["AAPL"]}')
    assert json.loads(outlets[0].take()[-1])["type"] == "snapshot"


def test_access_that_changed_is_read_only_of_people_with_sockets_here(peopled: Engine, library: Library) -> None:
    peopled.hub.access_changed(ALICE)
    assert library.asked_users == []


def test_one_socket_too_many_is_sent_away_to_come_back_later(peopled: Engine) -> None:
    pages = [signed_in(peopled) for _ in range(20)]
    outlet = RecordingOutlet()
    peopled.hub.join(outlet, is_plain=False, viewer=Viewer(ALICE, "session"))
    assert [json.loads(payload) for payload in outlet.take()] == [
        {"type": "bye", "code": "too_many_sockets", "retry_after_ms": 15000}
    ]
    assert outlet.closed_with == (1008, "too_many_sockets")
    assert pages[0].outlet.closed_with is None


def test_page_that_has_not_said_hello_is_told_nothing_of_its_rights(peopled: Engine, library: Library) -> None:
    outlet = RecordingOutlet()
    peopled.hub.join(outlet, is_plain=False, viewer=Viewer(ALICE, "session"))
    library.answer()
    assert outlet.take() == []


def test_status_names_every_scope_that_is_loaded(peopled: Engine, library: Library) -> None:
    page = signed_in(peopled)
    page.say({"type": "subscribe", "id": 1, "quotes": ["AAPL"], "portfolios": [MINE]})
    page.say({"type": "ping", "id": 2})
    assert set(page.take()[-1]["scopes"]) == {"quotes"}
    library.answer()
    page.say({"type": "ping", "id": 3})
    assert page.take()[-1]["scopes"] == {
        "quotes": {"epoch": "epoch-1-1", "sequence": 0},
        f"portfolio:{MINE}": {"epoch": "epoch-1-2", "sequence": 0},
    }


def test_flood_of_requests_for_portfolios_is_closed_like_any_other(peopled: Engine) -> None:
    page = signed_in(peopled)
    for _ in range(100):
        page.watch()
    assert page.outlet.closed_with == (1008, "too_many_messages")
