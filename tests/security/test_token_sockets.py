"""A token is worth what its person is: every message by token is answered as by session, and by nobody's as by a visitor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.security.socket_matrix import SAMPLES
from tests.security.sockets import LiveWorld
from tests.security.test_socket_matrix import _something_is_booked, _tells_of
from tests.security.world import PEOPLE, Who, World, undone
from tickfolio.identity.models import ApiToken
from tickfolio.services import members, people, tokens

MOVING = ("server_time", "sent", "received")
"""What is another one each time, whoever asks."""


def _token(world: World, who: Who) -> tokens.NewToken:
    return tokens.token_make(actor=world.actor(who), name="Of the matrix", days=None)


def _still(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: _still(value) for key, value in said.items() if key not in MOVING}
    return [_still(each) for each in said] if isinstance(said, list) else said


def _revoke(world: World, made: tokens.NewToken) -> None:
    tokens.token_revoke(actor=world.actor(Who.EDITOR), token_id=made.view.id)


def _expire(_world: World, made: tokens.NewToken) -> None:
    ApiToken.objects.filter(pk=made.view.id).update(expires_at=timezone.now() - timedelta(seconds=1))


def _deactivate(_world: World, _made: tokens.NewToken) -> None:
    people.person_deactivate(email="erin@example.org")


@pytest.mark.parametrize("part", SAMPLES)
@pytest.mark.django_db
def test_a_token_is_answered_as_the_session_of_its_person(world: World, part: str) -> None:
    messages = SAMPLES[part](world.alices.portfolio)
    with undone():
        for who in PEOPLE:
            by_session = LiveWorld(world).open(who)
            by_token = LiveWorld(world).open_by_token(_token(world, who).text)
            assert _still(by_token.welcome) == _still(by_session.welcome), who
            for message in messages:
                assert _still(by_token.ask(message)) == _still(by_session.ask(message)), who


@pytest.mark.parametrize("ends", [_revoke, _expire, _deactivate])
@pytest.mark.django_db
def test_whatever_ends_a_token_closes_its_sockets_and_lets_it_open_no_other(
    world: World, ends: Callable[[World, tokens.NewToken], None]
) -> None:
    with undone():
        live, made = LiveWorld(world), _token(world, Who.EDITOR)
        program, bob = live.open_by_token(made.text), live.open(Who.VIEWER)
        for socket in (program, bob):
            [snapshot] = socket.ask({"type": "subscribe", "id": 1, "portfolios": [world.alices.portfolio]})
            assert snapshot["type"] == "portfolio_snapshot"
        ends(world, made)
        live.market.hub.access_changed(world.user_ids["erin"])
        live.settle()
        assert program.heard()[-1] == {"type": "bye", "code": "signed_out", "retry_after_ms": None}
        assert program.outlet.closed_with == (1008, "signed_out")
        _something_is_booked(live)
        assert program.heard() == []
        assert "portfolio_delta" in _tells_of(bob, world.alices.portfolio)
        assert live.open_by_token(made.text).welcome["portfolios"] == []


@pytest.mark.django_db
def test_a_token_reads_no_portfolio_any_more_that_its_person_is_removed_from(world: World) -> None:
    with undone():
        live, made = LiveWorld(world), _token(world, Who.EDITOR)
        program = live.open_by_token(made.text)
        asks = {"type": "subscribe", "id": 1, "portfolios": [world.alices.portfolio]}
        assert program.ask(asks)[0]["type"] == "portfolio_snapshot"
        members.member_remove(
            actor=world.actor(Who.OWNER), portfolio_id=world.alices.portfolio, user_id=world.user_ids["erin"]
        )
        live.market.hub.access_changed(world.user_ids["erin"])
        live.settle()
        assert [heard["portfolios"] for heard in program.heard() if heard["type"] == "access"] == [[]]
        _something_is_booked(live)
        assert _tells_of(program, world.alices.portfolio) == []
        assert program.outlet.closed_with is None
        for socket in (program, live.open_by_token(made.text)):
            assert socket.ask(asks)[0]["code"] == "unknown_portfolio"


@pytest.mark.django_db
def test_a_token_opens_no_page(world: World) -> None:
    with undone():
        made = _token(world, Who.OWNER)
        browser = world.client(Who.ANONYMOUS)
        for address in ("/preferences/", f"/portfolios/{world.alices.portfolio}/", "/net-worth.json"):
            for headers in ({"Authorization": f"Bearer {made.text}"}, {"Cookie": f"sessionid={made.text}"}):
                answer = browser.get(address, headers={"Host": "localhost", **headers})
                assert answer.status_code in (302, 401), address
                assert world.alices.portfolio not in answer.content.decode()
