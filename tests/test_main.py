import argparse

import pytest

from tickfolio.__main__ import data_dir, main, port_number, run_options


def test_run_has_the_documented_options_and_defaults() -> None:
    options = run_options([])
    assert (options.port, options.host, options.no_browser) == (8000, "localhost", False)
    assert (options.data, options.speed, options.start) == (None, None, None)
    words = ["--port", "0", "--no-browser", "--data", "d", "--speed", "60", "--start", "2012-05-21"]
    chosen = run_options(words)
    assert (chosen.port, chosen.no_browser, chosen.data, chosen.speed, chosen.start) == (
        0,
        True,
        "d",
        "60",
        "2012-05-21",
    )


@pytest.mark.parametrize("text", ["", "-1", "65536", "http", "8000.0"])
def test_port_that_is_none_says_what_was_expected(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected a port"):
        port_number(text)


def test_data_directory_is_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKFOLIO_DATA", "/srv/./tickfolio")
    assert str(data_dir()) == "/srv/tickfolio"
    monkeypatch.delenv("TICKFOLIO_DATA")
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(data_dir()) == "/home/someone/.local/share/tickfolio"


def test_management_commands_are_djangos(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "no issues" in capsys.readouterr().out
