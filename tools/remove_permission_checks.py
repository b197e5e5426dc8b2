"""Takes each permission check out of a copy of the source, one at a time, and runs the matrix against it.

What tests/security/test_removed_checks.py does in memory at each run of the tests is done here to the text itself: a check is
deleted or answered with yes, and tests/security must fail. It takes about half a minute a check::

    .venv/bin/python tools/remove_permission_checks.py [WORD …]

With words, only the checks whose names hold one of them. The status is 1 where a removed check was not noticed.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PACKAGE = SOURCE / "tickfolio"
MATRIX = ("tests/security", "--ignore=tests/security/test_removed_checks.py")
WEAKER = {"OWNER": "EDITOR", "EDITOR": "VIEWER"}
ALLOWED = (
    '__import__("tickfolio.services.permissions", fromlist=["Access"]).Access('
    'portfolio_id={portfolio}, role=__import__("tickfolio.persistence.tenancy", fromlist=["Role"]).Role.OWNER)'
)
GUARDS = ("signed_in", "quotes_for_visitors")


@dataclass(frozen=True, slots=True)
class Removal:
    """One check: from where to where its text goes in a file, and what comes in its place."""

    name: str
    file: Path
    start: int
    end: int
    instead: str
    tests: tuple[str, ...] = MATRIX

    def applied(self, text: str) -> str:
        """The file without the check."""
        return text[: self.start] + self.instead + text[self.end :]


def removals() -> list[Removal]:
    """Every check of the source."""
    found = [removal for file in sorted(PACKAGE.rglob("*.py")) for removal in _in_file(file)]
    return [*found, *_in_sessions(), _at_handshake()]


def _in_file(file: Path) -> Iterator[Removal]:
    text = file.read_text(encoding="utf-8")
    if file.match("services/permissions.py"):
        yield from _in_table(file, text)
        return
    lines = _offsets(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _of_call(node, file, text, lines)
        if isinstance(node, ast.FunctionDef):
            yield from _of_decorators(node, file, text, lines)


def _in_table(file: Path, text: str) -> Iterator[Removal]:
    """The entries of the table of roles, each for the next weaker role."""
    for match in re.finditer(r"Operation\.(?P<operation>\w+): Role\.(?P<role>OWNER|EDITOR)", text):
        weaker = WEAKER[match["role"]]
        name = f"MINIMUM_ROLE[{match['operation']}]: {weaker} instead of {match['role']}"
        yield Removal(name, file, match.start("role"), match.end("role"), weaker)


def _of_call(call: ast.Call, file: Path, text: str, lines: list[int]) -> Iterator[Removal]:
    called = getattr(call.func, "id", getattr(call.func, "attr", ""))
    start, end = _span(call, text, lines)
    where = f"{file.relative_to(PACKAGE)}:{call.lineno}"
    if called == "require":
        portfolio = next(ast.unparse(each.value) for each in call.keywords if each.arg == "portfolio_id")
        yield Removal(f"{where} {called}", file, start, end, ALLOWED.format(portfolio=portfolio))
    elif called == "may_watch" or (
        called == "offers_demo" and file.match("views/people.py") and _is_condition(text, start)
    ):
        yield Removal(f"{where} {called}", file, start, end, "True")
    elif called in GUARDS and call.args:
        inner = text[slice(*_span(call.args[0], text, lines))]
        yield Removal(f"{where} {called}({inner})", file, start, end, inner)


def _is_condition(text: str, start: int) -> bool:
    """Whether the call decides who becomes the demo's owner; elsewhere it decides what a page offers."""
    return text[:start].rstrip().endswith("if")


def _of_decorators(function: ast.FunctionDef, file: Path, text: str, lines: list[int]) -> Iterator[Removal]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Name) and decorator.id in GUARDS:
            start, end = _span(decorator, text, lines)
            where = f"{file.relative_to(PACKAGE)}:{decorator.lineno}"
            # A decorator that does nothing, so that no line moves.
            yield Removal(f"{where} @{decorator.id} of {function.name}", file, start, end, "(lambda view: view)")


def _in_sessions() -> Iterator[Removal]:
    """What makes a session good: its user is active and it is theirs, it began with the password of now, it is not over."""
    file, tests = PACKAGE / "services" / "sessions.py", ("tests/services/test_sessions.py",)
    text = file.read_text(encoding="utf-8")
    for name, pattern, instead in (
        ("its user is active", r"not user\.is_active or ", ""),
        ("it is its user’s", r" or _user_id\(kept\) != user\.pk", ""),
        ("it fits the password and the version", r"any\(constant_time_compare\([^\n]*", "True"),
        ("it is not over", r", expire_date__gt=timezone\.now\(\)", ""),
    ):
        for match in re.finditer(pattern, text):
            where = f"services/sessions.py:{text.count(chr(10), 0, match.start()) + 1}"
            yield Removal(f"{where} {name}", file, match.start(), match.end(), instead, tests)


def _at_handshake() -> Removal:
    """Who may open a socket where quotes are for signed-in people."""
    file = PACKAGE / "gateway" / "consumer.py"
    match = re.search(r"viewer is None and not settings\.TICKFOLIO_ANONYMOUS_QUOTES", file.read_text(encoding="utf-8"))
    assert match is not None
    return Removal("gateway/consumer.py handshake", file, *match.span(), "False", ("tests/gateway/test_consumer.py",))


def _offsets(text: str) -> list[int]:
    """Where each line begins."""
    offsets = [0]
    for line in text.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def _span(node: ast.expr, text: str, lines: list[int]) -> tuple[int, int]:
    """From where to where a piece of syntax goes; the parser counts columns in bytes."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    first, last = (text[lines[number - 1] : lines[number]].encode() for number in (node.lineno, node.end_lineno))
    start = lines[node.lineno - 1] + len(first[: node.col_offset].decode())
    return start, lines[node.end_lineno - 1] + len(last[: node.end_col_offset].decode())


def is_noticed(removal: Removal | None, folder: Path, tests: tuple[str, ...]) -> bool:
    """Whether the tests fail on the copy of the source in `folder`, without a check where one is named."""
    if removal is None:
        return _fails(folder, tests)
    copy = folder / removal.file.relative_to(SOURCE)
    text = copy.read_text(encoding="utf-8")
    copy.write_text(removal.applied(text), encoding="utf-8")
    try:
        return _fails(folder, tests)
    finally:
        copy.write_text(text, encoding="utf-8")


def _fails(folder: Path, tests: tuple[str, ...]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"pytest ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 1


def main(words: list[str]) -> int:
    """Removes what was asked for, prints what came of each, and gives the exit status."""
    wanted = [each for each in removals() if not words or any(word in each.name for word in words)]
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="tickfolio-checks-") as scratch:
        folder = Path(scratch) / "src"
        shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__", "build"))
        for tests in sorted({each.tests for each in wanted}):
            if is_noticed(None, folder, tests):
                sys.exit(f"Expected {tests[0]} to pass on the source as it is, but it fails.")
        for removal in wanted:
            started = time.monotonic()
            noticed = is_noticed(removal, folder, removal.tests)
            unnoticed += not noticed
            print(
                f"{'noticed' if noticed else 'NOT NOTICED':<11} {time.monotonic() - started:5.0f} s  {removal.name}",
                flush=True,
            )
    print(f"{len(wanted) - unnoticed} of {len(wanted)} removed checks are noticed")
    return 1 if unnoticed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
