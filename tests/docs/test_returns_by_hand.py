"""The page Returns by hand shows what the engine says of its portfolios."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import ROOT
from tickfolio.services.scenario_answers import answers_to
from tickfolio.statements.scenario.reading import read_scenario

FOLDER = ROOT / "docs/explanation/returns-by-hand"
PAGE = FOLDER.with_suffix(".md").read_text(encoding="utf-8")
FILES = sorted(FOLDER.glob("*.json"))
PRESENT_VALUE = re.compile(r"^\| (?P<day>\d{4}-\d\d-\d\d) \| (?P<flow>-?\d+) \| (?P<value>-?[\d.]+) \|$", re.MULTILINE)


def questions(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["questions"]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_page_links_to_each_portfolio_and_shows_all_its_figures(path: Path) -> None:
    assert f"({FOLDER.name}/{path.name})" in PAGE
    assert [each["id"] for each in questions(path) if f"\n| {each['id']} | {each['as_printed']} |" not in PAGE] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_says_so_too(path: Path) -> None:
    missed = [
        (each.question.id, each.value) for each in answers_to(read_scenario(path.read_bytes())) if not each.is_right
    ]
    assert missed == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_printed_is_what_is_expected(path: Path) -> None:
    for each in questions(path):
        number = re.sub(r"[^\d.-]", "", each["as_printed"].removesuffix(" a year"))
        scale = 100 if "%" in each["as_printed"] else 1
        assert float(number) / scale == pytest.approx(float(each["expected"]), abs=1e-9), each["id"]


def test_the_present_values_sum_to_zero() -> None:
    rows = [(row["day"], int(row["flow"]), float(row["value"])) for row in PRESENT_VALUE.finditer(PAGE)]
    assert len(rows) == 3
    for years, (_, flow, value) in enumerate(rows):
        assert round(flow / 1.1**years, 2) == value
    assert sum(value for *_, value in rows) == pytest.approx(0, abs=1e-9)


def test_each_row_of_figures_is_of_a_portfolio() -> None:
    known = {each["id"] for path in FILES for each in questions(path)}
    rows = re.findall(r"^\| ([^|\d][^|]*|\d+ January[^|]*) \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE)
    assert {row for row in rows if row not in ("day", "---")} - known == set()
