"""A transaction that does nothing ends by itself, where the database can end it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from tickfolio.persistence.frozen import FROZEN_SECONDS, end_if_frozen

SHOWN = "SHOW idle_in_transaction_session_timeout"


@pytest.mark.django_db
def test_only_the_transaction_that_asks_for_it_has_an_end() -> None:
    with transaction.atomic():
        end_if_frozen()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                assert cursor.execute(SHOWN).fetchone() == (f"{FROZEN_SECONDS}s",)
            else:
                assert cursor.execute("SELECT 1").fetchone() == (1,)
