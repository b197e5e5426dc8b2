from decimal import Decimal

from tests.statements.fast_entry.lines import GERMAN, read
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.fast_entry.line import PartKind


def test_a_line_is_whole_where_nothing_is_wrong_and_nothing_missing() -> None:
    assert read("sell 60 SAP").is_whole
    assert not read("sell 60").is_whole
    assert not read("sell 0 SAP").is_whole


def test_a_part_that_is_wrong_says_nothing() -> None:
    line = read("sell 0 SAP")
    assert line.part(PartKind.QUANTITY) is None
    assert PartKind.QUANTITY not in line.values()
    assert line.type is TransactionType.SELL


def test_numbers_are_written_as_the_person_types_them() -> None:
    assert GERMAN.figure(Decimal("1234.50")) == "1234,50"
