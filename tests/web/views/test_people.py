from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import person
from tests.web.visits import set_market_clock
from tickfolio.identity.models import User
from tickfolio.services import people

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


# ---------- Preferences ----------

TYPED = {"base_currency": "USD", "locale": "de", "time_zone": "Europe/Berlin", "theme": "dark"}


def test_preferences_are_saved_and_shown_again(client: Client) -> None:
    client.force_login(person("alice"))
    answer = client.post("/preferences/", TYPED)
    assert answer.headers["Location"] == "/preferences/?done=saved"
    page = client.get("/preferences/").content.decode()
    assert 'value="Europe/Berlin"' in page
    assert '<option value="USD" selected>' in page
    assert 'data-theme="dark"' in page


def test_a_base_currency_without_a_rate_is_not_offered_but_the_preferred_one_is(client: Client) -> None:
    set_market_clock()
    client.force_login(person("alice", base_currency="EEK"))
    page = client.get("/preferences/").content.decode()
    assert '<option value="EEK" selected>' in page
    assert 'value="SKK"' not in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("base_currency", "XXX", "Expected a currency that the European Central Bank has a rate of"),
        ("time_zone", "Europe/Berlni", "Expected a time zone such as Europe/Berlin, was &#x27;Europe/Berlni&#x27;."),
        ("locale", "tlh", "Expected one of en, de"),
        ("theme", "pink", "Expected light, dark or nothing"),
        ("time_zone", "", "This field is required."),
    ],
)
def test_a_preference_that_is_not_offered_is_said_beside_its_field_and_the_rest_is_kept(
    client: Client, field: str, value: str, says: str
) -> None:
    client.force_login(person("alice"))
    answer = client.post("/preferences/", {**TYPED, field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert says in page.split(f'id="id_{field}_error"', 1)[1].split("</p>", 1)[0]
    if field != "time_zone":
        assert 'value="Europe/Berlin"' in page
    assert User.objects.get().base_currency == "EUR"


def test_a_persons_theme_wins_over_the_cookie_of_the_browser(client: Client) -> None:
    client.force_login(person("alice", theme="dark"))
    client.cookies["theme"] = "light"
    assert 'data-theme="dark"' in client.get("/stocks/").content.decode()


def test_the_theme_button_keeps_a_persons_theme_and_comes_back_to_the_page(client: Client) -> None:
    client.force_login(person("alice"))
    page = client.get("/stocks/").content.decode()
    assert 'name="theme" value="light"' in page
    answer = client.post("/preferences/theme/", {"theme": "light"}, headers={"Referer": "http://testserver/stocks/"})
    assert answer.headers["Location"] == "http://testserver/stocks/"
    assert User.objects.get().theme == "light"
    elsewhere = client.post("/preferences/theme/", {"theme": ""}, headers={"Referer": "http://evil.example/"})
    assert elsewhere.headers["Location"] == "/"
    assert client.post("/preferences/theme/", {"theme": "pink"}).status_code == 400


def test_the_currency_that_home_adds_up_in_is_kept(client: Client) -> None:
    client.force_login(person("alice"))
    assert client.post("/preferences/currency/", {"currency": "CHF"}).headers["Location"] == "/"
    assert User.objects.get().base_currency == "CHF"
    refused = client.post("/preferences/currency/", {"currency": "XXX"})
    assert (refused.status_code, User.objects.get().base_currency) == (400, "CHF")
    assert b"a currency that the European Central Bank has a rate of" in refused.content


def test_the_theme_button_says_the_theme_in_the_persons_language(client: Client) -> None:
    client.force_login(person("alice", language="de"))
    assert 'aria-label="Farbschema: wie das System"' in client.get("/preferences/").content.decode()


def test_single_keys_are_switched_among_the_preferences_too(client: Client) -> None:
    client.force_login(person("alice"))
    assert 'id="single-keys" checked' in client.get("/preferences/").content.decode()
    client.cookies["keys"] = "off"
    assert 'id="single-keys" aria' in client.get("/preferences/").content.decode()


def test_another_language_is_spoken_as_soon_as_it_is_saved(client: Client) -> None:
    client.force_login(person("alice"))
    page = client.post("/preferences/", {**TYPED, "language": "de"}, follow=True).content.decode()
    assert '<html lang="de"' in page
    assert "Gespeichert." in page


# ---------- The demo ----------


@pytest.fixture
def demo(settings: Settings) -> int:
    settings.TICKFOLIO_MODE = "demo"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "demo.example.org"]
    return people.demo_owner_create()


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_one_click_signs_a_visitor_of_the_demo_in_as_its_owner(client: Client, demo: int, host: str) -> None:
    assert "Open the demo portfolio" in client.get("/sign-in/", headers={"Host": host}).content.decode()
    assert client.post("/demo/sign-in/", headers={"Host": host}).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(demo)


@pytest.mark.parametrize(
    ("headers", "peer"),
    [
        ({"Host": "demo.example.org"}, "127.0.0.1"),
        ({"Host": "localhost"}, "192.0.2.1"),
        ({"Host": "localhost", "X-Forwarded-For": "192.0.2.1"}, "127.0.0.1"),
        ({"Host": "localhost", "Forwarded": "for=192.0.2.1"}, "127.0.0.1"),
    ],
)
def test_a_demo_that_is_not_at_this_machine_gives_nobody_its_account(
    demo: int, headers: dict[str, str], peer: str
) -> None:
    client = Client(REMOTE_ADDR=peer)
    assert client.post("/demo/sign-in/", headers=headers).status_code == 404
    assert "Open the demo portfolio" not in client.get("/sign-in/", headers=headers).content.decode()
    assert "_auth_user_id" not in client.session


def test_outside_the_demo_there_is_no_such_page(client: Client, demo: int, settings: Settings) -> None:
    for mode in ("production", "test"):
        settings.TICKFOLIO_MODE = mode
        assert client.post("/demo/sign-in/", headers={"Host": "localhost"}).status_code == 404


def test_before_the_demo_has_an_owner_there_is_nobody_to_become(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_MODE = "demo"
    assert client.post("/demo/sign-in/", headers={"Host": "localhost"}).status_code == 404


def test_whoever_is_signed_in_leaves_before_becoming_the_demos_owner(client: Client, demo: int) -> None:
    client.force_login(person("alice"))
    key = client.session.session_key
    client.post("/demo/sign-in/", headers={"Host": "localhost"})
    assert client.session["_auth_user_id"] == str(demo)
    assert not Session.objects.filter(session_key=key).exists()


def test_the_demos_owner_has_no_password_to_change(client: Client, demo: int) -> None:
    client.post("/demo/sign-in/", headers={"Host": "localhost"})
    page = client.get("/password/change/", headers={"Host": "localhost"})
    assert "There is no password" in page.content.decode()


# ---------- Every page ----------

PAGES = ["/sign-in/", "/sign-up/", "/password/reset/", "/password/reset/key/done/", "/sign-in/inactive/"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_sign_in_are_kept_by_no_cache_and_hold_no_script_or_style(client: Client, address: str) -> None:
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)
    assert page.count("<h1") == 1


@pytest.mark.parametrize("address", ["/preferences/", "/password/change/"])
def test_personal_pages_are_kept_by_no_cache(client: Client, address: str) -> None:
    client.force_login(person("alice"))
    assert client.get(address).headers["Cache-Control"] == "private, no-store"
