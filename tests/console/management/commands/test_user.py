from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import person
from tickfolio.identity.models import User
from tickfolio.runtime.data_lock import hold_data_dir

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def origin(settings: Settings) -> None:
    settings.TICKFOLIO_ALLOWED_ORIGINS = ["https://tickfolio.example.org", "https://other.example.org"]


def user(*words: str) -> str:
    """What `tickfolio user` prints."""
    printed = StringIO()
    call_command("user", *words, stdout=printed)
    return printed.getvalue()


def test_the_printed_link_lets_somebody_choose_a_password(client: Client) -> None:
    person("alice")
    first, note = user("reset-password", "Alice@example.org").splitlines()
    assert first.startswith("https://tickfolio.example.org/password/reset/key/")
    assert "once" in note
    form = client.get(first.removeprefix("https://tickfolio.example.org")).headers["Location"]
    new = "a quite different one 7"
    client.post(form, {"password1": new, "password2": new})
    assert User.objects.get().check_password(new)


@pytest.mark.parametrize("option", ["--address", "--origin"])
def test_the_link_begins_with_another_address_where_one_is_given(option: str) -> None:
    person("alice")
    assert user("reset-password", "alice@example.org", option, "http://10.0.0.7:8000/").startswith(
        "http://10.0.0.7:8000/password/reset/key/"
    )


def test_where_the_server_has_no_name_the_link_leads_to_where_it_was_found(settings: Settings, tmp_path: Path) -> None:
    settings.TICKFOLIO_ALLOWED_ORIGINS, settings.TICKFOLIO_DATA = ["http://localhost:8000"], tmp_path
    person("alice")
    assert user("reset-password", "alice@example.org").startswith("http://localhost:8000/password/")
    hold_data_dir(tmp_path, doing="at http://127.0.0.1:8042/").close()
    assert user("reset-password", "alice@example.org").startswith("http://127.0.0.1:8042/password/")
    settings.TICKFOLIO_ALLOWED_ORIGINS = ["https://tickfolio.example.org"]
    assert user("reset-password", "alice@example.org").startswith("https://tickfolio.example.org/password/")


def test_without_an_address_no_half_a_link_is_printed(settings: Settings, tmp_path: Path) -> None:
    settings.TICKFOLIO_ALLOWED_ORIGINS, settings.TICKFOLIO_DATA = [], tmp_path
    person("alice")
    with pytest.raises(CommandError, match="TICKFOLIO_ALLOWED_ORIGINS"):
        user("reset-password", "alice@example.org")


def test_somebody_added_is_listed_and_has_a_link() -> None:
    assert user("list") == "Nobody has an account yet.\n"
    assert "https://tickfolio.example.org/password/reset/key/" in user("add", "bob@example.org")
    assert "bob@example.org" in user("list")
    assert "no password" in user("list")


def test_somebody_is_deactivated_and_activated() -> None:
    person("alice")
    user("deactivate", "alice@example.org")
    assert "deactivated" in user("list")
    user("activate", "alice@example.org")
    assert " active " in user("list")


def test_who_is_added_first_is_the_operator_and_others_become_it_by_a_command() -> None:
    assert "the first here, and so the operator" in user("add", "alice@example.org")
    assert "operator" not in user("add", "bob@example.org")
    assert [line.endswith("operator") for line in user("list").splitlines()] == [True, False]
    assert user("make-operator", "Bob@example.org").startswith("bob@example.org is an operator")
    assert user("no-operator", "alice@example.org") == "alice@example.org is no operator any more.\n"
    assert "There is none left" in user("no-operator", "bob@example.org")
    assert "operator" not in user("list")


@pytest.mark.parametrize("action", ["reset-password", "deactivate", "activate", "make-operator", "no-operator"])
def test_an_address_that_nobody_has_is_said(action: str) -> None:
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        user(action, "nobody@example.org")


def test_a_lost_database_is_not_begun_anew_by_the_way(settings: Settings, tmp_path: Path) -> None:
    """What `run` refuses is refused here too, before anybody is looked for."""
    from django.db import connection

    settings.TICKFOLIO_DATA = tmp_path
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'identity' AND name >= '0003'")
    with pytest.raises(CommandError, match="tickfolio migrate"):
        user("list")
