"""What `tickfolio help` lists."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tickfolio.console.management.commands as ours
from tickfolio.__main__ import main
from tickfolio.console.overview import COMMANDS, overview


def test_every_command_of_ours_is_listed_with_a_line_and_none_that_is_not_there() -> None:
    files = {file.stem for file in Path(ours.__path__[0]).glob("*.py")} - {"__init__"}
    assert COMMANDS.keys() == files | {"run", "web", "feeds", "worker", "evaluate", "watch"}
    assert all(f"  {name}" in overview() for name in COMMANDS)
    assert max(map(len, overview().splitlines())) <= 120


@pytest.mark.parametrize("words", [[], ["help"], ["--help"], ["-h"]])
def test_help_lists_our_commands_first(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out == overview()


@pytest.mark.parametrize("words", [["help", each] for each in ("run", "web", "feeds", "worker", "evaluate", "watch")])
def test_help_of_a_command_that_is_not_djangos_is_its_own(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert f"usage: tickfolio {words[1]}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["evaluate", "--schema"], ["help", "--commands"], ["diffsettings"]])
def test_who_reads_no_further_ends_a_command_without_a_word(words: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "tickfolio", *words],
        env={**os.environ, "TICKFOLIO_DATA": str(tmp_path)},
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
