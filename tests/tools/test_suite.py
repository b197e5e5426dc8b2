"""The summary of a test run: counts by kind, and nothing that passes for good without having run."""

import os
import sys
import tomllib
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from tools import suite
from tools.suite import BYTECODE, ROOT, Count, Run, counted, keep_bytecode, outcome, summary, tried_again, whole_run

RESULTS = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><properties><property name="kind" value="valkey"/></properties></testcase>
<testcase name="c"><failure/></testcase>
<testcase name="d"><failure/></testcase><testcase name="e"><error/></testcase>
<testcase name="f"><skipped type="pytest.skip"/></testcase>
<testcase name="g"><skipped type="pytest.xfail"/></testcase>
<testcase name="h"><properties><property name="kind" value="browser"/></properties><failure/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of results of its own."""
    monkeypatch.setattr(suite, "RESULTS", tmp_path)
    return tmp_path


def test_results_are_counted_and_passed_tests_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "results.xml"
    path.write_text(RESULTS)
    assert counted(path) == Count(passed=2, failed=4, skipped=2, passed_by_kind=Counter(valkey=1))


def test_a_test_that_fails_and_then_breaks_in_its_teardown_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "results.xml"
    path.write_text('<testsuite><testcase name="a"><failure/><error/></testcase></testsuite>')
    assert counted(path) == Count(failed=1)


@pytest.mark.parametrize("content", [None, "", "<testsuite><testcase"])
def test_missing_or_broken_results_hold_no_test(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "results.xml"
    if content is not None:
        path.write_text(content)
    assert counted(path) == Count()


def test_compiled_modules_are_kept_elsewhere_where_none_may_be_beside_the_sources(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    keep_bytecode()
    assert "PYTHONPYCACHEPREFIX" not in os.environ
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    keep_bytecode()
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert os.environ["PYTHONPYCACHEPREFIX"] == str(BYTECODE)


def test_a_runner_that_breaks_down_counts_as_a_failed_test(results: Path) -> None:
    run = Run("python", [sys.executable, "-c", "raise SystemExit(3)"])
    assert outcome(run) == Count(failed=1)


def test_a_runner_s_failed_tests_are_not_counted_twice(results: Path) -> None:
    (results / "python.xml").write_text('<testsuite><testcase name="a"><failure/></testcase></testsuite>')
    assert outcome(Run("python", [sys.executable, "-c", "raise SystemExit(1)"])) == Count(failed=1)


def test_the_summary_ends_with_the_plain_line_and_names_what_is_missing() -> None:
    total = Count(passed=12, failed=1, skipped=2, passed_by_kind=Counter(browser=3, postgresql=4))
    assert summary(total, ["valkey"]).splitlines() == [
        "",
        "browser         3 passed",
        "postgresql      4 passed",
        "valkey          0 passed",
        "No valkey test passed: a whole run needs at least one.",
        "tests: 12 passed, 1 failed, 2 skipped",
    ]


def test_how_a_test_failed_stands_once_more_at_the_end(results: Path) -> None:
    said = "\n".join([*(f"frame {number}" for number in range(30)), "AssertionError: 3 of 4"])
    case = f'<testcase file="tests/test_a.py" name="test_b"><failure>{said}</failure><error>and more</error></testcase>'
    (results / "python.xml").write_text(f"<testsuite>{case}</testsuite>")
    lines = summary(outcome(Run("python", [sys.executable, "-c", "raise SystemExit(1)"])), []).splitlines()
    assert lines[:4] == ["", "── failed ──", "tests/test_a.py::test_b", "    frame 19"]
    assert lines[14:16] == ["    AssertionError: 3 of 4", ""]
    assert lines[-1] == "tests: 0 passed, 1 failed, 0 skipped"


# ---------- Tried again ----------

FAILS_AT_FIRST = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range(3))
def test_it(number):
    seen = Path(__file__).with_name(f"seen-{number}")
    was_here = seen.exists()
    seen.touch()
    assert was_here
"""


def first_and_again(folder: Path, module: str, content: str) -> tuple[Count, Count]:
    """What a run of one module comes to, before and after it was tried again."""
    path = folder / module
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\njunit_family='xunit1'\n")
    command = [sys.executable, "-m", "pytest", f"--junit-xml={folder / 'browser.xml'}", module]
    run = Run("browser", command, folder=folder, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    first = outcome(run)
    return first, tried_again(run, first, is_long=False)


def test_a_few_failures_of_whole_products_are_tried_again_and_told(results: Path) -> None:
    first, again = first_and_again(results, "tests/e2e/test_a.py", FAILS_AT_FIRST)
    assert (first, again) == (Count(failed=3), Count(passed=3))
    lines = summary(again, []).splitlines()
    assert lines[1:3] == ["── failed at first, passed when tried again alone ──", "tests/e2e/test_a.py::test_it[0]"]
    assert lines[-1] == "tests: 3 passed, 0 failed, 0 skipped"


@pytest.mark.parametrize(
    ("module", "content"),
    [
        ("tests/domain/test_a.py", FAILS_AT_FIRST),
        ("tests/e2e/test_a.py", FAILS_AT_FIRST.replace("range(3)", "range(4)")),
        ("tests/faults/test_a.py", FAILS_AT_FIRST.replace("seen.touch()", "number or seen.touch()")),
        (
            "tests/e2e/test_a.py",
            FAILS_AT_FIRST.replace("assert was_here", "pytest.skip('') if was_here else pytest.fail()"),
        ),
    ],
    ids=["not of whole products", "too many", "one fails again", "skipped"],
)
def test_other_failures_stay_failures(results: Path, module: str, content: str) -> None:
    first, again = first_and_again(results, module, content)
    assert first.failed
    assert again is first


def test_the_tests_of_the_domain_must_reach_all_of_it_by_themselves() -> None:
    _, domain = islice(whole_run(is_long=False), 2)
    assert (domain.name, domain.command[-2:]) == ("domain", ["tests/domain", "--cov"])
    coverage = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
    assert coverage["run"] == {"source": ["src/tickfolio/domain"], "branch": True}
    assert coverage["report"]["fail_under"] == 100


def test_lines_that_nothing_reaches_count_as_a_failed_test(results: Path, tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text("def reached(): pass\n\ndef forgotten():\n    return 1\n")
    (tmp_path / "test_some.py").write_text("import some\n\ndef test_it(): some.reached()\n")
    settings = "[tool.pytest.ini_options]\npythonpath=['.']\n[tool.coverage.report]\nfail_under=100\n"
    (tmp_path / "pyproject.toml").write_text(settings)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--cov=some",
        "-q",
        f"--junit-xml={results / 'domain.xml'}",
        "test_some.py",
    ]
    assert outcome(Run("domain", command, folder=tmp_path)) == Count(passed=1, failed=1)
