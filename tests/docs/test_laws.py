"""The page of laws names every test that looks for a ledger which breaks one, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/laws.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(test_\w+)`")


def laws_in(source: str) -> set[str]:
    """The tests of a file whose examples Hypothesis draws."""
    tests = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    return {test.name for test in tests if any(is_given(mark) for mark in test.decorator_list)}


def is_given(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "given"


def test_every_law_of_the_domain_stands_on_the_page_and_every_one_on_the_page_is_tested() -> None:
    files = sorted((ROOT / "tests/domain").rglob("test_*.py"))
    laws = {law for file in files for law in laws_in(file.read_text(encoding="utf-8"))}
    assert laws == set(NAMED.findall(PAGE))


def test_a_law_is_a_test_with_drawn_examples() -> None:
    assert laws_in("@given(x)\ndef test_one(x): ...\n\ndef test_two(): ...\n") == {"test_one"}
