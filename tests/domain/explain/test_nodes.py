"""Trees of figures and facts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.domain.explain.checked import corrupted, fault, figures
from tests.domain.explain.moments import standing
from tests.domain.ledger.bookings import buy, deposit
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.days import day_of_rows
from tickfolio.domain.explain.definitions import GAINS
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, node_at, one, several_later
from tickfolio.domain.explain.values import value_of_rows
from tickfolio.errors import InvalidValue


def test_what_is_below_is_made_once_and_when_it_is_asked_for() -> None:
    made: list[int] = []

    def inputs() -> list[Input]:
        made.append(1)
        return [one("a", Fact(FactKind.OPTION, "A", Decimal(1), "EUR"))]

    node = Explained("A", Decimal(1), "EUR", "a", "As it is.", GAINS, inputs)
    assert made == []
    assert node.inputs is node.inputs
    assert made == [1]
    assert [symbol for symbol, _ in node.children()] == ["a"]


def test_nodes_of_a_list_are_made_when_they_are_taken_and_counted_before() -> None:
    made: list[int] = []
    facts = [Fact(FactKind.OPTION, f"A{number}", Decimal(number), "EUR") for number in range(3)]

    def taken(number: int) -> Fact:
        made.append(number)
        return facts[number]

    nodes = several_later("rows", [lambda: taken(0), lambda: taken(1), lambda: taken(2)])
    node = Explained("A", Decimal(3), "EUR", "Σ(rows)", "As it is.", GAINS, lambda: [nodes])
    assert (node.count(), made) == (3, [])
    assert next(node.children()) == ("rows", facts[0])
    assert made == [0]
    assert facts[2] in nodes.nodes
    assert Fact(FactKind.OPTION, "B", Decimal(1), "EUR") not in nodes.nodes


def test_a_node_is_found_by_its_path() -> None:
    found = standing(deposit("2012-05-16", "100.00 USD"))
    tree = value_of_rows(found, found.valuation.rows, name="all")
    assert node_at(tree, "") is tree
    assert node_at(tree, "0.1.0").name == "Rate of EUR in USD"


@pytest.mark.parametrize("path", ["1", "0.0.0.0.0", "x", "-1", "0.", "٣", "00000000"])
def test_a_path_that_leads_nowhere_is_refused(path: str) -> None:
    found = standing(deposit("2012-05-16", "100.00 USD"))
    with pytest.raises(InvalidValue, match="Expected the path of a node"):
        node_at(value_of_rows(found, found.valuation.rows, name="all"), path)


def test_a_figure_with_another_value_is_found_out() -> None:
    found = standing(
        deposit("2012-05-16", "9000.00 USD"),
        buy("2012-05-16", "10", "5000.00 USD"),
        quotes=(quote("557.43", "530.38"),),
    )
    tree = day_of_rows(found, found.valuation.rows, name="all")
    checked = 0
    for node in figures(tree):
        assert fault(node) == ""
        assert fault(corrupted(node)) != "", node.name
        checked += 1
    assert checked > 20
