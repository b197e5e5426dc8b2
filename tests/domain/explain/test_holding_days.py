"""The day of a holding, explained term by term."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.explain.moments import row_of, standing, told
from tests.domain.ledger.bookings import AAPL, NEWCO, buy, dividend, fee, return_of_capital, sell, spin_off, split
from tests.domain.valuation.market import quote
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.days import row_day
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.options import AccountOptions, CostMethod

D = Decimal
APPLE = "h:broker:AAPL"


def test_what_was_held_gains_by_price_and_by_rate() -> None:
    found = standing(buy("2012-05-16", "10", "5000.00 USD"), quotes=(quote("557.43", "530.38"),))
    row = row_of(found, APPLE)
    assert row_day(found, row).value == D("773.83")  # 10 × (557.43 × 0.9 − 530.38 × 0.8)
    assert row_day(found, row, "price").value == D("243.45")
    text = told(row_day(found, row))
    assert "held × price × rate − held × close × rate then" in text
    assert "Close of AAPL before, of 2012-05-18 = 530.38 USD" in text
    assert told(row_day(found, row, "currency")).splitlines()[1] == (
        "  = total − price − trading − income − fees − taxes"
    )


def test_what_was_bought_sold_and_turned_in_the_day_is_trading() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        sell("2012-05-21 14:30", "4", "2200.00 USD"),
        buy("2012-05-21 15:00", "5", "2750.00 USD"),
        sell("2012-05-21 15:10", "3", "1700.00 USD"),
        quotes=(quote("557.43", "530.38"),),
        options=AccountOptions(method=CostMethod.LIFO),
    )
    row = row_of(found, APPLE)
    text = "\n".join(told(row_day(found, row, part)) for part in ("total", *PARTS))
    for name in ("What was held at the reference", "What was sold since", "What was bought since"):
        assert name in text
    assert "What was bought and sold since, by its price" in text
    assert "What was sold since, had it been kept" in text


def test_income_and_charges_of_the_day_are_parts_of_their_own() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        dividend("2012-05-21 15:00", "10.00 USD", tax="1.50"),
        fee("2012-05-21 15:00", "2.00 USD", symbol=AAPL),
        quotes=(quote("557.43", "530.38"),),
    )
    row = row_of(found, APPLE)
    assert row_day(found, row, "income").value == D("9.00")
    assert row_day(found, row, "fees").value == D("-1.80")
    assert row_day(found, row, "taxes").value == D("-1.35")
    assert "round(−(Σ(fees)), 2)" in told(row_day(found, row, "fees"))


def parts_of(found: Standing, key: str = APPLE) -> str:
    row = row_of(found, key)
    return "\n".join(told(row_day(found, row, part)) for part in ("total", *PARTS))


def test_what_a_spin_off_brought_has_no_reference() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        spin_off("2012-05-21 14:30", 1, 2, "0.1"),
        quotes=(quote("557.43", "530.38"), quote("50.00", "48.00", symbol=str(NEWCO))),
    )
    text = parts_of(found, f"h:broker:{NEWCO}")
    assert "arrived × price × rate" in text
    more = standing(
        buy("2012-05-16", "4", "200.00 USD", symbol=NEWCO),
        buy("2012-05-16", "10", "5000.00 USD"),
        spin_off("2012-05-21 14:30", 1, 2, "0.1"),
        quotes=(quote("557.43", "530.38"), quote("50.00", "48.00", symbol=str(NEWCO))),
    )
    assert "later: Units that a spin-off brought since = 5 units" in parts_of(more, f"h:broker:{NEWCO}")


def test_units_that_were_sold_before_a_split_count_in_those_after_it() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        sell("2012-05-21 14:30", "4", "2200.00 USD"),
        split("2012-05-21 15:00", 2, 1),
        quotes=(quote("278.00", "265.19"),),
    )
    assert "units: Units sold since, on the basis of the price = 8 units" in parts_of(found)


def test_what_was_paid_for_no_unit_counts_as_it_is() -> None:
    back = return_of_capital("2012-05-21 15:00", "100.00 USD")
    found = standing(buy("2012-05-16", "10", "5000.00 USD"), back, quotes=(quote("557.43", "530.38"),))
    text = parts_of(found)
    assert "sold: What the sales brought = 90.0000" in text


def test_without_a_price_the_day_of_the_owner_counts() -> None:
    found = standing(buy("2012-05-21 10:00", "10", "5000.00 USD"), sell("2012-05-21 11:00", "10", "5100.00 USD"))
    text = parts_of(found)
    assert "What was bought and sold since" in text
    carried = standing(buy("2012-05-16", "10", "5000.00 USD"), sell("2012-05-21 11:00", "10", "5100.00 USD"))
    assert row_of(carried, APPLE).quantity == 0
