"""The mail server, from the one address that names it."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

# The usual port of each way to speak to a mail server; see RFC 8314.
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SECONDS_TO_ANSWER = 10


def mailers(name: str, url: str) -> dict[str, Any]:
    """Django's ``MAILERS`` for the server at `url`, empty where that is: then nothing is ever mailed.

    ``smtps://user:password@host`` encrypts from the first byte on, ``smtp+starttls://`` after the greeting, ``smtp://``
    not at all, which is why it takes a password to this machine only.

    Raises:
        ImproperlyConfigured: it is no such URL. The message names the variable and repeats nothing of its value.
    """
    if not url:
        return {}
    expected = f"{name}: expected smtps://user:password@host, smtp+starttls://user:password@host or smtp://host"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{expected}, was one that cannot be read. In the user and the password : / ? # [ ] @ % are written as "
            "%3A %2F %3F %23 %5B %5D %40 %25."
        ) from None  # the cause may repeat a part of the password
    if parts.scheme not in PORTS or not host or port == 0 or parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{expected}, was something else.")
    if parts.scheme == "smtp" and parts.password and host not in LOOPBACK:
        raise ImproperlyConfigured(f"{expected}, was one that would send the password in the clear.")
    options = {
        "host": host,
        "port": port or PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+starttls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": SECONDS_TO_ANSWER,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


def sender(name: str, address: str) -> str:
    """Whom mails are from: an address such as ``Tickfolio <tickfolio@example.org>``.

    Raises:
        ImproperlyConfigured: it is none, or holds a line break, which would be a header of its own.
    """
    try:
        if not address.isprintable():
            raise ValidationError("a line break")
        validate_email(parseaddr(address)[1])
    except ValidationError:
        raise ImproperlyConfigured(
            f"{name}: expected an address such as Tickfolio <tickfolio@example.org>, was {address!r}."
        ) from None
    return address
