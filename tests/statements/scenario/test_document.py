"""The scenario format as it stands in a file."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from tests.statements.scenarios import asked, bought, scenario
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.scenario.document import GivenScenario, schema

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "scenario.schema.json"


def test_the_schema_in_the_documents_is_that_of_the_code() -> None:
    assert SCHEMA.read_bytes() == schema()


def test_the_format_has_every_type_of_transaction() -> None:
    tags = {
        definition["properties"]["type"]["enum"][0]
        for name, definition in json.loads(schema())["$defs"].items()
        if name != "GivenAction"
        and "type" in definition.get("properties", {})
        and "enum" in definition["properties"]["type"]
    }
    assert tags == {kind.value for kind in TransactionType}


@pytest.mark.parametrize(
    "content",
    [
        scenario(bought(colour="red")),
        scenario(bought(type="gift")),
        scenario(bought(quantity="1e3")),
        scenario(bought(quantity=10)),
        scenario(questions=[asked("luck", "1")]),
        scenario(accounts=[]),
        scenario(format="tickfolio-scenario/2"),
    ],
    ids=["another field", "another type", "an exponent", "a number", "another figure", "no account", "another format"],
)
def test_what_the_format_does_not_have_is_refused(content: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(content, type=GivenScenario)
