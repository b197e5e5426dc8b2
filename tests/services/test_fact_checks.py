"""Facts that do not fit one another are found, each by its table, row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import models

from tests.services.changes import changes, quote
from tests.services.derived_story import NOW, WEEK_AGO, past_the_door, tell
from tests.services.ledger_entries import add, book, deposit, edit, person, purchase
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import FlowValuation, OutboxEntry, TransactionVersion
from tickfolio.services.fact_checks import fact_counts, misfits_of
from tickfolio.services.market_records import market_changes_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> str:
    return tell()[0]


def change(row: models.Model, **columns: Any) -> str:
    """Writes past the door that keeps facts as they are; gives the row's key."""
    past_the_door(type(row)).filter(pk=row.pk).update(**columns)
    return str(row.pk)


def outbox(mine: str, **what: Any) -> Any:
    return past_the_door(OutboxEntry).filter(portfolio_id=mine, **what).order_by("sequence").first()


def version(mine: str, **what: Any) -> Any:
    rows = past_the_door(TransactionVersion).filter(portfolio_id=mine, **what).order_by("ledger_sequence")
    return rows.first()


def found(mine: str) -> list[tuple[str, str, str]]:
    return [(each.table, each.key, each.column) for each in misfits_of(mine)]


def test_a_ledger_that_was_booked_by_the_product_fits(mine: str) -> None:
    assert found(mine) == []
    assert dict(fact_counts(mine))["flow_valuation"] == 2


Damage = Callable[[str], tuple[str, str, str]]
DAMAGES: Mapping[str, Damage] = {
    "a number of the outbox is missing": lambda mine: (
        "outbox",
        change(outbox(mine, sequence=5), first_sequence=4),
        "first_sequence",
    ),
    "an entry names a version that is not there": lambda mine: (
        "outbox",
        change(outbox(mine, kind="transaction_added"), version=9),
        "version",
    ),
    "a version has a number beyond the outbox": lambda mine: (
        "transaction_version",
        change(version(mine, version=2), ledger_sequence=9999),
        "ledger_sequence",
    ),
    "a version is skipped": lambda mine: (
        "transaction_version",
        change(version(mine, version=2), version=3),
        "version",
    ),
    "a version is of another entry": lambda mine: (
        "transaction_version",
        change(version(mine), entry_sequence=1),
        "entry_sequence",
    ),
    "a deletion follows a deletion": lambda mine: (
        "transaction_version",
        (
            change(version(mine, version=2), is_deleted=True)
            and change(version(mine, transaction_id=version(mine, version=2).transaction_id), is_deleted=True)
        ),
        "is_deleted",
    ),
    "a value is of no transaction": lambda mine: (
        "flow_valuation",
        change(valuation(mine), transaction_id=elsewhere(mine)),
        "transaction_id",
    ),
    "a value is of another entry": lambda mine: (
        "flow_valuation",
        change(valuation(mine), ledger_sequence=1),
        "ledger_sequence",
    ),
    "a value is of another moment": lambda mine: (
        "flow_valuation",
        change(valuation(mine), at=version(mine).recorded_at),
        "at",
    ),
}


def valuation(mine: str) -> Any:
    return past_the_door(FlowValuation).filter(portfolio_id=mine).order_by("ledger_sequence").first()


def elsewhere(mine: str) -> object:
    return past_the_door(TransactionVersion).exclude(portfolio_id=mine).values_list("transaction_id", flat=True)[0]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_does_not_fit_is_named(mine: str, damage: Damage) -> None:
    expected = damage(mine)
    assert expected in found(mine)


def test_a_value_that_is_not_what_its_prices_come_to_is_named_unless_something_before_it_was_changed() -> None:
    mine = book(person("carol"))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=NOW),), clock=ClockPosition(run=1, at=NOW)))
    add(mine, deposit(mine, "20000.00", at=WEEK_AGO))
    add(mine, purchase(mine, quantity="10", price="530.00", at=WEEK_AGO))
    first = add(mine, deposit(mine, "1.00", at=NOW))
    add(mine, deposit(mine, "1.00", at=NOW))
    edit(mine, first, deposit(mine, "2.00", at=NOW))
    assert (
        found(mine.portfolio_id) == []
    )  # the second one was valued when the first was another, so nothing is said of it
    wrong = change(valuation(mine.portfolio_id), value=Decimal("1.23"))
    assert found(mine.portfolio_id) == [("flow_valuation", wrong, "value")]
    add(mine, deposit(mine, "1.00", at=WEEK_AGO))
    assert found(mine.portfolio_id) == []
