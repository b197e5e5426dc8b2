"""What may change a row is heard, whatever its words; what only reads is not."""

import pytest
from django.db import connection, transaction

from tests.security.writes import heard_writes
from tickfolio.identity.models import User


@pytest.mark.django_db
def test_reading_and_marks_on_the_way_are_no_writes() -> None:
    with heard_writes() as writes, transaction.atomic():
        assert User.objects.filter(email="nobody@example.org").count() == 0
    assert not writes.are_any


@pytest.mark.django_db
@pytest.mark.parametrize("many", [False, True])
def test_each_way_to_change_rows_is_one(many: bool) -> None:
    with heard_writes() as writes, transaction.atomic():
        if many:
            with connection.cursor() as cursor:
                cursor.executemany("UPDATE identity_user SET theme = %s WHERE id = %s", [("dark", 0), ("dark", -1)])
        else:
            User.objects.filter(pk=0).update(theme="dark")
    assert writes.are_any


@pytest.mark.django_db
def test_a_query_that_begins_with_another_one_may_write() -> None:
    with heard_writes() as writes, connection.cursor() as cursor:
        cursor.execute("WITH one AS (SELECT 1) SELECT * FROM one")
    assert writes.are_any
