"""Where things are and what they are called: names that say something, tests that mirror, files of one room."""

import ast
import re
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, Module, modules, project_files

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "base", "common", "data", "info", "misc"}
NAMED_BY_OTHERS = {"src/tickfolio/runtime/heard_postgresql/base.py": "Django finds a backend by this name alone"}
"""Files whose name is not ours to choose, each with the reason."""
LONGEST_FILE = 400
LONGER_FILES: dict[str, str] = {}
"""Files that may be longer, each with the reason."""
GENERATED = re.compile(r"/migrations/\d|\.gen\.")
TESTED_ELSEWHERE = {
    "tickfolio.__main__": "tests/e2e starts it as a process",
    "tickfolio.config.asgi": "tests/e2e serves it",
    "tickfolio.config.asgi_web": "tests/faults/test_roles.py serves it",
    "tickfolio.config.settings": "every test that uses Django reads them",
    "tickfolio.persistence.models": "tables are tested by the selectors and services that use them",
    "tickfolio.persistence.migrations": "every test database is made by them",
    "tickfolio.identity.models": "tables are tested by the views and services that use them",
    "tickfolio.identity.migrations": "every test database is made by them",
}
"""Modules and packages without a test file of their own, each with the reason."""


def test_no_file_or_folder_bears_a_name_that_says_nothing() -> None:
    code = [path for path in project_files() if path.suffix in {".py", ".ts", ".css", ".html"}]
    empty = {str(path.relative_to(ROOT)) for path in code if EMPTY_NAMES & names_of(path)}
    assert sorted(empty ^ NAMED_BY_OTHERS.keys()) == []


def names_of(path: Path) -> set[str]:
    """The names of a file and of the folders it is in, in small letters and without prefixes of tests."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return {part.lower().removeprefix("test_").removesuffix(".test") for part in parts}


def test_no_file_is_longer_than_one_room() -> None:
    assert {path: count for path, count in long_files().items() if path not in LONGER_FILES} == {}


def test_no_exception_for_a_long_file_outlives_it() -> None:
    assert [path for path in LONGER_FILES if path not in long_files()] == []


def long_files() -> dict[str, int]:
    """The written files over the limit, with their lines."""
    written = [path for path in project_files() if path.suffix in {".py", ".ts", ".css", ".html"} or path.name == "dev"]
    counts = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    return {path: count for path, count in counts.items() if count > LONGEST_FILE and not GENERATED.search(f"/{path}")}


def test_every_module_with_behaviour_has_a_test_file_at_the_mirrored_path() -> None:
    wanting = [module for module in modules() if has_behaviour(module) and not is_tested_elsewhere(module)]
    untested = [mirrored(module)[0] for module in wanting if not any(path.is_file() for path in mirrored(module))]
    assert not untested, "expected " + ", ".join(str(path.relative_to(ROOT)) for path in untested)


def mirrored(module: Module) -> list[Path]:
    """Where the tests of a module belong; a package's own module is tested in the package's folder or beside it."""
    path = module.path.relative_to(PACKAGE)
    folder = ROOT / "tests" / path.parent
    if path.name == "__init__.py":
        return [folder / f"test_{path.parent.name}.py", folder.parent / f"test_{path.parent.name}.py"]
    return [folder / f"test_{path.stem}.py"]


def has_behaviour(module: Module) -> bool:
    """Whether a module defines a function that does something; a declaration does nothing."""
    functions = (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(not is_declaration(function) for function in functions)


def is_declaration(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function consists of nothing but a docstring and `...`."""
    return all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in function.body)


def is_tested_elsewhere(module: Module) -> bool:
    """Whether a module or a package around it is among the exceptions. Django's app declarations are."""
    around = [module.name.rsplit(".", parts)[0] for parts in range(module.name.count(".") + 1)]
    return module.path.name == "apps.py" or any(name in TESTED_ELSEWHERE for name in around)


def test_package_holds_only_files_that_belong_there() -> None:
    known = {".py", ".html", ".txt", ".md", ".csv", ".gz", ".zip", ".svg", ".png", ".ico", ".webmanifest", ""}
    inside = [path for path in project_files() if path.is_relative_to(ROOT / "src")]
    assert [str(path.relative_to(ROOT)) for path in inside if path.suffix not in known] == []
