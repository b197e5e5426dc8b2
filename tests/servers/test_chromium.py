"""The browser is found by really running it."""

import os
from pathlib import Path

import pytest

from tests.servers.chromium import NoChromium, find_chromium


def test_a_named_browser_that_does_not_run_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", os.devnull)
    with pytest.raises(NoChromium, match="set CHROMIUM"):
        find_chromium()


def test_a_stub_on_the_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\necho 'install the snap' >&2\nexit 1\n")
    stub.chmod(0o755)
    (tmp_path / "google-chrome").symlink_to(find_chromium())
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert find_chromium() != stub
