"""The world of the matrix: made once for a module, whatever is done to it undone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from tests.security.world import World, build
from tests.web.built import pretend_build

MATRIX_SETTINGS = {
    # All addresses are there: those of the demo, and those that need a mail server.
    "TICKFOLIO_MODE": "demo",
    "ALLOWED_HOSTS": ["localhost"],
    "MAILERS": {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}},
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """People, portfolios and sessions, in a transaction that is rolled back in the end."""
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(**MATRIX_SETTINGS),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        pretend_build(tmp_path_factory.mktemp("build"), patch)
        yield build()
        transaction.set_rollback(True)
