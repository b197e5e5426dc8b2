"""`tickfolio evaluate`, without a database."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.statements.scenarios import asked, bought, scenario
from tickfolio.console.evaluate import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    right = [asked("cost_basis", "1000"), asked("cash_balance", "-1000")]
    (tmp_path / "right.json").write_bytes(scenario(bought(), questions=right))
    (tmp_path / "wrong.json").write_bytes(scenario(bought(), questions=[asked("cost_basis", "999")]))
    return tmp_path


def run(*words: str | Path) -> tuple[int, str]:
    out = io.StringIO()
    return main([str(word) for word in words], out=out), out.getvalue()


def test_right_answers_are_counted(folder: Path) -> None:
    code, told = run(folder / "right.json")
    assert (code, told.splitlines()[-1]) == (0, "1 scenario, 2 questions: 2 right, 0 missed")


def test_a_miss_is_listed_and_fails(folder: Path) -> None:
    code, told = run(folder)
    assert code == 1
    lines = told.splitlines()
    assert lines[1].split() == ["wrong", "cost_basis", "cost_basis", "999", "0", "1000", "missed"]
    assert lines[-1] == "2 scenarios, 3 questions: 2 right, 1 missed"


def test_every_answer_can_be_listed(folder: Path) -> None:
    _, told = run(folder / "right.json", "--all")
    assert [line.split()[-1] for line in told.splitlines()[1:3]] == ["right", "right"]


def test_answers_are_given_as_json_with_all_their_digits(folder: Path) -> None:
    code, told = run(folder, "--answers")
    right, wrong = json.loads(told)
    assert code == 1
    assert right["answers"][0] == {
        "id": "cost_basis",
        "figure": "cost_basis",
        "answer": "1000",
        "reason": "",
        "expected": "1000",
        "tolerance": "0",
        "right": True,
    }
    assert [each["answer"] for each in wrong["answers"]] == ["1000"]


@pytest.mark.parametrize(
    "content",
    [b"{}", scenario({**bought(), "type": "sell"}, questions=[asked("value", "1")])],
    ids=["no scenario", "an oversold one"],
)
def test_a_file_that_cannot_be_answered_says_why(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    code, told = run(tmp_path / "bad.json")
    assert code == 2
    assert told.startswith("bad.json: Expected ")


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    code, told = run(tmp_path / "none.json")
    assert code == 2
    assert "Expected a file that can be read, found: No such file or directory." in told


def test_the_command_needs_no_data_directory(folder: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "tickfolio", "evaluate", str(folder / "right.json")],
        env={"HOME": str(nowhere), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not nowhere.exists()


def test_the_format_is_printed_as_a_schema() -> None:
    code, told = run("--schema")
    assert code == 0
    assert "GivenScenario" in told
