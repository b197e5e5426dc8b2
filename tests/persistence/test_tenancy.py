from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core import management
from django.core.exceptions import ValidationError
from django.db import connection

from tests.services.ledger_entries import Book, add, book, deposit, person, share
from tests.tenancy_guard import guard
from tickfolio.errors import FactIsFinal, InvalidValue, NoActor
from tickfolio.persistence.models import Account, IdempotencyKey, OutboxEntry, Portfolio, TransactionVersion
from tickfolio.persistence.tenancy import Person, Role, System, TenantManager, tenant_models
from tickfolio.services import portfolios

pytestmark = pytest.mark.django_db
FACTS = (TransactionVersion, OutboxEntry)


@pytest.fixture
def mine() -> Book:
    mine = book(person("alice"))
    add(mine, deposit(mine))
    return mine


def seen(model: Any, actor: Person | System) -> int:
    return int(model.objects.for_actor(actor).count())


# ---------- The door ----------


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "call", ["all", "filter", "exclude", "get", "first", "count", "create", "bulk_create", "update", "values"]
)
def test_query_without_an_actor_is_refused_with_what_to_do(model: Any, call: str) -> None:
    with pytest.raises(NoActor, match=r"for_actor\("):
        getattr(model.objects, call)()


def test_rows_are_their_members_and_the_systems(mine: Book) -> None:
    viewer, stranger = share(mine, "bob", Role.VIEWER), book(person("charlie")).owner
    for model in (Portfolio, Account, TransactionVersion, OutboxEntry):
        assert seen(model, mine.owner) == seen(model, viewer) > 0
        assert seen(model, System("test")) == seen(model, mine.owner) + seen(model, stranger)
    assert seen(TransactionVersion, stranger) == 0


def test_rows_of_a_portfolio_that_was_deleted_are_nobodys(mine: Book) -> None:
    portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    for model in tenant_models():
        for actor in (mine.owner, System("test")) if isinstance(model.objects, TenantManager) else ():  # type: ignore[attr-defined]
            assert seen(model, actor) == 0


def test_keys_are_of_one_person(mine: Book) -> None:
    add(mine, deposit(mine), idempotency_key="key")
    assert (seen(IdempotencyKey, mine.owner), seen(IdempotencyKey, person("bob"))) == (1, 0)


def test_statement_of_the_system_names_its_reason(mine: Book) -> None:
    assert "/* system: the nightly look */" in str(Account.objects.for_actor(System("the nightly look")).query)


@pytest.mark.parametrize("reason", ["", "x", "Engine", "drop */ table", "a" * 41, "engine\n"])
def test_system_needs_a_reason_in_plain_words(reason: str) -> None:
    with pytest.raises(InvalidValue, match="reason"):
        System(reason)


def test_roles_cover_those_below_them() -> None:
    assert [role for role in Role if role.covers(Role.EDITOR)] == [Role.EDITOR, Role.OWNER]
    assert sorted(Role, key=lambda role: role.rank) == [Role.VIEWER, Role.EDITOR, Role.OWNER]


# ---------- Facts ----------


@pytest.mark.parametrize("model", FACTS)
def test_fact_is_neither_changed_nor_deleted(model: Any, mine: Book) -> None:
    rows = model.objects.for_actor(mine.owner)
    row = rows.last()
    before = rows.values().last()
    row.recorded_at = row.recorded_at.replace(year=1999)
    for refused in (
        row.save,
        row.delete,
        rows.delete,
        lambda: rows.update(recorded_at=row.recorded_at),
        lambda: rows.bulk_update([row], ["recorded_at"]),
        lambda: rows.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["recorded_at"]),
        lambda: rows.update_or_create(pk=row.pk, defaults={"recorded_at": row.recorded_at}),
        lambda: model._base_manager.filter(pk=row.pk).update(recorded_at=row.recorded_at),
        lambda: model._default_manager.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(FactIsFinal, match="new version"):
            refused()
    assert rows.values().last() == before


def test_fact_is_written_once_also_under_the_id_of_another(mine: Book) -> None:
    row = TransactionVersion.objects.for_actor(mine.owner).get()
    row._state.adding = True
    with pytest.raises(Exception, match=r"(?i)unique"):
        row.save()


# ---------- Django's own machinery ----------


def test_full_clean_finds_a_second_account_of_the_name(mine: Book) -> None:
    twin = Account(portfolio_id=mine.portfolio_id, name="Broker", currency="USD")
    with guard.off("validation looks at every row"), pytest.raises(ValidationError) as refusal:
        twin.full_clean(exclude=["created_at"])
    assert "already exists" in str(refusal.value)
    twin.name = "Bank"
    with guard.off("validation looks at every row"):
        twin.full_clean(exclude=["created_at"])


def test_row_is_created_through_the_door(mine: Book) -> None:
    created_at = Portfolio.objects.for_actor(mine.owner).get().created_at
    made = Account.objects.for_actor(mine.owner).create(
        portfolio_id=mine.portfolio_id, name="Bank", currency="EUR", created_at=created_at
    )
    assert Account.objects.for_actor(mine.owner).filter(pk=made.pk).exists()


def test_dumpdata_and_loaddata_take_every_row(mine: Book, tmp_path: Any) -> None:
    labels = [model._meta.label for model in tenant_models()]
    with guard.off("a dump holds every row"):
        text = io.StringIO()
        management.call_command("dumpdata", *labels, stdout=text)
        dumped = json.loads(text.getvalue())
        assert {row["model"] for row in dumped} >= {"persistence.portfolio", "persistence.transactionversion"}
        assert len(dumped) == sum(model.unguarded.count() for model in tenant_models())  # type: ignore[attr-defined]
        fixture = tmp_path / "rows.json"
        fixture.write_text(text.getvalue(), encoding="utf-8")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM outbox")
        management.call_command("loaddata", str(fixture), verbosity=0)
        assert OutboxEntry.unguarded.count() == sum(row["model"] == "persistence.outboxentry" for row in dumped)
