import pytest
from django.db import IntegrityError
from pytest_django import Settings

from tests.identity.cast import person
from tickfolio.identity.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_kept_and_found_in_small_letters() -> None:
    alice = User.objects.create_user(" Alice@Example.ORG ")
    assert User.objects.get(email="ALICE@example.org") == alice
    assert User.objects.values_list("email", flat=True)[0] == "alice@example.org"


def test_an_address_that_differs_by_a_capital_is_taken() -> None:
    User.objects.create_user("alice@example.org")
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="ALICE@example.org")])


def test_without_a_password_none_fits() -> None:
    assert not User.objects.create_user("alice@example.org").has_usable_password()


def test_there_is_one_owner_of_the_demo_at_most() -> None:
    person("alice", is_demo_owner=True)
    person("bob"), person("charlie")
    with pytest.raises(IntegrityError):
        person("dora", is_demo_owner=True)


def test_what_a_session_is_checked_against_changes_with_the_version_and_with_the_password() -> None:
    alice = person("alice")
    before = alice.get_session_auth_hash()
    alice.session_version += 1
    after = alice.get_session_auth_hash()
    alice.set_password("another one altogether")
    assert len({before, after, alice.get_session_auth_hash()}) == 3


def test_a_session_outlives_a_change_of_the_secret_key_that_names_the_old_one(settings: Settings) -> None:
    alice = person("alice")
    before = alice.get_session_auth_hash()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key than the one before"
    assert before != alice.get_session_auth_hash()
    assert before in alice.get_session_auth_fallback_hash()
