"""The page of definitions, line by line, and the mark that ties a test to the line that it shows."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/reference/definitions.md"
SECTIONS = (
    *("Numbers", "Time", "Transactions", "Cost basis and lots", "Gains"),
    *("Daily series", "Returns", "Risk", "Benchmark"),
)
"""The sections whose every line has a test of its own in this folder."""


def lines_of(page: str, section: str) -> list[str]:
    """The sentences and the table rows of a section, without the marks of a list and without the heads of tables."""
    _, _, rest = page.partition(f"\n## {section}\n")
    text = rest.partition("\n## ")[0].splitlines()
    heads = {number for number, line in enumerate(text, start=-1) if line.startswith("| --- ")}
    shown = (line for number, line in enumerate(text) if number not in heads and not line.startswith("| --- "))
    return [line.strip().removeprefix("- ") for line in shown if line.strip()]


def known_lines() -> list[str]:
    """Every line of the sections."""
    page = PAGE.read_text(encoding="utf-8")
    return [line for section in SECTIONS for line in lines_of(page, section)]


def defines[**P, R](*beginnings: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Says which lines of the page a test shows, each by its first words; it must be one line that begins so.

    Raises:
        ValueError: none does, or several do.
    """
    lines = known_lines()
    for beginning in beginnings:
        found = sum(line.startswith(beginning) for line in lines)
        if found != 1:
            raise ValueError(f"Expected one line of {PAGE.name} that begins with {beginning!r}, were {found}.")
    return lambda test: test


def claims_of(source: str) -> list[str]:
    """The lines that the tests in a file claim to show."""
    tests = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    marks = (
        mark
        for test in tests
        if test.name.startswith("test_")
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == defines.__name__
    )
    return [ast.literal_eval(claim) for mark in marks for claim in mark.args]
