import pytest
from django.core.exceptions import ImproperlyConfigured

from tickfolio.config.mail import mailers, sender

NAME = "TICKFOLIO_EMAIL_URL"


def options(url: str) -> dict[str, object]:
    """The options of the one mailer."""
    given: dict[str, object] = mailers(NAME, url)["default"]["OPTIONS"]
    return given


def test_without_a_server_there_is_no_mailer() -> None:
    assert mailers(NAME, "") == {}


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtps://me:pw@mail.example.org", 465, False, True),
        ("smtp+starttls://me:pw@mail.example.org", 587, True, False),
        ("smtp://mail.example.org", 25, False, False),
        ("smtp://me:pw@localhost:2525", 2525, False, False),
    ],
)
def test_the_scheme_says_how_the_server_is_spoken_to(url: str, port: int, use_tls: bool, use_ssl: bool) -> None:
    given = options(url)
    assert (given["port"], given["use_tls"], given["use_ssl"]) == (port, use_tls, use_ssl)


def test_user_and_password_are_read_in_all_their_letters() -> None:
    given = options("smtps://me%40example.org:p%2Fw%3A%23@mail.example.org")
    assert (given["username"], given["password"], given["host"]) == ("me@example.org", "p/w:#", "mail.example.org")


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://me:hunter2@mail.example.org",
        "smtps://me:hunter2@",
        "smtps://me:hunter2@mail.example.org:port",
        "smtps://me:hunter2@mail.example.org/path",
        "smtps://me:hunter2@mail.example.org?tls=no",
        "smtps://me:hunter2]@mail.example.org",
        "smtp://me:hunter2@mail.example.org",
    ],
)
def test_what_is_no_address_of_a_mail_server_is_refused_and_its_password_never_shown(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}: expected") as refusal:
        mailers(NAME, url)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("address", ["tickfolio@example.org", "Tickfolio <tickfolio@example.org>"])
def test_a_sender_is_taken_with_a_name_and_without(address: str) -> None:
    assert sender("TICKFOLIO_EMAIL_FROM", address) == address


@pytest.mark.parametrize("address", ["", "tickfolio", "Tickfolio <>", "a@example.org\nBcc: b@example.org"])
def test_a_sender_that_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TICKFOLIO_EMAIL_FROM: expected"):
        sender("TICKFOLIO_EMAIL_FROM", address)
