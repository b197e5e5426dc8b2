from decimal import Decimal

import pytest

from tests.statements.fast_entry.lines import ENGLISH, read
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.fast_entry.line import Part, PartKind
from tickfolio.statements.fast_entry.settling import named_by, settled


def test_words_beside_each_other_name_one_instrument_and_words_apart_do_not() -> None:
    parts = [(part.kind.value, part.value) for part in read("buy apple inc 5 pear").parts]
    assert parts == [("type", "buy"), ("instrument", "apple inc"), ("quantity", Decimal(5)), ("unknown", "pear")]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("AAPL +1", TransactionType.BUY),
        ("AAPL -1", TransactionType.SELL),
        ("+1", TransactionType.DEPOSIT),
        ("-1 EUR", TransactionType.WITHDRAWAL),
        ("+1 @ 5", TransactionType.BUY),
        ("AAPL 1", None),
        ("AAPL +0", None),
    ],
)
def test_a_sign_says_what_is_booked_where_no_word_does(typed: str, kind: TransactionType | None) -> None:
    assert read(typed).type is kind


def test_a_part_that_a_type_does_not_have_is_refused() -> None:
    parts = [
        Part(PartKind.TYPE, 0, 7, TransactionType.DEPOSIT),
        Part(PartKind.AMOUNT, 8, 9, Decimal(5)),
        Part(PartKind.FEE, 10, 15, Decimal(1)),
    ]
    line = settled(parts, "deposit 5 fee 1", ground=ENGLISH)
    assert [part.fault for part in line.parts] == ["", "", "Expected no fee for this type, was fee 1."]


def test_the_mark_of_a_symbol_is_not_part_of_its_name() -> None:
    assert (named_by("$ON"), named_by("$"), named_by("AAPL")) == ("ON", "$", "AAPL")


def test_nothing_is_missing_in_a_line_that_nobody_has_begun() -> None:
    assert (read("  ").parts, read("  ").missing) == ((), ())
