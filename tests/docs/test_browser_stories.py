"""The page that says which browser test is of which story names tests that are there, and none escapes what holds of all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "browser-stories.md"
NAMED = re.compile(r"`(test_\w+\.py)(?:::(test_\w+))?`")
TESTS = sorted((ROOT / "tests" / "e2e").glob("test_*.py"))
STORIES = 13


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_test_that_is_named_is_there() -> None:
    there = {(path.name, function.name) for path in TESTS for function in functions(path)}
    files = {path.name for path in TESTS}
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 60
    assert [(file, test) for file, test in named if file not in files or (test and (file, test) not in there)] == []


def test_every_story_has_a_test_at_each_width_by_keys_and_by_axe() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ") and not line.startswith("| -")]
    assert len(rows) == STORIES + 1
    assert [row[0] for row in rows if len(row) != len(rows[0]) or not all(row)] == []


def test_every_browser_is_one_whose_complaints_are_heard() -> None:
    """A test that took the shared Chromium itself would open pages that nobody listens to."""
    takes = [
        f"{path.name}::{function.name}"
        for path in TESTS
        for function in functions(path)
        if {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)} & {"browser", "chromium"}
    ]
    assert takes == []
