"""Every test, and what they came to: `./dev test [--long] [PYTEST ARGUMENTS]`, or `./dev test --mutants [MODULE …]`.

The whole run is five: the frontend's tests, those of the domain, which must reach every line and every branch of it, the
other Python tests on SQLite without and with a browser, and those that use the database once more on PostgreSQL. Each
leaves its results in test-output/; the last line sums them up. A few failures of whole products are tried once more alone,
and told in any case.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.chromium import NoChromium, provide_chromium
from tests.servers.postgres import any_postgres, new_database
from tools import mutants

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "test-output"
KINDS = ("browser", "postgresql", "valkey")
"""The kinds of test that need a real server or browser. A whole run without one of them proves nothing about it."""
TRIED_AGAIN = ("tests/e2e/", "tests/faults/")
"""Tests of whole products in their real surroundings, which neighbours on a busy machine can keep waiting for too long."""
MOST_TRIED_AGAIN = 3
"""More failures than these are no accident."""
TOLD_LINES = 12
"""So many lines of what a failed test said stand once more at the end, where they are looked for first."""
MOST_WORKERS = 4
BYTECODE = ROOT / ".tools" / "bytecode"
"""Where compiled modules are kept while Python is told to write none beside the sources."""
DOMAIN = "tests/domain"
"""The tests that must reach all of the domain by themselves; what is measured is in pyproject.toml."""
PAGES = "tests/e2e"
"""Where the browser is: the fixture that gives it to a test is in this folder's conftest.py."""
WITHOUT_DATABASE = [f"--ignore=tests/{name}" for name in ("domain", "e2e", "feeds", "live", "statements")]
"""Folders of layers that know no Django (ARCHITECTURE.md), and that of whole products: no test there asks a test database.

To import them takes each worker longer than many a test.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One test runner's run."""

    name: str
    command: list[str]
    folder: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def results(self) -> Path:
        """Where the runner writes its results."""
        return RESULTS / f"{self.name}.xml"


@dataclass(slots=True)
class Count:
    """How many tests passed, failed and were skipped, how many of each kind passed, and how those that failed ended.

    Attributes:
        at_first: how those ended at first that passed when they were tried again.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    passed_by_kind: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list[str], compare=False)
    at_first: list[str] = field(default_factory=list[str], compare=False)

    def add(self, other: "Count") -> None:
        """Adds another run's figures to these."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.passed_by_kind += other.passed_by_kind
        self.failures += other.failures
        self.at_first += other.at_first

    def line(self) -> str:
        """The plain closing line."""
        return f"tests: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Runs what was asked for and says what it came to. Returns the exit status."""
    if "--mutants" in arguments:
        return mutants.main([argument for argument in arguments if argument != "--mutants"])
    keep_bytecode()
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    is_long = "--long" in arguments
    selection = [argument for argument in arguments if argument != "--long"]
    try:
        os.environ["CHROMIUM"] = str(provide_chromium())
    except NoChromium as problem:
        print(problem, file=sys.stderr)
        return 1
    total = Count()
    for run in selected_run(selection, is_long=is_long) if selection else whole_run(is_long=is_long):
        count = outcome(run)
        total.add(count if selection else tried_again(run, count, is_long=is_long))
    missing = [] if selection else [kind for kind in KINDS if not total.passed_by_kind[kind]]
    print(summary(total, missing))
    return 1 if total.failed or total.skipped or missing or not total.passed else 0


def keep_bytecode() -> None:
    """Tests start hundreds of processes: without compiled modules, each compiles a thousand of them for itself."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(BYTECODE))


def selected_run(selection: list[str], *, is_long: bool) -> Iterator[Run]:
    """Pytest alone, with the given arguments."""
    yield Run("selection", pytest_command("selection", *selection, is_long=is_long))


def whole_run(*, is_long: bool) -> Iterator[Run]:
    """Everything, the quickest first. One PostgreSQL serves all of it."""
    report = RESULTS / "frontend.xml"
    reporters = ["--reporter=default", "--reporter=junit", f"--outputFile.junit={report}"]
    yield Run("frontend", ["npm", "test", "--", *reporters], folder=ROOT / "frontend")
    cores = min(os.cpu_count() or 1, MOST_WORKERS)
    workers = ["-n", str(cores)]
    yield Run("domain", pytest_command("domain", *workers, DOMAIN, "--cov", is_long=is_long))
    with any_postgres() as server, new_database(server) as database:
        shared = {"TEST_DATABASE_URL": server}
        others = [f"--ignore={DOMAIN}", "-m", "not browser"]
        # Many of these wait for a process to start or for a server to come back; two workers more use that time. Who has
        # done with a share of them takes of another's: the longest, which tests/conftest.py puts first, are never the last.
        two_more = ["-n", str(cores + 2), "--dist", "worksteal"]
        yield Run("python", pytest_command("python", *two_more, *others, is_long=is_long), environment=shared)
        # A file to a worker: its tests share a server. Most of them wait for the market more than they compute.
        # They come in the order that tests/e2e/conftest.py gave them, the longest first, and not by their number.
        one_more = ["-n", str(cores + 1)]
        by_file = ["--dist", "loadfile", "--no-loadscope-reorder"]
        pages = pytest_command("browser", *one_more, *by_file, "-m", "browser", PAGES, is_long=is_long)
        yield Run("browser", pages, environment=shared)
        # What pages ask of the database is in services and selectors, and tests/security asks every address once. That a
        # check which is taken out is noticed is seen before, and says nothing of a database; nor does what pages hear of each
        # write, nor do explanations of every figure, which are worked out of what a few queries read that other tests ask there.
        unasked = [
            "--ignore=tests/web",
            "--ignore=tests/security/test_removed_checks.py",
            "--ignore=tests/security/test_writes_reach_pages.py",
            "--ignore=tests/services/test_explained_figures.py",
            *WITHOUT_DATABASE,
        ]
        asked = ["-m", "database", "tests", *unasked]
        by_share = [*one_more, "--dist", "worksteal"]
        on_postgresql = pytest_command("postgresql", *by_share, *asked, is_long=is_long)
        yield Run("postgresql", on_postgresql, environment={**shared, "DATABASE_URL": database})


def pytest_command(name: str, *arguments: str, is_long: bool) -> list[str]:
    """A pytest run that writes its results under that name."""
    results = ["-o", "junit_family=xunit1", f"--junit-xml={RESULTS / name}.xml"]
    return [sys.executable, "-m", "pytest", *results, *(["--long"] if is_long else []), *arguments]


def outcome(run: Run) -> Count:
    """Runs one test runner and counts its results. A runner that breaks down counts as a failed test."""
    print(f"\n── {run.name} ──", flush=True)
    started = time.monotonic()
    status = subprocess.run(run.command, cwd=run.folder, env={**os.environ, **run.environment}, check=False).returncode
    count = counted(run.results)
    if status and not count.failed:
        count.failed += 1
        count.failures.append(f"{run.name}: ended with status {status}")
    print(f"{run.name}: {count.passed} passed in {time.monotonic() - started:.0f} s", flush=True)
    return count


def tried_again(run: Run, first: Count, *, is_long: bool) -> Count:
    """The first count, or where all that failed were few tests of whole products and pass by themselves, one without failures.

    What failed at first is told at the end all the same: a test, or what it tests, is to be mended.
    """
    tests = [failure.splitlines()[0] for failure in first.failures]
    if not 0 < len(tests) <= MOST_TRIED_AGAIN or not all(test.startswith(TRIED_AGAIN) for test in tests):
        return first
    name = f"{run.name}-again"
    again = outcome(Run(name, pytest_command(name, *tests, is_long=is_long), run.folder, run.environment))
    if again.failed or again.passed != len(tests):
        return first
    kinds_passed = first.passed_by_kind + again.passed_by_kind
    return Count(first.passed + again.passed, 0, first.skipped, kinds_passed, at_first=first.failures)


def counted(results: Path) -> Count:
    """What a JUnit file says. A test with several results, such as a failure and a teardown error, counts once."""
    count = Count()
    with contextlib.suppress(FileNotFoundError, ElementTree.ParseError):
        for case in ElementTree.parse(results).iter("testcase"):
            found = [each for kind in ("failure", "error") for each in case.iter(kind)]
            if found:
                count.failed += 1
                count.failures.append(told(case, found[0]))
            elif case.find("skipped") is not None:
                count.skipped += 1
            else:
                count.passed += 1
                count.passed_by_kind.update(kinds(case))
    return count


def told(case: "ElementTree.Element[str]", failure: "ElementTree.Element[str]") -> str:
    """How a test ended: its name and the last lines of what the runner said of it."""
    lines = (failure.text or failure.get("message") or "").strip().splitlines()
    return "\n    ".join([f"{case.get('file') or case.get('classname')}::{case.get('name')}", *lines[-TOLD_LINES:]])


def kinds(case: "ElementTree.Element[str]") -> set[str]:
    """The kinds that tests/conftest.py noted for a test."""
    return {each.get("value", "") for each in case.iter("property") if each.get("name") == "kind"}


def summary(total: Count, missing: list[str]) -> str:
    """How tests failed, the passed tests of each kind, what is missing, and the closing line."""
    failures = ["── failed ──", *total.failures, ""] if total.failures else []
    failures += ["── failed at first, passed when tried again alone ──", *total.at_first, ""] if total.at_first else []
    lines = [f"{kind:<10} {total.passed_by_kind[kind]:>6} passed" for kind in KINDS]
    lines += [f"No {kind} test passed: a whole run needs at least one." for kind in missing]
    return "\n".join(["", *failures, *lines, total.line()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
