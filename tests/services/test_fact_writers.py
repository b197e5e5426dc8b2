from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.services.recorded_days import clock
from tickfolio.services.fact_writers import one_writer

__all__ = ["clock"]


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
def test_whoever_records_holds_the_row_of_the_instance() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        one_writer()
    (query,) = asked
    assert '"instance"' in query["sql"]
    assert query["sql"].endswith("FOR UPDATE") or connection.vendor == "sqlite"  # which has one writer anyway
