from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from django.db import connection

from tests.services.ledger_entries import Book, book, person
from tests.tenancy_guard import Guard, UnownedStatement, guard, unowned_tables
from tickfolio.persistence.models import Account, Membership
from tickfolio.persistence.tenancy import System, TenantManager, tenant_models

MEMBER = (
    'EXISTS(SELECT 1 AS "a" FROM "membership" U0 WHERE (U0."portfolio_id" = ("account"."portfolio_id") '
    'AND U0."user_id" = %s) LIMIT 1)'
)
INNOCENT = {
    "the door's own": 'SELECT "account"."id" FROM "account" WHERE MEMBER',
    "with more conditions": 'SELECT "account"."id" FROM "account" WHERE ((MEMBER) AND ("account"."name" = %s OR 1 = 1))',
    "the system's": 'SELECT "account"."id" FROM "account" WHERE ((1 = 1 /* system: engine */) AND "account"."id" = %s)',
    "joined by a foreign key": 'SELECT 1 FROM "ledger_transaction" INNER JOIN "account" '
    'ON ("ledger_transaction"."account_id" = "account"."id") WHERE MEMBER',
    "joined by the portfolio": 'SELECT 1 FROM "account" INNER JOIN "outbox" T2 '
    'ON ("account"."portfolio_id" = T2."portfolio_id") WHERE MEMBER',
    "a subquery on the outer row": 'SELECT 1 FROM "account" WHERE (MEMBER AND EXISTS(SELECT 1 FROM "ledger_transaction" V0 '
    'WHERE V0."account_id" = ("account"."id")))',
    "an update": 'UPDATE "account" SET "name" = %s WHERE (MEMBER AND "account"."id" = %s)',
    "a deletion": 'DELETE FROM "account" WHERE (MEMBER AND "account"."id" = %s)',
    "an insertion": 'INSERT INTO "account" ("id", "name") VALUES (%s, %s)',
    "an insertion of arrays": 'INSERT INTO "account" ("id") SELECT * FROM UNNEST((%s)::uuid[]) RETURNING "account"."id"',
    "one's own keys": 'SELECT 1 FROM "idempotency_key" WHERE "idempotency_key"."user_id" = %s',
    "no table of anybody": 'SELECT "instrument"."id" FROM "instrument" WHERE "instrument"."symbol" = %s',
    "a table that is made": 'CREATE TABLE "account" ("id" text)',
}
GUILTY = {
    "nobody named": 'SELECT "account"."id" FROM "account" WHERE "account"."id" = %s',
    "a portfolio from an address": 'SELECT "account"."id" FROM "account" WHERE "account"."portfolio_id" = %s',
    "an OR beside the owner": 'SELECT "account"."id" FROM "account" WHERE (MEMBER OR "account"."id" = %s)',
    "an OR around the owner": 'SELECT 1 FROM "account" WHERE (("account"."id" = %s AND MEMBER) OR "account"."name" = %s)',
    "a NOT before the owner": 'SELECT "account"."id" FROM "account" WHERE NOT (MEMBER)',
    "a NOT right before it": 'SELECT "account"."id" FROM "account" WHERE NOT MEMBER',
    "the owner as a column": 'SELECT MEMBER FROM "account" WHERE "account"."id" = %s',
    "anybody's membership": 'SELECT 1 FROM "account" WHERE EXISTS(SELECT 1 FROM "membership" U0 '
    'WHERE U0."portfolio_id" = ("account"."portfolio_id"))',
    "a membership of something else": 'SELECT 1 FROM "account" WHERE EXISTS(SELECT 1 FROM "membership" U0 '
    'WHERE (U0."id" = ("account"."name") AND U0."user_id" = %s))',
    "a membership of nothing": 'SELECT 1 FROM "account" WHERE EXISTS(SELECT 1 FROM "membership" U0 WHERE U0."user_id" = %s)',
    "joined by a symbol": 'SELECT 1 FROM "ledger_transaction" INNER JOIN "account" '
    'ON ("ledger_transaction"."symbol" = "account"."name") WHERE MEMBER',
    "joined without a condition": 'SELECT 1 FROM "account", "outbox" WHERE MEMBER',
    "a subquery on all rows": 'SELECT 1 FROM "account" WHERE (MEMBER AND "account"."id" IN '
    '(SELECT U0."account_id" FROM "ledger_transaction" U0 WHERE U0."symbol" = %s))',
    "the other half of a union": '(SELECT "account"."id" FROM "account" WHERE MEMBER) UNION '
    '(SELECT "portfolio"."id" FROM "portfolio")',
    "rows that are counted": 'SELECT COUNT(*) FROM (SELECT "account"."id" FROM "account") subquery',
    "an update": 'UPDATE "account" SET "name" = %s WHERE "account"."id" = %s',
    "a deletion": 'DELETE FROM "account" WHERE "account"."id" = %s',
    "an insertion of what is read": 'INSERT INTO "instrument" ("id") SELECT "account"."id" FROM "account"',
    "the system's mark beside an OR": 'SELECT 1 FROM "account" WHERE ((1 = 1 /* system: engine */) OR "account"."id" = %s)',
    "a mark in the text of a value": "SELECT 1 FROM account WHERE name = '/* system: engine */'",
    "other people's keys": 'SELECT 1 FROM "idempotency_key" WHERE "idempotency_key"."key" = %s',
    "names without quotes": "SELECT id FROM account WHERE id = %s",
}


@pytest.mark.parametrize("sql", INNOCENT.values(), ids=INNOCENT)
def test_innocent_statement_passes(sql: str) -> None:
    assert unowned_tables(sql.replace("MEMBER", MEMBER)) == set()


@pytest.mark.parametrize("sql", GUILTY.values(), ids=GUILTY)
def test_guilty_statement_is_caught(sql: str) -> None:
    assert unowned_tables(sql.replace("MEMBER", MEMBER))


# ---------- At the connections ----------


@pytest.fixture
def alices() -> Book:
    return book(person("alice"))


@pytest.mark.django_db
@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model.__name__)
def test_rows_reached_through_the_door_pass(model: Any, alices: Book) -> None:
    for actor in (alices.owner, System("test"))[: 2 if isinstance(model.objects, TenantManager) else 1]:
        rows = model.objects.for_actor(actor)
        assert len(rows) == rows.count()
        assert rows.exists() is bool(rows)


@pytest.mark.django_db
def test_rows_changed_through_the_door_pass(alices: Book) -> None:
    accounts = Account.objects.for_actor(alices.owner)
    assert accounts.filter(name="Broker").update(name="Bank") == 1
    assert accounts.filter(name="Bank").delete() == (1, {"persistence.Account": 1})


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["unguarded", "_base_manager", "_default_manager"])
def test_rows_reached_past_the_door_are_caught(door: str, alices: Book) -> None:
    with pytest.raises(UnownedStatement, match="account"):
        getattr(Account, door).filter(pk=alices.account_id).first()
    guard.caught.clear()


@pytest.mark.django_db
def test_a_row_that_is_written_past_the_door_is_caught(alices: Book) -> None:
    account = Account.objects.for_actor(alices.owner).get(pk=alices.account_id)
    for act in (account.save, account.delete, account.refresh_from_db):
        with pytest.raises(UnownedStatement, match="account"):
            act()
    guard.caught.clear()


@pytest.mark.django_db
def test_raw_sql_is_caught(alices: Book) -> None:
    with connection.cursor() as cursor, pytest.raises(UnownedStatement, match="membership"):
        cursor.execute("SELECT role FROM membership WHERE portfolio_id = %s", [alices.portfolio_id])
    guard.caught.clear()


@pytest.mark.django_db(transaction=True)
def test_another_threads_statements_are_read_as_well(alices: Book) -> None:
    caught: list[str] = []

    def look() -> None:
        try:
            Membership.unguarded.count()
        except UnownedStatement as problem:
            caught.append(str(problem))
        finally:
            connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert "membership" in caught[0]
    guard.caught.clear()


def test_a_statement_that_was_caught_fails_the_test_even_where_the_code_went_on() -> None:
    own = Guard()
    with pytest.raises(UnownedStatement, match="account"), own.armed(), contextlib.suppress(AssertionError):
        own.read(_done, "SELECT 1 FROM account", None, False, None)


def test_guard_reads_only_while_it_is_armed_and_not_told_to_look_away() -> None:
    own = Guard()
    assert own.read(_done, "SELECT 1 FROM account", None, False, None) == "done"
    with own.armed(), own.off("a reason"):
        assert own.read(_done, "SELECT 1 FROM account", None, False, None) == "done"


def _done(*_statement: object) -> str:
    return "done"
