"""`tickfolio verify` as an operator uses it."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.services.derived_story import damage, tell
from tickfolio.console.management.commands import verify as command
from tickfolio.console.names import portfolio_named
from tickfolio.services.verification import Verification

pytestmark = pytest.mark.django_db


def said(*words: str, code: int = 0, **options: Any) -> str:
    out = io.StringIO()
    if code:
        with pytest.raises(SystemExit) as end:
            call_command("verify", *words, stdout=out, **options)
        assert end.value.code == code
    else:
        call_command("verify", *words, stdout=out, **options)
    return out.getvalue()


def test_what_fits_is_counted_by_table() -> None:
    tell()
    lines = said().splitlines()
    assert lines[0].split() == ["table", "rows", "values", "mismatches"]
    counted = {line.split()[0]: line.split()[1:] for line in lines[1:-1]}
    assert list(counted) == [
        "daily_series",
        "daily_value",
        "flow_valuation",
        "import_batch",
        "ledger_transaction",
        "manual_price",
        "outbox",
        "portfolio",
        "transaction_version",
    ]
    assert (counted["daily_value"], counted["flow_valuation"]) == (["14", "112", "0"], ["2", "facts", "0"])
    assert lines[-1] == "2 portfolios: all that is derived is what facts say."


def test_each_value_that_is_wrong_has_a_line_and_the_exit_code_is_one() -> None:
    mine, other = tell()
    damage(mine)
    text = said(code=1)
    assert f"daily_series {mine}, zone: expected UTC, found Mars" in text
    assert f"daily_value 2012-05-14 of portfolio {mine}, growth: expected 1" in text
    assert "values are not what facts say." in text
    assert said(other).splitlines()[-1] == "1 portfolio: all that is derived is what facts say."


def test_of_very_many_the_first_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, _ = tell()
    damage(mine)
    monkeypatch.setattr(command, "MOST_SHOWN", 3)
    text = said(code=1)
    assert text.count(mine) == 3
    assert " more; --json lists all." in text


def test_programs_get_a_document() -> None:
    mine, _ = tell()
    damage(mine)
    found = json.loads(said("--json", code=1))
    assert found["portfolios"] == 2
    assert found["tables"]["portfolio"] == {"rows": 2, "values": 2}
    assert {"portfolio": mine, "table": "portfolio", "key": mine, "column": "head", "found": "999"}.items() <= next(
        each for each in found["mismatches"] if each["table"] == "portfolio"
    ).items()
    assert found["unsettled"] == []


def test_who_cannot_say_anything_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "verify", lambda **_: Verification(unsettled=["some id"]))
    assert "some id: somebody kept writing in it, so nothing can be said. Try again." in said(code=1)


def test_a_portfolio_that_is_not_there_is_refused() -> None:
    for named in ("00000000-0000-4000-8000-000000000000", "nope"):
        with pytest.raises(CommandError, match=f"the id or the name of a portfolio, was '{named}'. There is none yet."):
            said(named)


def test_a_portfolio_may_be_given_by_its_name() -> None:
    for each in tell():
        assert said(portfolio_named(each).name) == said(each)
