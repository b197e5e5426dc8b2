from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.identity.cast import person
from tickfolio.identity.models import ApiToken, User
from tickfolio.persistence.tenancy import Person
from tickfolio.services.tokens import MAX_TOKENS, token_holder, token_make, tokens_of

pytestmark = pytest.mark.django_db
PAGE = "/preferences/tokens/"


@pytest.fixture
def alice(client: Client) -> User:
    user = person("alice", time_zone="Europe/Berlin")
    client.force_login(user)
    return user


def read(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_token_is_shown_once_and_works(client: Client, alice: User) -> None:
    assert "You have none." in read(client)
    answer = client.post(PAGE, {"name": "Lamp <b>", "days": "never"})
    page = answer.content.decode()
    [text] = re.findall(r'value="(tkf_[\w-]{32})"', page)
    assert "Your new token: Lamp &lt;b&gt;" in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    holder = token_holder(text)
    assert holder is not None
    assert holder.user_id == alice.pk
    later = read(client)
    assert text not in later
    assert f"{text[:10]}…" in later
    assert not any(text in repr(session.get_decoded()) for session in Session.objects.all())


def test_list_says_when_each_was_made_last_used_and_expires(client: Client, alice: User) -> None:
    made = token_make(actor=Person(alice.pk), name="Script", days=90)
    ApiToken.objects.update(
        created_at="2026-01-31T23:30:00Z", last_used_at="2026-02-03T05:06:07Z", expires_at="2126-05-01T12:00:00Z"
    )
    page = read(client)
    assert "made on 1 February 2026 · last used on 3 February 2026 at 06:06 · expires on 1 May 2126" in page
    assert f'href="{PAGE}{made.view.id}/revoke/"' in page
    ApiToken.objects.update(last_used_at=None, expires_at=None)
    assert "not used yet · never expires" in read(client)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "You have none." in read(client)


def test_what_was_typed_stays_where_it_is_wrong(client: Client, alice: User) -> None:
    page = client.post(PAGE, {"name": "Script", "days": "7"}).content.decode()
    assert 'value="Script"' in page
    assert "Expected an expiry of the list, was 7." in page
    assert not ApiToken.objects.exists()


def test_one_token_too_many_is_refused(client: Client, alice: User) -> None:
    for number in range(MAX_TOKENS):
        token_make(actor=Person(alice.pk), name=str(number), days=None)
    page = client.post(PAGE, {"name": "Script", "days": "30"}).content.decode()
    assert "Expected at most 20 tokens. Revoke one first." in page
    assert "Your new token" not in page


def test_a_token_is_revoked_after_a_question(client: Client, alice: User) -> None:
    made = token_make(actor=Person(alice.pk), name="Script", days=None)
    address = f"{PAGE}{made.view.id}/revoke/"
    assert "Revoke Script?" in read(client, address)
    assert token_holder(made.text) is not None
    answer = client.post(address, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Script is revoked." in answer.content.decode()
    assert token_holder(made.text) is None
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_anothers_token_is_not_there(client: Client, alice: User) -> None:
    bob = Person(person("bob").pk)
    made = token_make(actor=bob, name="Bob’s", days=None)
    assert "Bob’s" not in read(client)
    address = f"{PAGE}{made.view.id}/revoke/"
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert tokens_of(actor=bob) == (made.view,)


def test_the_page_speaks_german(client: Client, alice: User) -> None:
    User.objects.update(language="de")
    page = client.post(PAGE, {"name": "Skript", "days": "90"}).content.decode()
    assert "Token für Programme" in page
    assert "noch nicht benutzt" in page


def test_preferences_lead_to_it(client: Client, alice: User) -> None:
    assert f'href="{PAGE}"' in read(client, "/preferences/")


def test_who_changes_the_password_hears_that_tokens_stand_as_before(client: Client, alice: User) -> None:
    changed = "/preferences/?done=password"
    assert "for programs stand" not in read(client, changed)
    for name in ("Lamp", "Script"):
        token_make(actor=Person(alice.pk), name=name, days=None)
    page = read(client, changed)
    assert "signed out. 2 tokens for programs stand as before: revoke below" in page
    assert "stand as before" not in read(client, "/preferences/?done=saved")
