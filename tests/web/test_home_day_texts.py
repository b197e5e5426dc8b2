"""All portfolios of one base currency together: the parts of the day, and how they are divided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.web.held_page import looking, valuation
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.web.home_day_texts import class_slices, together, together_text

EUR = Currency("EUR")


def rows() -> list[Row]:
    return list(valuation().rows)


def value_of(row: Row) -> Decimal:
    return row.worth.value if isinstance(row.worth, Worth) else Decimal(0)


def test_their_totals_are_the_sums_of_the_rows() -> None:
    both = together(rows() * 2, EUR)
    one = together(rows(), EUR)
    assert both.value == 2 * one.value == 2 * sum(map(value_of, rows()))
    parts = both.day_price, both.day_trading, both.day_currency, both.day_income, both.day_fees, both.day_taxes
    assert sum(parts) == both.day
    assert (both.priced, both.unpriced) == (2 * one.priced, 2 * one.unpriced)


def test_the_day_is_told_by_its_parts() -> None:
    text = together_text(rows(), EUR, looking=looking())
    assert [part.name for part in text.parts] == ["Price", "Trading", "Currency", "Income", "Fees", "Taxes"]
    assert text.totals.currency == "EUR"


def test_slices_are_by_class_the_largest_first_and_cash_last() -> None:
    held = [row for row in rows() if row.kind is RowKind.HOLDING and isinstance(row.worth, Worth)]
    first, *others = sorted(held, key=value_of, reverse=True)
    assert first.instrument is not None
    fund = first.but(instrument=replace(first.instrument, instrument_class=InstrumentClass.FUND))
    cash = [row for row in rows() if row.kind is not RowKind.HOLDING]
    every = [fund, *others, *cash]
    slices = class_slices(every, together(every, EUR))
    assert [each.name for each in slices][:2] in (["Shares", "Funds"], ["Funds", "Shares"])
    assert slices[-1].name.startswith("Cash")
    assert [each.colour for each in slices] == [1, 2, 6]


def test_equal_values_have_equal_weights() -> None:
    first = max((row for row in rows() if row.kind is RowKind.HOLDING), key=value_of)
    assert first.instrument is not None
    kinds = (InstrumentClass.FUND, InstrumentClass.BOND, InstrumentClass.EQUITY)
    thirds = [first.but(instrument=replace(first.instrument, instrument_class=kind)) for kind in kinds]
    slices = class_slices(thirds, together(thirds, EUR))
    assert [each.weight for each in slices] == ["33.3 %", "33.3 %", "33.3 %"]


def test_what_has_no_value_is_in_no_slice() -> None:
    lacking = [row for row in rows() if not isinstance(row.worth, Worth)]
    assert lacking
    assert class_slices(lacking, together(lacking, EUR)) == ()
