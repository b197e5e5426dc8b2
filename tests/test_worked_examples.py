"""What others print is what the engine says."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from tickfolio.domain.ledger.options import CostMethod
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.scenario_answers import answers_to
from tickfolio.statements.scenario.questions import ReturnFigure
from tickfolio.statements.scenario.reading import read_scenario

FOLDER = Path(__file__).with_name("worked_examples")
FILES = sorted(FOLDER.glob("*.json"))


def documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in FILES:
        yield path, json.loads(path.read_bytes())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_engine_says_what_the_source_prints(path: Path) -> None:
    missed = [
        f"{answer.question.id}: expected {answer.question.expected}, was {answer.value} {answer.reason}"
        for answer in answers_to(read_scenario(path.read_bytes()))
        if not answer.is_right
    ]
    assert missed == []


def test_every_expected_figure_has_a_source_and_stands_there_in_print() -> None:
    for path, document in documents():
        for question in document["questions"]:
            assert question["source"], path
            assert question["as_printed"], path
        for source in document["sources"]:
            assert source["publisher"], path
            assert source["title"], path
            assert source.get("section") or source.get("url"), path


def test_every_type_has_three_scenarios_and_every_method_four() -> None:
    types, methods = defaultdict(set), defaultdict(set)
    for path, document in documents():
        for transaction in document["transactions"]:
            types[transaction["type"]].add(path)
        for account in document["accounts"]:
            methods[account.get("method", "fifo")].add(path)
    fewer = {kind.value: len(types[kind]) for kind in TransactionType if len(types[kind]) < 3}
    assert fewer == {}
    assert {method.value: len(methods[method]) for method in CostMethod if len(methods[method]) < 4} == {}


def test_there_are_sixty_figures_of_a_dozen_publishers() -> None:
    publishers = {source["publisher"] for _, document in documents() for source in document["sources"]}
    figures = sum(len(document["questions"]) for _, document in documents())
    assert len(publishers) >= 12
    assert figures >= 60


def test_every_figure_of_returns_risk_and_benchmarks_is_printed_by_somebody() -> None:
    asked = [question["figure"] for _, document in documents() for question in document["questions"]]
    returns = get_args(ReturnFigure.__value__)
    assert [figure for figure in returns if figure not in asked] == []
    assert sum(figure in returns for figure in asked) >= 100
