"""Trees as data and as text."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing
from tests.domain.ledger.bookings import buy, deposit
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.definitions import RISK
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Unit, several
from tickfolio.domain.explain.printing import as_data, as_lines, digits, shown, with_unit
from tickfolio.domain.explain.values import row_value, value_of_rows

D = Decimal


def tree() -> Explained:
    found = standing(
        deposit("2012-05-16", "9000.00 USD"),
        buy("2012-05-16", "10", "5000.00 USD"),
        buy("2012-05-16", "1", "10.00 EUR", symbol="SAP"),  # type: ignore[arg-type]
        quotes=(quote("557.43"),),
    )
    return value_of_rows(found, found.valuation.rows, name="all")


def test_a_tree_is_shown_to_its_depth() -> None:
    flat = as_data(shown(tree(), depth=0))
    assert "inputs" not in flat
    assert (flat["value"], flat["formula"], flat["definition"]) == (
        "8606.87",
        "Σ(rows)",
        {"anchor": "valuation-and-coverage", "title": "Valuation and coverage"},
    )
    assert flat["notes"] == ["SAP in Broker is left out: no price of SAP is known."]
    deeper = as_data(shown(tree(), depth=1))
    assert isinstance(deeper["inputs"], list)
    assert [each["path"] for each in deeper["inputs"]] == ["0", "1", "2"]
    assert [each["symbol"] for each in deeper["inputs"]] == ["rows"] * 3


def test_facts_say_since_when_and_from_where() -> None:
    data = as_data(shown(tree(), depth=9, path="0"))
    assert isinstance(data["inputs"], list)
    price = data["inputs"][0]["inputs"][1]
    assert price == {
        "path": "0.0.1",
        "name": "Price of AAPL",
        "unit": "USD",
        "symbol": "price",
        "kind": "price",
        "value": "557.43",
        "at": "2012-05-21T16:00:00+00:00",
        "source": "test",
        "reference": "",
    }


def test_what_is_too_much_is_counted() -> None:
    cut = shown(tree(), depth=9, most=2)
    assert (len(cut.below), cut.left) == (2, 1)
    assert list(as_lines(cut))[-1] == "  and 1 more"


def test_as_text_a_tree_is_indented() -> None:
    lines = list(as_lines(shown(tree(), depth=3)))
    where = "definitions.md#valuation-and-coverage, Valuation and coverage"
    assert lines[:4] == [
        "Value of all = 8606.87 EUR",
        "  = Σ(rows)",
        f"  The sum of the rows, each rounded to the smallest coin. ({where})",
        "  SAP in Broker is left out: no price of SAP is known.",
    ]
    assert "      changes: Buy AAPL = 10 units (transaction, 2012-05-16 12:00:00Z)" in lines


def test_what_is_not_there_has_its_reason() -> None:
    found = standing(buy("2012-05-16", "10", "5000.00 USD"))
    node = row_value(found, row_of(found, "h:broker:AAPL"))
    assert list(as_lines(shown(node, depth=3))) == ["Value of AAPL in Broker: not available, no price of AAPL is known"]
    data = as_data(shown(node, depth=3))
    assert (data["value"], data["reason"]) == (None, "no price of AAPL is known")


def test_numbers_keep_their_digits_as_data_and_are_short_as_text() -> None:
    assert (digits(D("1E+2")), digits(0.1)) == ("100", "0.1")
    assert with_unit(D("0.0125"), Unit.FRACTION) == "1.2500 %"
    assert with_unit(0.5, Unit.NUMBER) == "0.5"
    assert with_unit(D("1.00"), "EUR") == "1.00 EUR"
    assert with_unit(D(1) / D(3), Unit.NUMBER) == "0.333333333333"
    fact = Fact(FactKind.CALENDAR, "Days", D(3), Unit.DAYS)
    node = Explained("R", 0.25, Unit.FRACTION, "Σ(days)", "All.", RISK, lambda: [several("days", [fact])])
    assert list(as_lines(shown(node, depth=1)))[-1] == "  days: Days = 3 days (calendar)"


def test_the_first_of_those_below_may_be_left_out() -> None:
    whole, rest = shown(tree(), depth=1), shown(tree(), depth=1, first=1)
    assert [each.path for each in rest.below] == [each.path for each in whole.below][1:]
    assert (rest.first, rest.left, as_data(rest)["first"]) == (1, 0, 1)
    assert "first" not in as_data(whole)
    cut = shown(tree(), depth=1, first=1, most=1)
    assert ([each.path for each in cut.below], cut.left) == (["1"], len(whole.below) - 2)
    beyond = shown(tree(), depth=1, first=9)
    assert (beyond.below, beyond.left) == ((), 0)
