"""Rows are reached through the managers of persistence only: no back door past a table's owner."""

import ast

from django.db.models import ForeignKey

from tests.architecture.sources import Module, modules
from tickfolio.persistence.models import Portfolio
from tickfolio.persistence.tenancy import FactModel, FactQuerySet, TenantManager, TenantModel, tenant_models

NAMED = {"_base_manager", "_default_manager", "unguarded", "RawSQL"}
CALLED = {"raw", "extra", "cursor", "_raw_delete"}
ALLOWED = {
    "tickfolio.runtime.startup_checks": "asks SQLite for its PRAGMAs, no table",
    "tickfolio.identity.models": "locks its own table, which is no portfolio's, while it looks who comes first",
    "tickfolio.web.views.health": "asks the database whether it answers, no table",
}
SYSTEMS = {
    "tickfolio.console.names": "an operator's command is of any portfolio, by its id or its name",
    "tickfolio.services.applied_actions": "what an account has dismissed counts for whoever reads its ledger",
    "tickfolio.services.attachment_history": "files that were removed long ago go in every portfolio, by a schedule",
    "tickfolio.services.ledgers": "the ledger cache serves whoever has been let in",
    "tickfolio.services.derived_tables": "what is derived is compared and made anew for everybody, by an operator",
    "tickfolio.services.watching": "the engine values a portfolio once for all who may watch it",
}
"""Where the product itself looks at everybody's rows, each with the reason."""


def back_doors(module: Module) -> list[str]:
    """The places where a module goes past the managers."""
    return [module.at(node) for node in ast.walk(module.tree) if is_back_door(node)]


def is_back_door(node: ast.AST) -> bool:
    """Whether a piece of syntax takes or calls what leads past a manager, also by its name in a text."""
    match node:
        case ast.Attribute(attr=name) | ast.alias(name=name) | ast.Constant(value=name):
            return name in NAMED
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in CALLED
        case _:
            return False


def systems_made(module: Module) -> list[str]:
    """The places where a module speaks for the system."""
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
    return [module.at(call) for call in calls if isinstance(call.func, ast.Name) and call.func.id == "System"]


def test_only_persistence_goes_past_the_managers() -> None:
    outside = [
        each for each in modules() if not each.name.startswith("tickfolio.persistence") and each.name not in ALLOWED
    ]
    assert [place for module in outside for place in back_doors(module)] == []


def test_a_back_door_would_be_found() -> None:
    guilty = [
        "Account.unguarded.get()",
        'getattr(Account, "_base_manager")',
        "from django.db.models.expressions import RawSQL",
        'Account.objects.raw("SELECT 1")',
        "connection.cursor()",
    ]
    assert [line for line in guilty if not any(is_back_door(node) for node in ast.walk(ast.parse(line)))] == []


def test_only_known_modules_speak_for_the_system() -> None:
    assert [place for module in modules() if module.name not in SYSTEMS for place in systems_made(module)] == []


def test_no_exception_outlives_its_reason() -> None:
    by_name = {module.name: module for module in modules()}
    assert [name for name in ALLOWED if not back_doors(by_name[name])] == []
    assert [name for name in SYSTEMS if not systems_made(by_name[name])] == []


def test_every_table_with_a_portfolio_has_the_door() -> None:
    with_portfolio = {
        model
        for model in Portfolio._meta.apps.get_models()
        if any(isinstance(field, ForeignKey) and field.related_model is Portfolio for field in model._meta.get_fields())
    }
    assert with_portfolio | {Portfolio} == {model for model in tenant_models() if issubclass(model, TenantModel)}
    assert all(isinstance(model._meta.managers_map["objects"], TenantManager) for model in with_portfolio)


def test_no_row_leads_back_to_somebodys_rows() -> None:
    keys = [field for model in tenant_models() for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    assert keys
    assert [str(key) for key in keys if not key.remote_field.hidden] == []


def test_facts_refuse_changes_also_where_django_looks_for_its_own_manager() -> None:
    facts = [model for model in tenant_models() if issubclass(model, FactModel)]
    tables = {model._meta.db_table for model in facts}
    assert tables == {"transaction_version", "outbox", "flow_valuation", "kept_explanation", "manual_price"}
    for model in facts:
        managers = (model._base_manager, model._default_manager, model.unguarded)
        assert all(isinstance(manager.get_queryset(), FactQuerySet) for manager in managers)
