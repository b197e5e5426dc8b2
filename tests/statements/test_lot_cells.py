"""Lots in one cell."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.statements.lot_cells import lots_from, lots_text, reference_from
from tickfolio.statements.rows import EntryLot


def test_lots_with_their_history_and_chosen_ones_come_back() -> None:
    received = (
        EntryLot(Decimal(10), acquired_at=datetime(2010, 3, 1, 15, tzinfo=UTC), cost=Decimal("3500.5")),
        EntryLot(Decimal(5), acquired_at=date(2011, 3, 1), cost=Decimal(0)),
    )
    assert lots_text(received) == "2010-03-01T15:00:00Z 10 3500.5; 2011-03-01 5 0"
    assert lots_from(lots_text(received)) == received
    chosen = (EntryLot(Decimal("2.5"), reference="r1"),)
    assert lots_from(lots_text(chosen)) == chosen
    assert lots_from(" ; ") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("r1", "Expected lots such as"),
        ("r1 x", "Expected a number"),
        ("2010-03-01 10 x", "Expected a number"),
        ("r1 1; 2010-03-01 1 2", "were both"),
        ("; ".join(["r1 1"] * 501), "at most 500 lots, were 501"),
        ("-1 5", "Expected a reference"),
    ],
)
def test_what_says_something_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        lots_from(text)


def test_a_reference_is_a_short_word() -> None:
    assert reference_from(" r1 ") == "r1"
    with pytest.raises(InvalidValue, match="at most 40 letters"):
        reference_from("x" * 41)
