"""`tickfolio actions` as an operator uses it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.live.market import AAPL, IBM
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.money import Currency
from tickfolio.services.market_records import instruments_register

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
        "2012-05-21 AAPL cash_dividend amount=0.3 currency=USD (operator, version 2)\n"
        "2012-05-22 AAPL symbol_change new_symbol=IBM (operator, version 1)\n"
    )
    assert said(file(tmp_path, RENAMED), withdraw=True) == "1 withdrawn, 0 known already.\n"
    assert said(symbol="aapl").endswith("(operator, version 2 withdrawn)\n")
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
