"""Signing in as a browser does, for tests of pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.test import Client

from tests.identity.cast import PASSWORD

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NEW_PASSWORD = "a quite different one 7"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Answer:
    return client.post("/sign-in/", {"login": email, "password": password, **extra})


def is_signed_in(client: Client) -> bool:
    return client.get("/preferences/").status_code == 200


def link_in(text: str) -> str:
    """The path of the one link in a mail."""
    found = re.search(r"http://testserver(\S+)", text)
    assert found is not None, text
    return found[1]
