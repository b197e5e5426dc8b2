"""How a portfolio is divided, in words and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

import pytest

from tests.web.held_page import looking, valuation
from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.valuation.valuation import Row, Worth
from tickfolio.persistence.selectors.classifications import Said
from tickfolio.services.allocation_parts import Dimension, PartName, divided
from tickfolio.services.allocation_targets import Target, Targets
from tickfolio.services.allocations import Allocation
from tickfolio.services.classifications import Classification
from tickfolio.services.portfolio_values import ValuedPortfolio
from tickfolio.web.allocation_texts import (
    allocation_data,
    allocation_text,
    bar_width,
    minus_note,
    part_name,
    percent_text,
    points_text,
)
from tickfolio.web.figures import weight_text
from tickfolio.web.holding_texts import row_text
from tickfolio.web.home_day_texts import together
from tickfolio.web.notation import GERMAN, written_as
from tickfolio.web.portfolio_texts import portfolio_text


def allocation(
    by: Dimension = Dimension.CLASS, targets: tuple[Target, ...] = (), *, tolerance: str = "5"
) -> Allocation:
    """The portfolio of tests/contract/portfolio_page.json."""
    valued = cast(
        "ValuedPortfolio",
        SimpleNamespace(valuation=valuation(), head=7, at=datetime(2012, 5, 21, 18, 31, tzinfo=UTC)),
    )
    classified = {row.symbol: _classified(row) for row in valued.valuation.rows if row.symbol is not None}
    parts = divided(valued.valuation.rows, by, classified)
    return Allocation(valued, by, parts, Targets(by, targets, Decimal(tolerance), 1), classified)


def _classified(row: Row) -> Classification:
    symbol = row.symbol or Symbol("NONE")
    of_class = row.instrument.instrument_class if row.instrument else InstrumentClass.EQUITY
    return Classification(symbol, row.name, of_class, "", "", "", row.currency.code, "", Said())


@pytest.mark.parametrize("by", Dimension)
def test_values_add_up_and_each_weight_is_of_the_whole_in_every_dimension(by: Dimension) -> None:
    text = allocation_text(allocation(by))
    values = [Decimal(part.value.replace(",", "").replace("−", "-")) for part in text.parts]
    assert sum(values) == Decimal(text.total.value.replace(",", ""))
    assert [part.weight for part in text.parts] == [weight_text(value, sum(values, Decimal(0))) for value in values]
    assert text.total.weight == "100.0 %"
    assert [choice for choice in text.choices if choice[2]] == [(f"?by={by.value}", by.value.capitalize(), True)]


def test_a_holding_has_one_weight_among_the_parts_in_the_panel_and_in_the_table() -> None:
    """Cut to a decimal and filled up to a hundred, the first of three thirds would be 33.4 % here and 33.3 % there."""
    first = next(row for row in valuation().rows if row.symbol == "AAPL" and isinstance(row.worth, Worth))
    thirds = tuple(first.but(key=symbol, symbol=Symbol(symbol)) for symbol in ("AAA", "BBB", "CCC"))
    whole = replace(valuation(), rows=thirds, totals=together(thirds, valuation().totals.currency))
    classified = {row.symbol: _classified(row) for row in thirds if row.symbol is not None}
    parts = divided(thirds, Dimension.HOLDING, classified)
    valued = cast("ValuedPortfolio", SimpleNamespace(valuation=whole, head=7, at=None))
    found = replace(allocation(Dimension.HOLDING), valued=valued, parts=parts, classified=classified)
    among = [part.weight for part in allocation_text(found).parts]
    in_panel = [part.weight for part in portfolio_text(whole, looking=looking()).slices]
    in_table = [row_text(row, whole.totals, looking=looking()).weight for row in thirds]
    assert among == in_panel == in_table == ["33.3 %", "33.3 %", "33.3 %"]


def test_what_is_off_is_told_in_points_and_in_money() -> None:
    found = allocation(targets=(Target(PartName("equity"), Decimal(10)), Target(PartName("bond"), Decimal("2.25"))))
    text = allocation_text(found)
    parts = {part.key: part for part in text.parts}
    assert (parts["equity"].target, parts["equity"].state_words) == ("10.0 %", "above")
    assert parts["equity"].points.startswith("+")
    assert (parts["bond"].detail, parts["bond"].points, parts["bond"].state_words) == (
        "nothing held",
        "−2.2",
        "in the band",
    )
    assert (parts["cash"].target, parts["cash"].state) == ("—", "")
    assert (text.unassigned, text.tolerance, text.total.target) == ("87.75 %", "5.0 points", "12.25 %")


def test_what_has_no_price_is_named_and_in_no_part() -> None:
    found = allocation(Dimension.HOLDING)
    text = allocation_text(found)
    unpriced = {str(row.symbol) for row in found.unpriced}
    assert unpriced
    assert unpriced.isdisjoint({part.key for part in text.parts})
    assert all(symbol in text.note for symbol in unpriced)


def test_the_scripts_are_told_what_belongs_to_what() -> None:
    data = allocation_data(allocation(Dimension.COUNTRY, (Target(PartName("CH"), Decimal("12.50")),)))
    assert data["by"] == "country"
    assert data["head"] == 7
    assert data["targets"] == {"CH": "12.50"}
    assert data["target_names"] == {"CH": "Switzerland"}
    assert data["words"] == {"cash": "Cash", "due": "Dividends due", "unknown": "Unclassified"}
    assert allocation_data(allocation(Dimension.ACCOUNT))["parts"] == {}


def test_parts_are_called_as_people_call_them() -> None:
    assert part_name(PartName("equity"), Dimension.CLASS) == "Shares"
    assert part_name(PartName("l:gold", "Gold"), Dimension.CLASS) == "Gold"
    assert part_name(PartName("GB"), Dimension.COUNTRY) == "United Kingdom"
    assert part_name(PartName("unknown"), Dimension.TAG) == "Without a tag"
    assert part_name(PartName("unknown"), Dimension.SECTOR) == "Unclassified"
    assert part_name(PartName("a1", "Broker"), Dimension.ACCOUNT) == "Broker"
    assert part_name(PartName("USD"), Dimension.CURRENCY) == "USD"


def test_figures_are_written_as_the_person_writes_them() -> None:
    with written_as(GERMAN):
        assert percent_text(Decimal("12.25")) == "12,25 %"
        assert points_text(Decimal("-3.26")) == "−3,3"
    assert points_text(Decimal("0.04")) == "0.0"


def test_nothing_below_zero_has_a_bar() -> None:
    assert bar_width(Decimal(-5), Decimal(10)) == "0"
    assert bar_width(Decimal(5), Decimal(0)) == "0"
    assert bar_width(Decimal(5), Decimal(10)) == "50.00"
    assert minus_note(allocation()) == ""
