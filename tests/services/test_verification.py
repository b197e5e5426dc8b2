"""Whatever derived value is wrong, it is named; and nothing is written."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.services.changes import changes
from tests.services.derived_story import NOW, past_the_door, tell
from tests.services.ledger_entries import add, book, deposit, person, sale
from tickfolio.domain.money import EXACT
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.inventory import Kind, columns_of_kind, tables_with
from tickfolio.persistence.models import DailySeries, Portfolio
from tickfolio.persistence.tenancy import System
from tickfolio.services import verification
from tickfolio.services.derived_tables import DERIVED_TABLES, derived_text
from tickfolio.services.fact_checks import misfits_of
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.verification import Mismatch, verify

DERIVED = [(table, column) for table in tables_with(Kind.DERIVED) for column in columns_of_kind(table, Kind.DERIVED)]
KEYS = {table.name: table.key for table in DERIVED_TABLES}
MODELS = {model._meta.db_table: model for model in apps.get_app_config("persistence").get_models()}


@pytest.fixture
def told() -> tuple[str, ...]:
    return tell()


def rows_of(table: str) -> Any:
    """Past every door: what is corrupt was not written by the product."""
    return past_the_door(MODELS[table])


def another(field: object, value: Any) -> Any:
    """Another value that the column could hold."""
    if isinstance(field, models.ForeignKey):
        others = past_the_door(field.related_model).exclude(pk=value)
        return others.values_list("pk", flat=True)[0]
    match value:
        case bool():
            return not value
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=400)
        case Decimal():
            return EXACT.add(value, Decimal("1e-30"))
        case int():
            return value + 1
        case uuid.UUID():
            return uuid.uuid4()
        case str():
            return value[:-1] + ("Y" if value.endswith("X") else "X")
        case _:
            raise AssertionError(f"expected a value that can be another, was {value!r} of {field}")


@pytest.mark.django_db(transaction=True)
def test_what_the_product_wrote_fits(told: tuple[str, ...]) -> None:
    texts = [derived_text(each) for each in told]
    with CaptureQueriesContext(connection) as asked:
        found = verify()
    assert (found.portfolios, found.mismatches, found.unsettled) == (2, [], [])
    assert all(found.rows[table] > 0 and found.values[table] >= found.rows[table] for table in KEYS)
    assert {each["sql"].split()[0] for each in asked} <= {"SELECT", "DECLARE"}
    assert [derived_text(each) for each in told] == texts


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "column"), DERIVED, ids=[".".join(each) for each in DERIVED])
def test_every_derived_column_that_is_wrong_is_named(told: tuple[str, ...], table: str, column: str) -> None:
    mine, other = told
    of_it = {"pk": mine} if table == "portfolio" else {"portfolio_id": mine}
    row = rows_of(table).filter(**of_it).order_by("pk").first()
    field = MODELS[table]._meta.get_field(column.removesuffix("_id"))
    before = getattr(row, column)
    wrong = other if column == "portfolio_id" else another(field, before)
    if (table, column) == ("daily_value", "portfolio_id"):
        rows_of(table).filter(portfolio_id=other, day=row.day).delete()
    rows_of(table).filter(pk=row.pk).update(**{column: wrong})
    found = [(each.table, each.column, each.key) for each in verify().mismatches if each.portfolio == mine]
    is_told_by_it = column in (KEYS[table], "portfolio_id")
    key = str(getattr(row, KEYS[table]) if KEYS[table] != "day" else row.day)
    assert found[0] == (table, KEYS[table] if is_told_by_it else column, key)


def test_values_of_every_kind_of_column_can_be_another() -> None:
    assert another(ExactDecimalField(), Decimal(1)) != Decimal(1)


@pytest.mark.django_db
def test_what_was_expected_and_what_is_there_is_told(told: tuple[str, ...]) -> None:
    rows_of("portfolio").filter(pk=told[0]).update(head=1)
    head = Portfolio.objects.for_actor(System("test")).get(pk=told[1]).head
    rows_of("portfolio").filter(pk=told[1]).update(head=head)
    found = [each for each in verify(portfolio_ids=[told[0]]).mismatches if each.table == "portfolio"]
    assert [(each.key, each.column, each.found) for each in found] == [(told[0], "head", "1")]
    assert int(found[0].expected) > 10


@pytest.mark.django_db
def test_a_day_too_few_and_a_day_too_many_are_named(told: tuple[str, ...]) -> None:
    rows = rows_of("daily_value").filter(portfolio_id=told[0])
    first = rows.order_by("day").first()
    rows.filter(pk=first.pk).update(day=date(1999, 1, 1))
    assert [each for each in verify().mismatches if each.table == "daily_value"] == [
        Mismatch(told[0], "daily_value", "1999-01-01", "day", "no such row", "1999-01-01"),
        Mismatch(told[0], "daily_value", "2012-05-14", "day", "2012-05-14", "no such row"),
    ]


@pytest.mark.django_db
def test_a_day_that_ended_just_now_is_missed_by_nobody(told: tuple[str, ...]) -> None:
    tomorrow = NOW + timedelta(days=1)
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=tomorrow)))
    assert verify().mismatches == []
    rows_of("daily_series").filter(portfolio_id=told[0]).update(last_day=NOW.date() - timedelta(days=2))
    assert [(each.table, each.column) for each in verify().mismatches] == [
        ("daily_series", "last_day"),
        ("daily_value", "day"),
    ]


@pytest.mark.django_db
def test_days_that_nobody_has_stored_yet_are_missed_by_nobody(told: tuple[str, ...]) -> None:
    rows_of("daily_series").delete()
    rows_of("daily_value").delete()
    assert verify().mismatches == []


@pytest.mark.django_db
def test_facts_that_do_not_fit_are_named_too(told: tuple[str, ...]) -> None:
    row = rows_of("transaction_version").filter(portfolio_id=told[0], version=2).first()
    rows_of("transaction_version").filter(pk=row.pk).update(version=3)
    found = {(each.table, each.key, each.column) for each in verify().mismatches}
    assert ("transaction_version", str(row.pk), "version") in found


@pytest.mark.django_db
def test_a_ledger_that_cannot_be_is_named(told: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = book(person("carol"))
    DailySeries.unguarded.create(
        portfolio_id=broken.portfolio_id,
        head=0,
        actions=0,
        base_currency="EUR",
        zone="UTC",
        version="",
        last_day=NOW.date(),
    )
    monkeypatch.setattr("tickfolio.services.ledger_writes.refuse_impossible", lambda *_args, **_kwargs: None)
    add(broken, sale(broken))
    found = verify(portfolio_ids=[broken.portfolio_id]).mismatches
    assert {(each.table, each.expected) for each in found} == {("transaction_version", "a ledger that can be")}


@pytest.mark.django_db
def test_a_portfolio_in_which_somebody_keeps_writing_is_said_to_be_unsettled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = book(person("alice"))
    real = misfits_of

    def busy(portfolio_id: str) -> Any:
        add(mine, deposit(mine))
        return real(portfolio_id)

    monkeypatch.setattr(verification, "misfits_of", busy)
    found = verify()
    assert (found.portfolios, found.unsettled) == (0, [mine.portfolio_id])
    assert rows_of("transaction_version").count() == verification.ATTEMPTS


@pytest.mark.django_db
def test_one_that_is_gone_is_passed_over() -> None:
    assert verify(portfolio_ids=["00000000-0000-4000-8000-000000000000"]).mismatches == []
