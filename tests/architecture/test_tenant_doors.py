"""Rows are reached through the managers of persistence only: no back door past a table's owner."""

import ast

from tests.architecture.sources import Module, modules

BACK_DOORS = {"_base_manager", "_default_manager", "raw", "extra", "cursor"}
ALLOWED = {
    "tickfolio.runtime.startup_checks": "asks SQLite for its PRAGMAs, no table",
    "tickfolio.web.views.health": "asks the database whether it answers, no table",
}


def back_doors(module: Module) -> list[str]:
    """The places where a module goes past the managers."""
    attributes = (node for node in ast.walk(module.tree) if isinstance(node, ast.Attribute))
    return [f"{module.at(node)} .{node.attr}" for node in attributes if node.attr in BACK_DOORS]


def test_only_persistence_goes_past_the_managers() -> None:
    outside = [
        each for each in modules() if not each.name.startswith("tickfolio.persistence") and each.name not in ALLOWED
    ]
    assert [place for module in outside for place in back_doors(module)] == []
