from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import PASSWORD, person
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


def test_who_comes_first_runs_the_instance_and_the_demos_owner_is_nobody_in_this() -> None:
    owner = person("demo", is_demo_owner=True)
    alice, bob = person("alice"), person("bob")
    assert [each.is_staff for each in (owner, alice, bob)] == [False, True, False]


def test_who_comes_first_by_the_sign_up_page_runs_the_instance_too(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_SIGN_UP = True
    for email in ("alice@example.org", "bob@example.org"):
        client.post("/sign-up/", {"email": email, "password1": PASSWORD})
        client.logout()
    assert dict(User.objects.values_list("email", "is_staff")) == {"alice@example.org": True, "bob@example.org": False}


def test_on_an_instance_of_before_there_were_operators_who_came_first_becomes_it() -> None:
    migration = import_module("tickfolio.identity.migrations.0003_first_operator")

    def operators() -> list[User]:
        migration.make_the_first_operator(apps, SimpleNamespace(connection=connection))
        return list(User.objects.filter(is_staff=True))

    person("demo", is_demo_owner=True)
    assert operators() == []
    first, second = person("alice"), person("bob")
    User.objects.update(is_staff=False)
    assert operators() == [first]
    User.objects.update(is_staff=False)
    User.objects.filter(pk=second.pk).update(is_staff=True)
    assert operators() == [second]


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


@pytest.mark.django_db(transaction=True)
def test_of_several_who_come_first_at_once_one_runs_the_instance() -> None:
    both_are_there = Barrier(2)

    def come(email: str) -> None:
        both_are_there.wait(timeout=10)
        try:
            User.objects.create_user(email)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as threads:
        list(threads.map(come, ["alice@example.org", "bob@example.org"]))
    assert sorted(User.objects.values_list("is_staff", flat=True)) == [False, True]
