"""Every message of the socket, as everybody; and what happens to open sockets when a right ends."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.security.socket_matrix import SAMPLES, message_parts, try_part
from tests.security.socket_rules import SOCKET, TOKENS
from tests.security.sockets import LiveWorld, Socket
from tests.security.table import show
from tests.security.world import TRADED, Who, World, undone
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Role
from tickfolio.services import members, people, portfolios, sessions, transactions
from tickfolio.services.transactions import TransactionDraft


def test_every_message_and_each_of_its_fields_has_a_rule() -> None:
    parts = set(message_parts())
    assert parts - set(SOCKET) - TOKENS == set(), "write a rule in tests/security/socket_rules.py"
    assert parts - set(SAMPLES) - TOKENS == set(), "write a sample in tests/security/socket_matrix.py"


def test_no_rule_outlives_its_message() -> None:
    assert (set(SOCKET) | TOKENS) - set(message_parts()) == set()


@pytest.mark.django_db
def test_every_message_is_answered_by_the_rule(world: World) -> None:
    rows = [try_part(world, part, least) for part, least in SOCKET.items()]
    show("authorisation-socket", rows)
    assert [f"{row.what}: {fault}" for row in rows for fault in row.faults] == []


@pytest.mark.django_db
def test_a_welcome_names_the_portfolios_of_that_person_and_no_others(world: World) -> None:
    named = {who: LiveWorld(world).open(who).welcome["portfolios"] for who in Who}
    assert {who: [(each["id"], each["role"]) for each in listed] for who, listed in named.items()} == {
        Who.ANONYMOUS: [],
        Who.OTHER: [(world.charlies.portfolio, "owner")],
        Who.EX_MEMBER: [],
        Who.VIEWER: [(world.alices.portfolio, "viewer")],
        Who.EDITOR: [(world.alices.portfolio, "editor")],
        Who.OWNER: [(world.alices.portfolio, "owner")],
        Who.OPERATOR: [],
    }


# ---------- When a right ends ----------

ERIN = "erin@example.org"


def _sign_out(world: World) -> None:
    world.client(Who.EDITOR).post("/sign-out/")


def _sign_out_everywhere(world: World) -> None:
    sessions.sign_out_everywhere(user_id=world.user_ids["erin"])


def _change_password(world: World) -> None:
    new = "a quite different one 7"
    world.client(Who.EDITOR).post(
        "/password/change/", {"oldpassword": "correct horse battery staple", "password1": new, "password2": new}
    )


def _deactivate(world: World) -> None:
    people.person_deactivate(email=ERIN)


def _remove(world: World) -> None:
    members.member_remove(
        actor=world.actor(Who.OWNER), portfolio_id=world.alices.portfolio, user_id=world.user_ids["erin"]
    )


def _leave(world: World) -> None:
    members.member_remove(
        actor=world.actor(Who.EDITOR), portfolio_id=world.alices.portfolio, user_id=world.user_ids["erin"]
    )


def _delete_the_portfolio(world: World) -> None:
    portfolios.portfolio_delete(actor=world.actor(Who.OWNER), portfolio_id=world.alices.portfolio)


CLOSES = [_sign_out, _sign_out_everywhere, _change_password, _deactivate]
NARROWS = [_remove, _leave]


def _name(does: Callable[[World], None]) -> str:
    return does.__name__.strip("_").replace("_", " ")


def _watching(live: LiveWorld, who: Who) -> Socket:
    socket = live.open(who)
    [snapshot] = socket.ask({"type": "subscribe", "id": 1, "portfolios": [live.world.alices.portfolio]})
    assert snapshot["type"] == "portfolio_snapshot"
    return socket


def _something_is_booked(live: LiveWorld) -> None:
    world = live.world
    draft = TransactionDraft(
        type=TransactionType.DEPOSIT, account_id=world.alices.account, at=TRADED, amount=Decimal(10)
    )
    transactions.transaction_add(actor=world.actor(Who.OWNER), portfolio_id=world.alices.portfolio, draft=draft)
    head = portfolios.portfolio_view(actor=world.actor(Who.OWNER), portfolio_id=world.alices.portfolio).head
    live.booked(world.alices.portfolio, head)


def _tells_of(socket: Socket, portfolio: str) -> list[str]:
    """The kinds of messages that tell of the portfolio."""
    return [heard["type"] for heard in socket.heard() if heard.get("scope") == f"portfolio:{portfolio}"]


@pytest.mark.parametrize("ends", CLOSES, ids=_name)
@pytest.mark.django_db
def test_who_is_signed_out_has_the_socket_closed_and_hears_nothing_more(
    world: World, ends: Callable[[World], None]
) -> None:
    with undone():
        live = LiveWorld(world)
        erin, bob = _watching(live, Who.EDITOR), _watching(live, Who.VIEWER)
        ends(world)
        live.market.hub.access_changed(world.user_ids["erin"])
        live.settle()
        assert erin.heard()[-1] == {"type": "bye", "code": "signed_out", "retry_after_ms": None}
        assert erin.outlet.closed_with == (1008, "signed_out")
        _something_is_booked(live)
        assert erin.heard() == []
        assert "portfolio_delta" in _tells_of(bob, world.alices.portfolio)
        assert bob.outlet.closed_with is None


@pytest.mark.parametrize("ends", NARROWS, ids=_name)
@pytest.mark.django_db
def test_who_is_a_member_no_longer_keeps_the_socket_and_hears_nothing_of_the_portfolio(
    world: World, ends: Callable[[World], None]
) -> None:
    with undone():
        live = LiveWorld(world)
        erin, bob = _watching(live, Who.EDITOR), _watching(live, Who.VIEWER)
        ends(world)
        live.market.hub.access_changed(world.user_ids["erin"])
        live.settle()
        [told] = [heard for heard in erin.heard() if heard["type"] == "access"]
        assert told["portfolios"] == []
        _something_is_booked(live)
        assert _tells_of(erin, world.alices.portfolio) == []
        assert erin.outlet.closed_with is None
        [refused] = erin.ask({"type": "subscribe", "id": 2, "portfolios": [world.alices.portfolio]})
        assert refused["code"] == "unknown_portfolio"
        assert "portfolio_delta" in _tells_of(bob, world.alices.portfolio)


@pytest.mark.django_db
def test_a_deleted_portfolio_is_taken_from_everybody_who_watches_it(world: World) -> None:
    with undone():
        live = LiveWorld(world)
        watching = [_watching(live, who) for who in (Who.VIEWER, Who.EDITOR, Who.OWNER)]
        _delete_the_portfolio(world)
        for who in (Who.VIEWER, Who.EDITOR, Who.OWNER):
            live.market.hub.access_changed(world.actor(who).user_id)
        live.settle()
        for socket in watching:
            socket.heard()
            [refused] = socket.ask({"type": "refresh", "scope": f"portfolio:{world.alices.portfolio}"})
            assert refused["code"] == "unknown_portfolio"


@pytest.mark.django_db
def test_a_weaker_role_is_told_and_goes_on_watching(world: World) -> None:
    with undone():
        live = LiveWorld(world)
        erin = _watching(live, Who.EDITOR)
        members.member_change(
            actor=world.actor(Who.OWNER),
            portfolio_id=world.alices.portfolio,
            user_id=world.user_ids["erin"],
            role=Role.VIEWER,
        )
        live.market.hub.access_changed(world.user_ids["erin"])
        live.settle()
        [told] = [heard for heard in erin.heard() if heard["type"] == "access"]
        assert [each["role"] for each in told["portfolios"]] == ["viewer"]
        _something_is_booked(live)
        assert "portfolio_delta" in _tells_of(erin, world.alices.portfolio)


@pytest.mark.django_db
def test_a_lost_word_of_it_is_made_good_by_the_next_look(world: World) -> None:
    """Nobody is woken here: what the engine reads of everybody every few seconds is enough."""
    with undone():
        live = LiveWorld(world)
        erin = _watching(live, Who.EDITOR)
        _deactivate(world)
        for user in live.market.hub.people.sessions():
            live.source.check_rights(user)
        live.settle()
        assert erin.outlet.closed_with == (1008, "signed_out")
