"""Money, the ledger, the market and the valuation count in exact decimals; no linter sees a builtin `float`."""

import ast

from tests.architecture.sources import Module, modules

EXACT = ["money", "instruments", "calendars", "corporate_actions", "ledger", "market", "valuation"]
BINARY = {"float", "complex"}


def binary_numbers(module: Module) -> list[str]:
    """The places where a module names a binary number type or writes a binary literal."""
    return [module.at(node) for node in ast.walk(module.tree) if is_binary(node)]


def is_binary(node: ast.AST) -> bool:
    """Whether a piece of syntax names a binary number type or is a binary literal."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in BINARY
        case ast.Constant(value=value):
            return isinstance(value, float | complex)
        case _:
            return False


def test_no_binary_number_is_named_or_written() -> None:
    exact = modules(*(f"domain.{name}" for name in EXACT))
    assert [place for module in exact for place in binary_numbers(module)] == []


def test_a_binary_number_would_be_found() -> None:
    guilty = ["float(price)", "price * 1.5", "price: float", "decimal.float", "1j"]
    assert [line for line in guilty if not any(is_binary(node) for node in ast.walk(ast.parse(line)))] == []
