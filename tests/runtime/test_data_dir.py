import pytest

from tickfolio.runtime.data_dir import data_dir


def test_named_directory_is_made_absolute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(data_dir("~/money/../data")) == "/home/someone/data"


def test_unnamed_directory_is_at_its_usual_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(data_dir("")) == "/home/someone/.local/share/tickfolio"
