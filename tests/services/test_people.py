from zoneinfo import ZoneInfo

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import person
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import Language, Locale, Theme, User
from tickfolio.persistence.tenancy import Person
from tickfolio.services import people, tokens
from tickfolio.services.people import Preferences
from tickfolio.web.currencies import currency_choices

pytestmark = pytest.mark.django_db
GOOD = {"base_currency": "USD", "language": "de", "locale": "de", "time_zone": "America/New_York", "theme": "dark"}


def test_somebody_new_prefers_the_euro_english_and_utc() -> None:
    assert people.preferences_of(person("alice").pk) == Preferences(
        base_currency=Currency("EUR"),
        language=Language.BROWSER,
        locale=Locale.ENGLISH,
        time_zone=ZoneInfo("UTC"),
        theme=Theme.SYSTEM,
    )


def test_changed_preferences_are_kept() -> None:
    alice = person("alice")
    changed = people.preferences_update(user_id=alice.pk, wanted=GOOD)
    assert changed == people.preferences_of(alice.pk)
    assert (changed.base_currency, changed.time_zone) == (Currency("USD"), ZoneInfo("America/New_York"))


def test_every_wrong_preference_is_named_and_none_is_changed() -> None:
    alice = person("alice")
    wrong = {"base_currency": "usd", "language": "xx", "locale": "fr", "time_zone": "../../etc/passwd", "theme": "red"}
    with pytest.raises(InvalidDraft) as refusal:
        people.preferences_update(user_id=alice.pk, wanted=wrong)
    assert set(refusal.value.errors) == set(wrong)
    assert people.preferences_of(alice.pk).base_currency == Currency("EUR")


def test_a_change_of_preferences_does_not_undo_what_else_changes() -> None:
    """Only the four columns are written: a session that is being ended meanwhile stays ended."""
    alice = person("alice")
    User.objects.filter(pk=alice.pk).update(session_version=7)
    people.preferences_update(user_id=alice.pk, wanted=GOOD)
    assert User.objects.get().session_version == 7


def test_the_theme_alone_can_be_chosen() -> None:
    alice = person("alice")
    people.theme_choose(user_id=alice.pk, theme="light")
    assert people.preferences_of(alice.pk).theme is Theme.LIGHT
    with pytest.raises(InvalidDraft):
        people.theme_choose(user_id=alice.pk, theme="red")


def test_nobody_has_no_preferences() -> None:
    with pytest.raises(NotFound):
        people.preferences_of(0)
    with pytest.raises(NotFound):
        people.preferences_update(user_id=0, wanted=GOOD)


def test_the_page_offers_exactly_the_currencies_that_are_taken() -> None:
    assert {code for code, _name in currency_choices()} == people.currencies()


def test_every_time_zone_that_is_offered_exists() -> None:
    assert len(people.time_zones()) > 300
    for zone in people.time_zones():
        assert ZoneInfo(zone).key == zone


# ---------- The operator ----------


def test_somebody_added_by_the_operator_has_a_confirmed_address_and_no_password() -> None:
    added = people.person_add(email=" Alice@Example.org ")
    assert (added.email, added.is_active, added.has_password, added.last_sign_in) == (
        "alice@example.org",
        True,
        False,
        None,
    )
    assert EmailAddress.objects.get().verified
    assert people.people() == (added,)


@pytest.mark.parametrize("email", ["", "alice", "alice@", "a b@example.org", "alice@example.org\nBcc: x@example.org"])
def test_what_is_no_address_is_not_added(email: str) -> None:
    with pytest.raises(InvalidDraft, match="Expected an e-mail address"):
        people.person_add(email=email)


def test_an_address_is_added_once() -> None:
    person("alice")
    with pytest.raises(InvalidDraft, match="has an account"):
        people.person_add(email="ALICE@example.org")


def test_a_deactivated_person_is_signed_out_and_may_come_back(client: Client) -> None:
    alice = person("alice")
    client.force_login(alice)
    people.person_deactivate(email="ALICE@example.org")
    assert client.get("/preferences/").status_code == 302
    assert not people.people()[0].is_active
    people.person_activate(email="alice@example.org")
    assert people.people()[0].is_active
    assert client.get("/preferences/").status_code == 302, "the session of before stays ended"


def test_tokens_of_a_deactivated_person_are_revoked_and_stay_so() -> None:
    actor = Person(person("alice").pk)
    made = tokens.token_make(actor=actor, name="Script", days=None)
    people.person_deactivate(email="alice@example.org")
    assert tokens.token_holder(made.text) is None
    people.person_activate(email="alice@example.org")
    assert tokens.token_holder(made.text) is None
    assert tokens.tokens_of(actor=actor) == ()


@pytest.mark.parametrize("does", [people.person_deactivate, people.person_activate, people.reset_link])
def test_nobody_of_that_address_is_said(does: object) -> None:
    with pytest.raises(NotFound, match=r"nobody@example\.org"):
        does(email="nobody@example.org")  # type: ignore[operator]  # each of the three


def test_a_reset_link_is_of_no_use_after_a_day(client: Client, settings: Settings) -> None:
    person("alice")
    link = people.reset_link(email="alice@example.org")
    assert settings.PASSWORD_RESET_TIMEOUT == 86_400
    assert client.get(link).status_code == 302
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link is used up" in client.get(link).content.decode()


def test_a_reset_link_is_of_no_use_once_somebody_has_signed_in(client: Client) -> None:
    """Who remembers the password after all makes the link that lies about worthless."""
    alice = person("alice")
    key = people.reset_link(email="alice@example.org").rpartition("/key/")[2].partition("-")[2].rstrip("/")
    assert default_token_generator.check_token(alice, key)
    client.post("/sign-in/", {"login": alice.email, "password": "correct horse battery staple"})
    assert not default_token_generator.check_token(User.objects.get(), key)


def test_no_reset_link_is_given_for_who_has_no_use_for_one() -> None:
    person("alice", is_active=False)
    people.demo_owner_create()
    for email, reason in (("alice@example.org", "active"), (people.DEMO_OWNER_EMAIL, "owner of the demo")):
        with pytest.raises(InvalidDraft, match=reason):
            people.reset_link(email=email)


# ---------- The demo ----------


def test_the_demos_owner_is_made_once() -> None:
    assert people.demo_owner() is None
    made = people.demo_owner_create(base_currency="USD")
    assert people.demo_owner_create() == made == people.demo_owner()
    assert people.preferences_of(made).base_currency == Currency("USD")
    assert not User.objects.get().has_usable_password()


def test_no_password_fits_the_demos_owner(client: Client) -> None:
    people.demo_owner_create()
    for password in ("!", "", "demo"):
        client.post("/sign-in/", {"login": people.DEMO_OWNER_EMAIL, "password": password})
    assert client.get("/preferences/").status_code == 302
