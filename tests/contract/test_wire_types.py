from pathlib import Path

import pytest

from tools import generate_wire_types

TYPESCRIPT = Path(__file__).parents[2] / "frontend" / "src" / "live" / "messages.gen.ts"


def test_the_pages_types_are_those_of_the_servers_messages() -> None:
    assert TYPESCRIPT.read_text(encoding="utf-8") == generate_wire_types.generated()
    assert generate_wire_types.main(["--check"]) == 0


def test_a_difference_fails_the_check_and_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "messages.gen.ts"
    old.write_text("export interface Welcome {}", encoding="utf-8")
    monkeypatch.setattr(generate_wire_types, "TARGET", old)
    assert generate_wire_types.main(["--check"]) == 1
    assert "Run: python -m tools.generate_wire_types" in capsys.readouterr().out
    assert old.read_text(encoding="utf-8") == "export interface Welcome {}"


def test_every_message_that_the_server_sends_has_a_validator() -> None:
    text = generate_wire_types.generated()
    for tag in (
        "welcome",
        "snapshot",
        "delta",
        "portfolio_snapshot",
        "portfolio_delta",
        "event",
        "access",
        "status",
        "error",
        "bye",
    ):
        assert f'type: literal("{tag}")' in text
    assert "isSubscribe" not in text
