"""Every column of every table of ours is classified, and the page says the same."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps

from tickfolio.persistence.inventory import INVENTORY, Kind, columns_of_kind, tables_with
from tickfolio.persistence.tenancy import FactModel

PAGE = Path(__file__).parents[2] / "docs/reference/stored-data.md"
OURS = [model for label in ("persistence", "identity") for model in apps.get_app_config(label).get_models()]


def test_every_column_of_every_table_is_classified_and_no_other() -> None:
    there = {model._meta.db_table: {field.attname for field in model._meta.concrete_fields} for model in OURS}
    assert {table: set(columns) for table, columns in INVENTORY.items()} == there


def test_a_table_of_facts_has_nothing_else_in_it() -> None:
    facts = {model._meta.db_table for model in OURS if issubclass(model, FactModel)}
    assert facts == {"transaction_version", "outbox", "flow_valuation", "kept_explanation", "manual_price"}
    for table in facts:
        assert set(INVENTORY[table].values()) == {Kind.KEY, Kind.FACT}


def test_columns_and_tables_are_found_by_kind() -> None:
    assert columns_of_kind("portfolio", Kind.DERIVED) == ("head",)
    assert tables_with(Kind.DERIVED) == (
        "portfolio",
        "ledger_transaction",
        "daily_series",
        "daily_value",
        "import_batch",
    )


def test_the_page_has_every_table_and_every_column_as_it_is_classified() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    shown: dict[str, dict[str, str]] = {}
    for table, kind, columns in rows:
        shown.setdefault(table, {}).update(dict.fromkeys(re.findall(r"`(\w+)`", columns), kind))
    assert shown == {table: dict(columns) for table, columns in INVENTORY.items()}
