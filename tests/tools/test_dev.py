"""The bootstrap script believes nothing that it has not run, and needs nothing but a python3."""

import ast
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "dev"


@pytest.fixture
def dev() -> ModuleType:
    """The script as a module."""
    spec = spec_from_loader("dev", SourceFileLoader("dev", str(SCRIPT)))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(folder: Path, name: str, script: str) -> Path:
    """A shell script that stands on the search path under that name."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def environment(*folders: Path) -> dict[str, str]:
    """An environment with that search path and a home without anything."""
    return {"PATH": os.pathsep.join([*(str(folder) for folder in folders), "/usr/bin", "/bin"])}


def test_it_is_written_in_the_dialect_of_python_3_8() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


def test_it_imports_the_standard_library_only() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert {name for name in names if name not in sys.stdlib_module_names} == set()


@pytest.mark.parametrize("words", [["--help"], ["build", "--help"], ["check", "-h"]])
def test_its_help_names_every_command(words: list[str]) -> None:
    done = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert all(f"  {command}" in done.stdout for command in ("run", "test", "check", "bench", "build"))


def test_an_unknown_command_is_refused_with_what_to_do() -> None:
    done = subprocess.run([sys.executable, SCRIPT, "rnu"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "dev: Expected one of run, test, check, bench, build, was 'rnu'. See ./dev --help.\n"


def test_a_uv_that_exists_and_does_not_run_is_passed_over(dev: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "shims", "uv", "echo 'uv: command not found' >&2; exit 127")
    real = program(tmp_path / "real", "uv", "echo 'uv 0.9.1'")
    assert dev.find_uv(environment(tmp_path / "shims", tmp_path / "real")) == str(real)


def test_a_machine_whose_python_makes_no_virtual_environments_is_told_what_to_install(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = program(tmp_path / "bin", "python3", "echo 'ensurepip is not available'; exit 1")
    monkeypatch.setattr(sys, "executable", str(bare))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(dev, "TOOLS", str(tmp_path / ".tools"))
    with pytest.raises(SystemExit, match=r"package python3-venv.*\n.*ensurepip is not available"):
        dev.install_uv({"PATH": str(tmp_path / "bin")})


def test_a_uv_that_is_too_old_is_passed_over(dev: ModuleType, tmp_path: Path) -> None:
    old = program(tmp_path / "old", "uv", "echo 'uv 0.1.5'")
    assert dev.find_uv(environment(tmp_path / "old")) != str(old)


def test_a_node_that_is_too_old_is_not_used(dev: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "node", "node", "echo v20.20.2")
    program(tmp_path / "node", "npm", "echo 11.0.0")
    assert not dev.has_node(environment(tmp_path / "node"))


def test_a_node_without_npm_is_not_used(dev: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "node", "node", "echo v22.12.0")
    program(tmp_path / "node", "npm", "exit 1")
    assert not dev.has_node(environment(tmp_path / "node"))


def test_a_new_enough_node_with_npm_is_used(dev: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "node", "node", "echo v22.12.0")
    program(tmp_path / "node", "npm", "echo 10.9.0")
    assert dev.has_node(environment(tmp_path / "node"))


def test_a_python_that_does_not_run_is_passed_over(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "shims", "python3.13", "exit 127")
    monkeypatch.setattr(dev, "VENV_PYTHON", str(tmp_path / "no-venv" / "python"))
    found = dev.find_python(environment(tmp_path / "shims"))
    assert found != str(tmp_path / "shims" / "python3.13")
    assert found == "3.13" or subprocess.run([found, "-V"], check=True).returncode == 0


def test_who_has_no_home_gets_one_for_the_tools(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "missing"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "missing" / "cache"))
    monkeypatch.setattr(dev, "TOOLS", str(tmp_path / ".tools"))
    given = dev.tool_environment()
    assert given["HOME"] == str(tmp_path / ".tools" / "home")
    assert "XDG_CACHE_HOME" not in given


def test_pages_are_built_again_when_a_source_changes(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "FRONTEND", str(tmp_path))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "page.ts").write_text("let a = 1\n")
    before = dev.frontend_sources()
    (tmp_path / "src" / "page.test.ts").write_text("no part of the pages\n")
    assert dev.frontend_sources() == before
    (tmp_path / "src" / "page.ts").write_text("let a = 2\n")
    assert dev.frontend_sources() != before


def test_pages_without_a_manifest_are_not_built(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "BUILT_PAGES", str(tmp_path))
    (tmp_path / ".sources.sha256").write_text("anything")
    assert dev.built_sources() is None


@pytest.mark.parametrize(
    ("arguments", "environment", "groups"),
    [
        ([], "", []),
        (["--feed", "yahoo"], "", ["extra:yahoo"]),
        (["--feed=ecb, Yahoo"], "", ["extra:yahoo"]),
        (["--port", "9000"], "coinbase,yahoo", ["extra:yahoo"]),
        (["--feed", "coinbase"], "", []),
    ],
)
def test_who_asks_yahoo_gets_what_it_takes_for_a_browser(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: str, groups: list[str]
) -> None:
    installed: list[list[str]] = []
    monkeypatch.setenv("TICKFOLIO_FEEDS", environment)
    monkeypatch.setattr(dev, "prepare", lambda groups, **_options: installed.append(groups))
    monkeypatch.setattr(dev, "become", lambda *_command: None)
    dev.run(arguments)
    assert installed == [groups]
