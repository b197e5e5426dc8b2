import shlex
import sys
from pathlib import Path

import pytest

from tickfolio.runtime.program import command_text, program_words


def test_the_installed_program_is_called_by_its_whole_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bin/tickfolio", "run"])
    assert program_words() == [f"{tmp_path}/bin/tickfolio"]


@pytest.mark.parametrize("started", ["/srv/tickfolio/__main__.py", "/usr/bin/uvicorn", ""])
def test_however_else_it_was_started_its_python_calls_it(monkeypatch: pytest.MonkeyPatch, started: str) -> None:
    monkeypatch.setattr(sys, "argv", [started])
    assert program_words() == [sys.executable, "-m", "tickfolio"]


def test_a_command_is_one_for_a_shell_whatever_the_directory_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/opt/my tools/tickfolio"])
    text = command_text("user", "list", data=Path("/srv/our data"))
    assert shlex.split(text) == ["/opt/my tools/tickfolio", "user", "list", "--data", "/srv/our data"]
