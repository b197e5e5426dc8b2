"""One activity of Ghostfolio; whole files are read in test_ghostfolio_csv.py and test_ghostfolio_json.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.statements.activities import Activity, entry_from

BUY = Activity(
    kind="BUY",
    at=date(2021, 9, 16),
    account="Harbor",
    symbol="MSFT",
    currency="USD",
    quantity=Decimal(5),
    price=Decimal("298.58"),
    fee=Decimal(19),
    note="",
    is_by_hand=False,
)


def test_a_trade_keeps_price_quantity_and_fee() -> None:
    entry, remark = entry_from(BUY, dividend_fee=None)
    assert (entry.type, entry.quantity, entry.price, entry.fees) == (
        TransactionType.BUY, Decimal(5), Decimal("298.58"), Decimal(19),
    )  # fmt: skip
    assert (entry.amount, remark) == (None, "")


def test_amounts_in_pence_are_moved_and_remarked() -> None:
    entry, remark = entry_from(replace(BUY, currency="GBp"), dividend_fee=None)
    assert (entry.currency, entry.price, entry.fees) == ("GBP", Decimal("2.9858"), Decimal("0.19"))
    assert remark == "Amounts in GBp are kept in GBP."
    assert (entry.price_places, entry_from(BUY, dividend_fee=None)[0].price_places) == (-2, 0)


def test_a_number_of_many_digits_is_moved_without_loss() -> None:
    long = Decimal("1234567890123456789012345678.1234567890")
    entry, _ = entry_from(replace(BUY, currency="GBp", price=long), dividend_fee=None)
    assert entry.price == Decimal("12345678901234567890123456.781234567890")


def test_a_fee_by_hand_is_named_after_what_it_is_for() -> None:
    fee = replace(BUY, kind="fee", is_by_hand=True, symbol="14a69cb9", names={"14a69cb9": "Account Opening Fee"})
    entry, _ = entry_from(replace(fee, quantity=Decimal(0)), dividend_fee=None)
    assert (entry.symbol, entry.note, entry.amount) == ("", "Account Opening Fee", Decimal(19))


def test_a_fee_for_what_is_no_symbol_is_one_by_hand() -> None:
    entry, _ = entry_from(replace(BUY, kind="fee", symbol="Custody 2021", quantity=Decimal(0)), dividend_fee=None)
    assert (entry.symbol, entry.note) == ("", "Custody 2021")


@pytest.mark.parametrize(
    "activity",
    [replace(BUY, quantity=Decimal(-1)), replace(BUY, price=Decimal(-1)), replace(BUY, fee=Decimal(-1))],
    ids=["quantity", "price", "fee"],
)
def test_numbers_below_zero_are_refused(activity: Activity) -> None:
    with pytest.raises(InvalidValue, match="zero or more"):
        entry_from(activity, dividend_fee=None)


def test_a_long_note_is_cut_and_says_so() -> None:
    entry, remark = entry_from(replace(BUY, note="n" * 501), dividend_fee=None)
    assert (len(entry.note), remark) == (500, "The note was cut to 500 characters.")
