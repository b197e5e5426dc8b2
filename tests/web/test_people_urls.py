from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models.signals import pre_save
from django.test import Client
from pytest_django import Settings

from tests.identity.cast import PASSWORD, person
from tests.servers.mail import MailServer, mail_server
from tests.web.signing import NEW_PASSWORD, is_signed_in, link_in, sign_in
from tickfolio.config.mail import mailers
from tickfolio.identity.models import User
from tickfolio.services import people

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, and the settings as they are where its address is given."""
    with mail_server() as server:
        settings.MAILERS = mailers("TICKFOLIO_EMAIL_URL", server.url)
        settings.DEFAULT_FROM_EMAIL = "Tickfolio <tickfolio@example.org>"
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
        yield server


# ---------- Signing up ----------


def test_a_visitor_signs_up_without_a_mail_server_and_is_signed_in(client: Client) -> None:
    answer = client.post("/sign-up/", {"email": "Alice@Example.org", "password1": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_signed_in(client)
    alice = User.objects.get()
    assert alice.email == "alice@example.org"
    assert alice.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("Europe/Berlin", "Europe/Berlin"), ("Asia/Calcutta", "Asia/Calcutta"), ("Mars/Olympus", "UTC"), ("", "UTC")],
)
def test_whoever_signs_up_has_the_time_zone_of_their_browser(client: Client, sent: str, kept: str) -> None:
    assert 'name="time_zone"' in client.get("/sign-up/").content.decode()
    form = {"email": "alice@example.org", "password1": PASSWORD, "time_zone": sent}
    assert client.post("/sign-up/", form).status_code == 302
    assert User.objects.get(email="alice@example.org").time_zone == kept


def test_signing_up_asks_for_no_user_name(client: Client) -> None:
    page = client.get("/sign-up/").content.decode()
    assert re.findall(r'<input [^>]*name="(\w+)"', page) == ["csrfmiddlewaretoken", "time_zone", "email", "password1"]


def test_who_signs_up_keeps_the_browsers_language_and_the_theme_chosen_so_far(client: Client) -> None:
    client.cookies["theme"] = "dark"
    client.post(
        "/sign-up/", {"email": "a@example.org", "password1": PASSWORD}, headers={"Accept-Language": "de-AT,de;q=0.9"}
    )
    alice = User.objects.get()
    assert (alice.locale, alice.theme) == ("de", "dark")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short 7", "at least 10 characters"),
        ("password123", "too common"),
        ("83619402758", "entirely numeric"),
        ("alice@example.org", "too similar to the e-mail address"),
    ],
)
def test_a_weak_password_is_refused_beside_its_field_and_the_address_is_kept(
    client: Client, password: str, says: str
) -> None:
    page = client.post("/sign-up/", {"email": "alice@example.org", "password1": password}).content.decode()
    assert says in page.split('id="id_password1_error"', 1)[1].split("</p>", 1)[0]
    assert 'value="alice@example.org"' in page
    assert password not in page.replace("alice@example.org", "") or password == "alice@example.org"
    assert not User.objects.exists()


def test_sign_up_that_is_off_says_so_and_makes_nobody(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_SIGN_UP = False
    assert "Sign-up is closed" in client.get("/sign-up/").content.decode()
    answer = client.post("/sign-up/", {"email": "a@example.org", "password1": PASSWORD})
    assert "Sign-up is closed" in answer.content.decode()
    assert not User.objects.exists()
    assert 'href="/sign-up/"' not in client.get("/sign-in/").content.decode()


def test_with_a_mail_server_the_address_is_confirmed_before_anybody_is_in(client: Client, mail: MailServer) -> None:
    answer = client.post("/sign-up/", {"email": "alice@example.org", "password1": PASSWORD})
    assert answer.headers["Location"] == "/e-mail/confirm/"
    assert not is_signed_in(client)
    (sent,) = mail.to("alice@example.org")
    assert sent["Subject"] == "Confirm your address for Tickfolio"
    assert sent["From"] == "Tickfolio <tickfolio@example.org>"
    address = link_in(sent.get_content())
    assert "Confirm the address" in client.get(address).content.decode()
    client.post(address)
    assert is_signed_in(client)


def test_with_a_mail_server_signing_up_says_the_same_whether_or_not_the_address_has_an_account(
    mail: MailServer,
) -> None:
    person("alice")
    answers = [
        Client().post("/sign-up/", {"email": f"{name}@example.org", "password1": PASSWORD}) for name in ("alice", "bob")
    ]
    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert mail.to("alice@example.org")[0]["Subject"] == "You have an account already"
    assert User.objects.filter(email="alice@example.org").count() == 1


def test_without_a_mail_server_an_address_that_has_an_account_is_refused(client: Client) -> None:
    person("alice")
    page = client.post("/sign-up/", {"email": "ALICE@example.org", "password1": PASSWORD}).content.decode()
    assert "This address has an account already." in page
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_who_sign_up_with_one_address_at_once_is_refused(client: Client) -> None:
    def be_faster(*, instance: User, **_signal: object) -> None:
        User.objects.bulk_create([User(email=instance.email)])

    pre_save.connect(be_faster, sender=User)
    try:
        page = client.post("/sign-up/", {"email": "alice@example.org", "password1": PASSWORD}).content.decode()
    finally:
        pre_save.disconnect(be_faster, sender=User)
    assert "This address has an account already." in page
    # Who was faster is within the same transaction here, so that nothing is left of both.
    assert not User.objects.exists()


# ---------- Signing in and out ----------


def test_who_signs_in_comes_to_where_they_were_going(client: Client) -> None:
    person("alice")
    sent_away = client.get("/preferences/?done=saved")
    assert sent_away.headers["Location"] == "/sign-in/?next=/preferences/%3Fdone%3Dsaved"
    page = client.get(sent_away.headers["Location"]).content.decode()
    assert 'name="next" value="/preferences/?done=saved"' in page
    answer = sign_in(client, "alice@example.org", next="/preferences/?done=saved")
    assert answer.headers["Location"] == "/preferences/?done=saved"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client: Client, elsewhere: str) -> None:
    person("alice")
    assert sign_in(client, "alice@example.org", next=elsewhere).headers["Location"] == "/"


def test_the_address_is_taken_in_any_case(client: Client) -> None:
    person("alice")
    assert sign_in(client, " ALICE@Example.ORG ").status_code == 302


def test_wrong_password_and_unknown_address_are_answered_alike_and_the_address_is_kept(client: Client) -> None:
    person("alice")
    pages = []
    for email in ("alice@example.org", "nobody@example.org"):
        page = sign_in(client, email, "wrong password 1").content.decode()
        assert f'value="{email}"' in page
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.replace(email, "")))
    assert pages[0] == pages[1]
    assert "E-mail and password don’t match" in pages[0]
    assert "4 more tries before a pause of 5 minutes." in pages[0]
    assert pages[0].count('aria-invalid="true"') == 2


def test_after_five_failed_tries_even_the_right_password_waits_and_others_do_not(client: Client) -> None:
    person("alice"), person("bob")
    pages = [sign_in(client, "alice@example.org", "wrong password 1").content.decode() for _ in range(5)]
    assert "That was the last try before a pause of 5 minutes." in pages[-1]
    assert "Too many tries. Wait 5 minutes" in sign_in(client, "alice@example.org").content.decode()
    assert not is_signed_in(client)
    assert sign_in(client, "bob@example.org").status_code == 302


def test_failed_tries_from_one_place_are_counted_over_all_addresses(client: Client, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for turn in range(10):
        sign_in_from(client, "203.0.113.7", f"user{turn}@example.org")
    assert "Too many tries" in sign_in_from(client, "203.0.113.7", "one-more@example.org")
    assert "Too many tries" not in sign_in_from(client, "203.0.113.8", "one-more@example.org")


def sign_in_from(client: Client, place: str, email: str) -> str:
    """What is answered to a wrong password, tried through a proxy from `place` by one who claims to be elsewhere."""
    claimed = {"X-Forwarded-For": f"198.51.100.1, {place}"}
    return client.post("/sign-in/", {"login": email, "password": "wrong"}, headers=claimed).content.decode()


def test_a_deactivated_person_is_told_so_only_with_the_right_password(client: Client) -> None:
    person("alice", is_active=False)
    assert "don’t match" in sign_in(client, "alice@example.org", "wrong password 1").content.decode()
    assert sign_in(client, "alice@example.org").headers["Location"] == "/sign-in/inactive/"
    assert "This account is closed" in client.get("/sign-in/inactive/").content.decode()
    assert not is_signed_in(client)


def test_a_session_ends_with_the_browser_unless_it_is_to_be_kept(client: Client) -> None:
    person("alice")
    sign_in(client, "alice@example.org")
    assert client.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == ""
    client.post("/sign-out/")
    sign_in(client, "alice@example.org", remember="on")
    assert client.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 86_400


def test_signing_in_begins_a_new_session(client: Client) -> None:
    """A session key that somebody has planted before is worth nothing afterwards."""
    person("alice")
    planted = SessionStore()
    planted["planted"] = "yes"
    planted.save()
    assert planted.session_key is not None
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted.session_key
    sign_in(client, "alice@example.org")
    assert client.session.session_key != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()


def test_signing_out_is_a_post_and_ends_the_session(client: Client) -> None:
    alice = person("alice")
    client.force_login(alice)
    key = client.session.session_key
    assert "Sign out?" in client.get("/sign-out/").content.decode()
    assert is_signed_in(client)
    assert client.post("/sign-out/").headers["Location"] == "/"
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_signed_in(client)


def test_signing_out_everywhere_ends_the_sessions_of_other_browsers_too() -> None:
    alice = person("alice")
    here, there, bobs = Client(), Client(), Client()
    for client, user in ((here, alice), (there, alice), (bobs, person("bob"))):
        client.force_login(user)
    assert here.post("/sign-out/everywhere/").headers["Location"] == "/"
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(bobs)


def test_forms_without_their_token_are_refused() -> None:
    person("alice")
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-in/", "/sign-up/", "/sign-out/", "/preferences/", "/demo/sign-in/"):
        answer = strict.post(address, {"login": "alice@example.org", "password": PASSWORD})
        assert answer.status_code == 403
        assert "This form cannot be taken" in answer.content.decode()


# ---------- Passwords ----------


def test_a_changed_password_ends_all_other_sessions_and_keeps_this_one() -> None:
    alice = person("alice")
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(alice)
    answer = change_password(here)
    assert answer.headers["Location"] == "/preferences/?done=password"
    assert "Your password is changed." in here.get(answer.headers["Location"]).content.decode()
    assert not is_signed_in(there)
    changed = User.objects.get()
    assert changed.check_password(NEW_PASSWORD)
    assert changed.session_version == alice.session_version + 1


def change_password(client: Client, old: str = PASSWORD) -> Answer:
    typed = {"oldpassword": old, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post("/password/change/", typed)


def test_a_password_is_not_changed_without_the_one_that_is(client: Client) -> None:
    client.force_login(person("alice"))
    assert "This is not the current password." in change_password(client, old="a guess").content.decode()
    assert User.objects.get().check_password(PASSWORD)


def test_without_a_mail_server_the_reset_page_says_whom_to_ask(client: Client) -> None:
    person("alice")
    for answer in (client.get("/password/reset/"), client.post("/password/reset/", {"email": "alice@example.org"})):
        assert answer.status_code == 200
        assert "tickfolio user reset-password" in answer.content.decode()
    for address in ("/password/reset/done/", "/e-mail/confirm/", "/e-mail/confirm/abc/"):
        assert client.get(address).status_code == 404


def test_where_the_program_and_its_data_are_is_told_at_the_machine_itself_only(
    client: Client, settings: Settings
) -> None:
    data = str(settings.TICKFOLIO_DATA)
    near = client.get("/password/reset/", headers={"host": "localhost"}).content.decode()
    assert f"user reset-password you@example.org --data {data}</code>" in near
    for far in ({"host": "testserver"}, {"host": "localhost", "x-forwarded-for": "203.0.113.7"}):
        page = client.get("/password/reset/", headers=far).content.decode()
        assert "tickfolio user reset-password you@example.org --data DIR" in page
        assert data not in page


def test_with_a_mail_server_a_link_sets_a_new_password_once_and_ends_all_sessions(mail: MailServer) -> None:
    alice = person("alice")
    signed_in = Client()
    signed_in.force_login(alice)
    client = Client()
    client.post("/password/reset/", {"email": "alice@example.org"})
    (sent,) = mail.to("alice@example.org")
    address = link_in(sent.get_content())
    assert set_password(client, address).headers["Location"] == "/password/reset/key/done/"
    assert not is_signed_in(signed_in)
    assert sign_in(client, "alice@example.org", NEW_PASSWORD).status_code == 302
    assert "This link is used up" in Client().get(address).content.decode()
    assert mail.to("alice@example.org")[-1]["Subject"] == "Your password was changed"


def set_password(client: Client, address: str) -> Answer:
    """Follows a reset link, whose key does not stay in the address, and sets a new password."""
    form = client.get(address).headers["Location"]
    assert form.endswith("-set-password/")
    page = client.get(form)
    assert page.headers["Cache-Control"] == "private, no-store"
    return client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_asking_for_a_reset_is_answered_alike_for_known_and_unknown_addresses(mail: MailServer) -> None:
    person("alice")
    answers = [Client().post("/password/reset/", {"email": f"{name}@example.org"}) for name in ("alice", "nobody")]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/password/reset/done/")}
    assert mail.to("nobody@example.org")[0]["Subject"] == "There is no account with your address"


def test_nobody_is_mailed_a_link_to_the_demos_account(client: Client, mail: MailServer) -> None:
    people.demo_owner_create()
    client.post("/password/reset/", {"email": people.DEMO_OWNER_EMAIL})
    assert mail.mails == []


def test_a_mail_server_that_refuses_is_said_on_the_page(client: Client, mail: MailServer) -> None:
    person("alice")
    mail.refuses = True
    answer = client.post("/password/reset/", {"email": "alice@example.org"})
    assert answer.status_code == 503
    assert "The mail could not be sent" in answer.content.decode()
    assert Client().post("/sign-up/", {"email": "bob@example.org", "password1": PASSWORD}).status_code == 503


def test_a_changed_password_stands_even_when_its_notice_cannot_be_mailed(client: Client, mail: MailServer) -> None:
    client.force_login(person("alice"))
    mail.refuses = True
    assert change_password(client).status_code == 302
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_the_operators_link_sets_a_password_for_somebody_who_has_none(client: Client) -> None:
    people.person_add(email="alice@example.org")
    set_password(client, people.reset_link(email="alice@example.org"))
    assert sign_in(client, "alice@example.org", NEW_PASSWORD).status_code == 302
