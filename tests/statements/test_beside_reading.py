"""What a file holds beside its transactions, read and written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tickfolio.errors import StatementError
from tickfolio.statements.beside import NOTHING, Beside, FileOf, NoteOf, PriceOf, SaidOf, TargetOf, TargetsOf
from tickfolio.statements.beside_reading import beside_document, beside_from, beside_in
from tickfolio.statements.json_document import members

ALL = Beside(
    notes=(NoteOf("AAPL", "Long run"),),
    classifications=(SaidOf("HOUSE", "Real estate", country="CH"),),
    targets=(TargetsOf("tag", Decimal("2.50"), (TargetOf("=home", Decimal(30), "Home"),)),),
    prices=(PriceOf("HOUSE", date(2012, 1, 2), Decimal("1050.125")),),
    files=(FileOf("r1", "note.pdf", "0" * 64),),
)


def test_what_is_written_is_read_again() -> None:
    assert beside_from(beside_document(ALL)) == ALL


def test_nothing_is_written_as_no_member() -> None:
    assert beside_document(NOTHING) == {}
    assert beside_from({}) == beside_in({}) == NOTHING


def test_numbers_are_read_exactly_as_well_as_text() -> None:
    text = '{"prices": [{"symbol": "HOUSE", "day": "2012-01-02", "price": 0.10}]}'
    assert beside_in(members(text)).prices[0].price == Decimal("0.10")


def test_a_fault_says_where_it_is() -> None:
    with pytest.raises(StatementError, match=r"\$\.notes\[0\]\.text"):
        beside_from({"notes": [{"symbol": "AAPL", "text": 5}]})
