from collections.abc import Iterator

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import PASSWORD, person
from tickfolio.identity.adapter import AccountAdapter
from tickfolio.identity.models import User
from tickfolio.identity.signals import sessions_ended

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended() -> Iterator[list[int]]:
    """Whose sessions were said to be over."""
    heard: list[int] = []

    def hear(*, user_id: int, **_signal: object) -> None:
        heard.append(user_id)

    sessions_ended.connect(hear, weak=False, dispatch_uid="test_adapter")
    yield heard
    sessions_ended.disconnect(dispatch_uid="test_adapter")


def test_a_new_password_counts_the_session_version_up_and_says_so(ended: list[int]) -> None:
    alice = person("alice")
    AccountAdapter().set_password(alice, "another one altogether")
    kept = User.objects.get()
    assert kept.check_password("another one altogether")
    assert kept.session_version == 2
    assert ended == [alice.pk]


def test_the_end_of_a_session_is_said_when_it_is_over_and_not_before(client: Client) -> None:
    alice = person("alice")
    client.force_login(alice)
    key = client.session.session_key
    assert key is not None
    found: list[bool] = []

    def look(**_signal: object) -> None:
        found.append(client.session.exists(key))

    sessions_ended.connect(look, weak=False, dispatch_uid="test_adapter")
    client.post("/sign-out/")
    sessions_ended.disconnect(dispatch_uid="test_adapter")
    assert found == [False]


def test_a_stronger_hash_replaces_an_old_one_at_the_next_sign_in_and_the_session_holds(
    client: Client, settings: Settings
) -> None:
    ours = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person("alice")
    settings.PASSWORD_HASHERS = ours
    client.post("/sign-in/", {"login": "alice@example.org", "password": PASSWORD})
    kept = User.objects.get()
    assert kept.password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert client.session[HASH_SESSION_KEY] == kept.get_session_auth_hash()


def test_a_request_that_calls_itself_a_program_gets_the_page_like_everybody(client: Client) -> None:
    answer = client.post(
        "/sign-in/",
        {"login": "a@example.org"},
        headers={"X-Requested-With": "XMLHttpRequest", "Accept": "application/json"},
    )
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
