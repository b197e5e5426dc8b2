"""Ghostfolio's CSV; its samples are read in test_detection.py."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tickfolio.errors import UnknownStatement
from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import DividendFee, Entry, Format, Reading, Refusal

HEADING = "Date,Code,DataSource,Currency,Price,Quantity,Action,Fee,Note\n"


def outcome(row: str, reading: Reading | None = None) -> Entry | Refusal:
    """What became of the only row."""
    (only,) = read_statement((HEADING + row + "\n").encode(), reading=reading).rows
    return only.outcome


def test_columns_may_stand_in_any_order_and_case() -> None:
    text = "fee,action,QUANTITY,price,currency,code,date\n1,buy,2,30.5,USD,MSFT,2021-09-16\n"
    statement = read_statement(text.encode())
    assert statement.format is Format.GHOSTFOLIO_CSV
    (row,) = statement.rows
    assert isinstance(row.outcome, Entry)
    assert (row.outcome.quantity, row.outcome.price, row.outcome.fees) == (Decimal(2), Decimal("30.5"), Decimal(1))


def test_the_fee_of_a_dividend_is_asked_for_and_then_a_tax() -> None:
    row = "2021-11-17,MSFT,YAHOO,USD,0.62,5,dividend,0.93,"
    asked = outcome(row)
    assert isinstance(asked, Refusal)
    assert asked.asks is not None
    answered = outcome(row, Reading(dividend_fee=DividendFee.TAX))
    assert isinstance(answered, Entry)
    assert (answered.amount, answered.taxes) == (Decimal("3.10"), Decimal("0.93"))


def test_a_fee_for_an_instrument_of_a_feed_keeps_its_symbol_and_another_becomes_its_note() -> None:
    for_instrument = outcome("2021-11-17,MSFT,YAHOO,USD,0,0,fee,5,custody")
    by_hand = outcome("2021-11-17,Custody,MANUAL,USD,2,3,fee,5,for all")
    assert isinstance(for_instrument, Entry)
    assert isinstance(by_hand, Entry)
    assert (for_instrument.symbol, for_instrument.amount, for_instrument.note) == ("MSFT", Decimal(5), "custody")
    assert (by_hand.symbol, by_hand.amount, by_hand.note) == ("", Decimal(11), "Custody: for all")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2021-11-17,MSFT,YAHOO,USD,1,1,interest,2,", "Expected interest without a fee, was one of 2."),
        ("2021-11-17,MSFT,YAHOO,USD,1,1,liability,0,", "keeps no liabilities"),
        ("2021-11-17,MSFT,YAHOO,USD,1,1,item,0,", "keeps no valuables"),
        ("2021-11-17,MSFT,YAHOO,USD,1,1,swap,0,", "Expected BUY, SELL, DIVIDEND, FEE or INTEREST, was 'swap'."),
        ("2021-11-17,MSFT,YAHOO,USD,x,1,buy,0,", "Price: Expected a number"),
        ("2021-11-17,MSFT,YAHOO,USD,1,-1,buy,0,", "Expected quantity, price and fee of zero or more"),
        ("2021-11-17,MSFT,MANUAL,USD,0,0,fee,0,", "Expected a fee above zero, was 0."),
        ("yesterday,MSFT,YAHOO,USD,1,1,buy,0,", "Expected a date"),
    ],
)
def test_a_row_that_cannot_be_booked_says_why(row: str, expected: str) -> None:
    refused = outcome(row)
    assert isinstance(refused, Refusal)
    assert expected in refused.reason


def test_another_heading_is_refused_where_the_format_is_stated() -> None:
    with pytest.raises(UnknownStatement, match="Expected the columns date, code"):
        read_statement(b"date,type\n1,2\n", reading=Reading(format=Format.GHOSTFOLIO_CSV))
