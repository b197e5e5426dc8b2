from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.identity.cast import PASSWORD, person
from tickfolio.identity.models import User
from tickfolio.live.bus.port import AccessChanged, BusMessage
from tickfolio.runtime.wake import Waker
from tickfolio.services import people, sessions
from tickfolio.services.sessions import ENDED, SessionState, session_state, session_states, signed_in_by

pytestmark = pytest.mark.django_db


def session_of(user: User) -> str:
    """The key of a new session of that user."""
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    assert key is not None
    return key


def expire(key: str) -> None:
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))


class Listener:
    """Takes the place of the running engine, in the thread of the test."""

    def __init__(self) -> None:
        self.heard: list[BusMessage] = []

    def call_soon_threadsafe(self, publish: object, message: BusMessage) -> None:
        self.heard.append(message)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[BusMessage]:
    """What the engine was woken with."""
    listener = Listener()
    waker = Waker()
    waker.attach(listener, print)  # type: ignore[arg-type]  # of a loop it needs only this
    monkeypatch.setattr("tickfolio.runtime.wake.waker", waker)
    return listener.heard


# ---------- Which are good ----------


def test_a_session_of_somebody_active_is_good() -> None:
    alice = person("alice")
    key = session_of(alice)
    assert session_state(key, alice.pk) == SessionState(is_valid=True, version=1)
    found = signed_in_by(key)
    assert found is not None
    assert (found.session_key, found.user_id, found.version) == (key, alice.pk, 1)
    assert found.expires_at > timezone.now() + timedelta(days=29)


@pytest.mark.parametrize("key", [None, "", "x", "nosuchsessionkeynosuchsessionkey"])
def test_nobody_is_signed_in_by_a_key_that_opens_nothing(key: str | None) -> None:
    assert signed_in_by(key) is None


def test_a_session_without_anybody_signed_in_is_nobodys() -> None:
    store = SessionStore()
    store["theme"] = "dark"
    store.save()
    assert signed_in_by(store.session_key) is None


def test_a_session_that_is_over_its_time_is_not_good() -> None:
    alice = person("alice")
    key = session_of(alice)
    expire(key)
    assert session_state(key, alice.pk) == SessionState(is_valid=False, version=1)
    assert signed_in_by(key) is None


def test_a_session_is_good_for_its_own_user_only() -> None:
    """Even of somebody whose password's hash is the very same."""
    alice, bob = person("alice"), person("bob")
    User.objects.filter(pk=bob.pk).update(password=alice.password)
    assert not session_state(session_of(alice), bob.pk).is_valid


def test_a_session_of_somebody_who_is_gone_has_ended() -> None:
    store = SessionStore()
    store[SESSION_KEY] = "987654"
    store.save()
    assert store.session_key is not None
    assert session_state(store.session_key, 987654) == ENDED
    assert signed_in_by(store.session_key) is None


def test_a_session_of_somebody_who_is_not_active_is_not_good_whatever_its_version() -> None:
    alice = person("alice")
    key = session_of(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not session_state(key, alice.pk).is_valid
    assert signed_in_by(key) is None


def test_a_session_does_not_outlive_the_password_it_began_with() -> None:
    alice = person("alice")
    key = session_of(alice)
    alice.set_password("set by a command that knows nothing of versions")
    alice.save()
    assert not session_state(key, alice.pk).is_valid


def test_many_sessions_are_judged_in_two_questions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    users = [person(f"person{number}") for number in range(5)]
    pairs = [(session_of(user), user.pk) for user in users for _ in range(2)]
    people.person_deactivate(email="person0@example.org")
    with django_assert_num_queries(2):
        states = session_states(pairs)
    assert [states[pair].is_valid for pair in pairs] == [False, False] + [True] * 8


# ---------- What ends them ----------


def test_signing_out_everywhere_ends_all_sessions_and_wakes_the_engine_after_the_commit(
    woken: list[BusMessage], django_capture_on_commit_callbacks: object
) -> None:
    alice = person("alice")
    keys = [session_of(alice), session_of(alice)]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's type is private
        sessions.sign_out_everywhere(user_id=alice.pk)
        assert woken == []
    assert [session_state(key, alice.pk) for key in keys] == [SessionState(is_valid=False, version=2)] * 2
    assert woken == [AccessChanged(alice.pk)]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_wakes_nobody(woken: list[BusMessage]) -> None:
    alice = person("alice")
    with transaction.atomic():
        sessions.sign_out_everywhere(user_id=alice.pk)
        transaction.set_rollback(True)
    assert woken == []
    assert User.objects.get().session_version == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["sign out", "change the password", "deactivate", "become the demo's owner"])
def test_whatever_ends_a_session_wakes_the_engine(
    client: Client, woken: list[BusMessage], what: str, settings: object
) -> None:
    alice = person("alice")
    client.force_login(alice)
    key = client.session.session_key
    assert key is not None
    match what:
        case "sign out":
            client.post("/sign-out/")
        case "change the password":
            new = "a quite different one 7"
            client.post("/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        case "deactivate":
            people.person_deactivate(email=alice.email)
        case _:
            settings.TICKFOLIO_MODE = "demo"  # type: ignore[attr-defined]  # pytest-django's settings take any name
            people.demo_owner_create()
            client.post("/demo/sign-in/", headers={"Host": "localhost"})
    assert AccessChanged(alice.pk) in woken
    assert not session_state(key, alice.pk).is_valid


def test_expired_sessions_go_when_somebody_signs_in(client: Client) -> None:
    alice = person("alice")
    old, good = session_of(alice), session_of(alice)
    expire(old)
    client.post("/sign-in/", {"login": alice.email, "password": PASSWORD})
    assert set(Session.objects.values_list("session_key", flat=True)) == {good, client.session.session_key}
