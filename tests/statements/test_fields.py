"""The fields of Tickfolio's own files; whole rows are read in test_tickfolio_csv.py."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.statements.conventions import STATED
from tickfolio.statements.fast_entry.words import FEE_WORDS, TAX_WORDS, TYPES
from tickfolio.statements.fields import ALLOWED, FIELDS, NEEDED, account_name, entry_of, note_remark, type_of


@pytest.mark.parametrize("kind", TransactionType)
def test_every_type_of_the_ledger_has_its_fields(kind: TransactionType) -> None:
    assert kind in NEEDED
    assert NEEDED[kind] <= ALLOWED[kind] <= set(FIELDS)
    assert type_of(f" {kind.value.upper()} ") is kind


@pytest.mark.parametrize("word", [*TYPES, *FEE_WORDS, *TAX_WORDS])
def test_a_file_may_name_a_type_as_a_line_does(word: str) -> None:
    kind = TYPES.get(word) or (TransactionType.FEE if word in FEE_WORDS else TransactionType.TAX)
    assert type_of(word.capitalize()) is kind


def test_pence_are_kept_as_pounds_exactly() -> None:
    filled = {
        "type": "buy",
        "at": "2012-05-21",
        "symbol": "VOD.L",
        "quantity": "3",
        "price": "112.5",
        "amount": "337.5",
    }
    entry = entry_of({**filled, "currency": "GBp", "fees": "350"}, STATED)
    assert (entry.currency, entry.price, entry.amount, entry.fees) == (
        "GBP", Decimal("1.125"), Decimal("3.375"), Decimal("3.5"),
    )  # fmt: skip
    assert (entry.price_places, entry_of({**filled, "currency": "GBP"}, STATED).price_places) == (-2, 0)


def test_what_was_paid_cannot_be_in_pence() -> None:
    filled = {"type": "buy", "at": "2012-05-21", "symbol": "X", "quantity": "3", "price": "1", "currency": "USD"}
    with pytest.raises(InvalidValue, match="Expected GBP for what was paid, was GBX"):
        entry_of({**filled, "settlement_currency": "GBX", "settlement_amount": "2"}, STATED)


@pytest.mark.parametrize("text", ["1.5", "-1", "", "1e3", "12345678901", "٣"])
def test_a_ratio_of_a_split_is_a_whole_number(text: str) -> None:
    filled = {"type": "split", "at": "2012-05-21", "symbol": "X", "split_new": text or " ", "split_old": "1"}
    with pytest.raises(InvalidValue, match="Expected a whole number"):
        entry_of(filled, STATED)


def test_names_and_notes_have_their_limits() -> None:
    assert account_name("  Harbor ") == "Harbor"
    with pytest.raises(InvalidValue, match="at most 80 characters"):
        account_name("x" * 81)
    assert note_remark("x" * 500) == ""
    assert note_remark("x" * 501) == "The note was cut to 500 characters."
