"""What is derived, and how it is spelled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.services.derived_story import tell
from tickfolio.persistence.inventory import Kind, columns_of_kind, tables_with
from tickfolio.services.derived_tables import DERIVED_TABLES, Facts, derived_text, text_of


def test_every_table_with_something_derived_is_among_them_with_all_of_it() -> None:
    tables = {table.name: {table.key, "portfolio_id", *table.columns} for table in DERIVED_TABLES}
    assert tables.keys() == set(tables_with(Kind.DERIVED))
    assert all(set(columns_of_kind(name, Kind.DERIVED)) <= columns for name, columns in tables.items())


def test_a_value_has_one_spelling() -> None:
    at = datetime(2012, 5, 21, 14, 30, tzinfo=UTC)
    assert text_of(at) == text_of(at.astimezone(timezone(timedelta(hours=5)))) == "2012-05-21T14:30:00+00:00"
    assert (text_of(None), text_of(True), text_of(False)) == ("", "yes", "no")
    assert (text_of(Decimal("1.50")), text_of(date(2012, 5, 21)), text_of(7), text_of("a b")) == (
        "1.5",
        "2012-05-21",
        "7",
        "a b",
    )


@pytest.mark.django_db(transaction=True)
def test_the_story_leaves_something_in_each_of_them_and_it_is_what_facts_say() -> None:
    mine, _ = tell()
    for table in DERIVED_TABLES:
        found = table.found(mine)
        assert found
        assert found == table.expected(Facts(mine))
    text = derived_text(mine)
    assert "ledger_transaction " in text
    assert "rows_booked=2 rows_known=0 rows_refused=1 rows_ignored=0" in text
