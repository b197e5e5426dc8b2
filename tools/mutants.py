"""Changes the domain one expression at a time, and asks whether a test notices: `./dev test --mutants [MODULE …]`.

mutmut makes the changes and runs tests/domain against each, in mutants/. A change that no test notices must stand on the
page of mutants with the reason why none can. With modules, such as `ledger.lots`, only those; a whole run takes hours.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/explanation/mutation-testing.md"
DOMAIN = "tickfolio.domain."
SURVIVED = {"survived", "no tests", "suspicious"}
KINDNESS = 10
_RESULT = re.compile(r"^\s*(\S+): (.+)$", re.MULTILINE)
_DIFF = re.compile(r"^```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Mutant(NamedTuple):
    """A changed line: what stood there, and what stands there instead, if anything, each without the space around it."""

    removed: str
    added: str


def main(modules: list[str]) -> int:
    """Runs the mutants of `modules`, or all; returns 1 where one survived whose reason is not on the page."""
    os.nice(KINDNESS)
    patterns = [f"{DOMAIN}{module}.*" for module in modules]
    started = _mutmut("run", "--max-children", "1", *patterns, shows=True)
    if started.returncode:
        return started.returncode
    results = results_of(_mutmut("results", "--all", "true").stdout, modules)
    known = justified(PAGE.read_text(encoding="utf-8"))
    alive = [name for name, result in results.items() if result in SURVIVED]
    changes = {name: mutants_in(_mutmut("show", name).stdout) for name in alive}
    unknown = [name for name in alive if not set(changes[name]) <= known]
    for name in unknown:
        print(f"\n{name}")
        for change in changes[name]:
            print(f"- {change.removed}\n+ {change.added}")
    killed = sum(result in {"killed", "timeout"} for result in results.values())
    print(f"\nmutants: {len(results)}, {killed} killed, {len(alive)} survived, {len(unknown)} of them without a reason")
    return 1 if unknown or not results else 0


def results_of(printed: str, modules: Iterable[str]) -> dict[str, str]:
    """What became of each mutant of `modules`, or of every one, that was run."""
    beginnings = tuple(f"{DOMAIN}{module}." for module in modules) or (DOMAIN,)
    return {
        name: result
        for name, result in _RESULT.findall(printed)
        if name.startswith(beginnings) and result != "not checked"
    }


def justified(page: str) -> frozenset[Mutant]:
    """The changes that stand on the page."""
    return frozenset(mutant for block in _DIFF.findall(page) for mutant in mutants_in(block))


def mutants_in(diff: str) -> list[Mutant]:
    """The changed places of a diff: lines that went, together with those that came in their place."""
    return list(_mutants(diff.splitlines()))


def _mutants(lines: list[str]) -> Iterator[Mutant]:
    removed: list[str] = []
    added: list[str] = []
    for line in [*lines, ""]:
        mark, text = line[:1], line[1:].strip()
        if line.startswith(("---", "+++")):
            continue
        if removed and mark != "+" and (added or mark != "-"):
            yield Mutant(" ".join(removed), " ".join(added))
            removed, added = [], []
        if mark == "-":
            removed.append(text)
        elif mark == "+":
            added.append(text)


def _mutmut(*arguments: str, shows: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mutmut", *arguments]
    pipe = None if shows else subprocess.PIPE
    return subprocess.run(command, cwd=ROOT, stdout=pipe, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
