"""`tickfolio actions` as an operator uses it."""

from __future__ import annotations

import errno
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.live.market import AAPL, IBM
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.money import Currency
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.market_records import instruments_register
from tickfolio.statements.scenario.actions import read_actions

pytestmark = pytest.mark.django_db
DIVIDEND = {"symbol": "AAPL", "type": "cash_dividend", "ex_date": "2012-05-21", "amount": "0.26", "currency": "USD"}
RENAMED = {"symbol": "AAPL", "type": "symbol_change", "ex_date": "2012-05-22", "new_symbol": "IBM"}


@pytest.fixture(autouse=True)
def instruments() -> None:
    instruments_register(instruments=[Instrument(each, each, "XNAS", Currency("USD")) for each in (AAPL, IBM)])


def said(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("actions", *words, stdout=out, **options)
    return out.getvalue()


def file(folder: Path, *actions: dict[str, str]) -> Path:
    path = folder / "actions.json"
    path.write_text(json.dumps(actions), encoding="utf-8")
    return path


def test_what_a_file_states_is_recorded_corrected_and_withdrawn(tmp_path: Path) -> None:
    assert said() == "No corporate action is known.\n"
    assert said(file(tmp_path, DIVIDEND, RENAMED)) == "2 recorded, 0 known already.\n"
    assert said(file(tmp_path, {**DIVIDEND, "amount": "0.30"}, RENAMED)) == "1 recorded, 1 known already.\n"
    assert said() == (
        "2012-05-21 AAPL cash_dividend amount=0.3 currency=USD (operator, version 2: counts)\n"
        "2012-05-22 AAPL symbol_change new_symbol=IBM (operator, version 1: counts)\n"
    )
    told = said(file(tmp_path, RENAMED), withdraw=True).splitlines()
    assert "does not come back by itself" in told[0]
    assert told[1:] == [
        "1 withdrawn, 0 known already.",
        f"To have one back, record it again: tickfolio actions {tmp_path / 'actions.json'}",
    ]
    assert said(symbol="aapl").endswith("(operator, version 2: withdrawn, none counts)\n")
    assert said(symbol="IBM") == "No corporate action is known.\n"


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Expected a file that can be read"):
        said(tmp_path / "none.json")
    with pytest.raises(CommandError, match="Expected a file with what is to be withdrawn"):
        said(withdraw=True)
    with pytest.raises(CommandError, match="Expected instruments that a feed offers, was ACME"):
        said(file(tmp_path, {**DIVIDEND, "symbol": "ACME"}))
    with pytest.raises(CommandError, match="Expected a JSON list"):
        said(file(tmp_path, {"symbol": "AAPL"}))


def test_the_list_says_which_of_several_sources_counts(tmp_path: Path) -> None:
    [feeds] = read_actions(json.dumps([DIVIDEND]).encode())
    actions_record(actions=[feeds], source="replay", at=datetime(2012, 5, 1, tzinfo=UTC))
    said(file(tmp_path, {**DIVIDEND, "amount": "0.30"}))
    both = [line.split("(")[1] for line in said(symbol="AAPL").splitlines()]
    assert sorted(both) == ["operator, version 1: counts)", "replay, version 1: does not count, another goes before)"]
    said(file(tmp_path, DIVIDEND), withdraw=True)
    assert said().count("counts)") == 1
    assert "none counts" in said()
    said(file(tmp_path, DIVIDEND))
    assert "(operator, version 3: counts)" in said()


def test_an_action_without_a_currency_is_in_that_of_its_instrument(tmp_path: Path) -> None:
    said(file(tmp_path, {name: part for name, part in DIVIDEND.items() if name != "currency"}))
    assert "currency=USD" in said()
    with pytest.raises(CommandError, match="Expected the currency of a cash_dividend, was none"):
        said(file(tmp_path, {"symbol": "ACME", "type": "cash_dividend", "ex_date": "2012-05-21", "amount": "1"}))


class Unread(io.StringIO):
    """A pipe whose reader is gone."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def test_output_that_nobody_reads_is_not_taken_for_a_file_that_cannot_be_read() -> None:
    with pytest.raises(BrokenPipeError):
        call_command("actions", stdout=Unread())
