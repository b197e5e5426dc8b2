"""The import rules: that the linter's contracts catch what they are for, and the rules that it cannot express."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT, is_within, modules

PACKAGES = [
    "config", "web", "gateway", "console", "services", "runtime", "persistence", "persistence.models", "identity",
    "statements", "feeds", "feeds.yahoo", "live", "live.wire", "domain", "domain.market", "domain.ledger",
    "domain.performance",
]  # fmt: skip
MODULES = [
    "__main__", "errors", "words", "domain.records", "domain.money", "domain.instruments", "domain.calendars", "domain.corporate_actions",
    "feeds.yahoo.codec", "feeds.yahoo.feed", "live.session", "live.conflation", "live.pacer", "live.wire.codec",
    "live.hub", "services.market", "web.urls", "statements.tickfolio_csv", "statements.tickfolio_json",
    "statements.ghostfolio_csv", "statements.ghostfolio_json",
]  # fmt: skip
BREACHES = {
    "a lower layer imports a higher one": ("live.hub", "import tickfolio.services.market", "1."),
    "siblings import one another": ("feeds.yahoo.feed", "import tickfolio.live.hub", "1."),
    "a package stands outside the layers": ("helpers", "", "1."),
    "the ledger knows the market": ("domain.ledger", "import tickfolio.domain.market", "2."),
    "the domain reads the clock": ("domain.market", "import time", "3."),
    "money is made by a library": ("domain.money", "import msgspec", "3."),
    "the engine knows Django": ("live.hub", "import django", "4."),
    "a codec logs": ("feeds.yahoo.codec", "import logging", "5."),
    "the pacer sleeps": ("live.pacer", "import asyncio", "5."),
    "a statement format reads another": (
        "statements.ghostfolio_csv",
        "import tickfolio.statements.tickfolio_csv",
        "6.",
    ),
    "a page reads a model": ("web.urls", "import tickfolio.persistence.models", "7."),
    "money takes a square root": ("domain.money", "import math", "8."),
    "two modules need each other": ("live.hub", "import tickfolio.live.session", "9."),
}
SHARED_BY_STATEMENTS = {
    "account_methods", "activities", "archives", "beside", "beside_reading", "conventions", "currencies", "days", "decimals", "delimited",
    "detection", "encoding", "fields",
    "fingerprints", "instrument_facts", "json_document", "lot_cells", "rows", "spreadsheet_cells", "typed_numbers",
}  # fmt: skip
"""Modules of `statements` that are no format."""


def lint(folder: Path) -> str:
    """What the linter says about a copy of the package in that folder."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]
    environment = dict(os.environ, PYTHONPATH=str(folder))
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    done = subprocess.run([*command, *config], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.fixture
def miniature(tmp_path: Path) -> Path:
    """A folder with an empty package of the product's shape, which keeps every rule."""
    for package in ["", *PACKAGES]:
        folder = tmp_path.joinpath("tickfolio", *package.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    for module in MODULES:
        tmp_path.joinpath("tickfolio", *module.split(".")).with_suffix(".py").touch()
    # One half of a cycle, which is allowed; and one import of what the forbidden lists name, where it is allowed.
    (tmp_path / "tickfolio/live/session.py").write_text("from tickfolio.live import hub\n")
    (tmp_path / "tickfolio/services/market.py").write_text("import django, tickfolio.persistence.models\n")
    (tmp_path / "tickfolio/domain/records.py").write_text("import msgspec\n")
    return tmp_path


def test_a_package_that_keeps_the_rules_passes(miniature: Path) -> None:
    assert "0 broken" in lint(miniature)


@pytest.mark.parametrize("breach", BREACHES)
def test_the_linter_catches_a_breach_of_each_rule(miniature: Path, breach: str) -> None:
    module, line, rule = BREACHES[breach]
    place = miniature.joinpath("tickfolio", *module.split("."))
    (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).write_text(f"{line}\n")
    broken = [each for each in lint(miniature).splitlines() if " BROKEN" in each]
    assert any(each.startswith(rule) for each in broken), broken


def test_feed_vendors_are_independent_of_one_another() -> None:
    folder = PACKAGE / "feeds"
    vendors = sorted(each.parent.name for each in folder.glob("*/__init__.py"))
    assert neighbours_imported("feeds", vendors) == []


def test_statement_formats_are_independent_of_one_another() -> None:
    formats = {module.name.split(".")[2] for module in modules("statements") if module.name.count(".") > 1}
    assert neighbours_imported("statements", sorted(formats - SHARED_BY_STATEMENTS)) == []


def neighbours_imported(package: str, names: list[str]) -> list[str]:
    """The imports from one of the named parts of a package into another."""
    return [
        f"{module.name} imports {imported}"
        for name in names
        for module in modules(f"{package}.{name}")
        for imported in module.imports()
        if any(is_within(imported, f"tickfolio.{package}.{other}") for other in names if other != name)
    ]
