from pathlib import Path

import pytest

from tools.generated_files import write_or_compare

TOOL = "tools.something"


def test_a_file_that_differs_or_is_not_there_is_named_with_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "made.txt"
    for _ in range(2):
        assert write_or_compare("new", target, tool=TOOL, arguments=["--check"]) == 1
        said = "made.txt differs from the server's message types. Run: python -m tools.something\n"
        assert capsys.readouterr().out == said
        target.write_text("old")
    assert target.read_text() == "old"


def test_what_was_written_is_what_is_wanted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "made.txt"
    assert write_or_compare("new", target, tool=TOOL, arguments=[]) == 0
    assert write_or_compare("new", target, tool=TOOL, arguments=["--check"]) == 0
    assert capsys.readouterr().out == ""
