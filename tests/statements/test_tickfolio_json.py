"""Tickfolio's own JSON."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given

from tests.statements.entries import ledgers
from tickfolio.errors import StatementError
from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import Entry, InstrumentFacts, Refusal, Statement
from tickfolio.statements.tickfolio_json import written


@given(ledgers())
def test_what_is_written_is_read_back_as_it_was(
    ledger: tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]],
) -> None:
    found, accounts, instruments = ledger
    text = document(found, accounts, instruments)
    statement = read_statement(text.encode())
    assert [row.outcome for row in statement.rows] == found
    assert statement.accounts == accounts
    assert statement.instruments == instruments
    assert statement.notices == ()


@given(ledgers())
def test_each_transaction_stands_in_its_line(
    ledger: tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]],
) -> None:
    text = document(*ledger)
    lines = text.split("\n")
    for row in read_statement(text.encode()).rows:
        assert row.raw in lines[row.line - 1]


def document(found: list[Entry], accounts: dict[str, str], instruments: dict[str, InstrumentFacts]) -> str:
    """The whole document."""
    pieces = written(
        found,
        portfolio={"name": "Long term", "base_currency": "EUR"},
        exported_at="2012-05-21T14:00:00Z",
        accounts=accounts,
        instruments=instruments,
    )
    return "".join(pieces)


def test_no_transactions_are_a_document_too() -> None:
    parsed = json.loads(document([], {"Harbor": "EUR"}, {}))
    assert parsed["format"] == "tickfolio"
    assert parsed["accounts"] == [{"name": "Harbor", "currency": "EUR"}]
    assert parsed["transactions"] == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('{"type": "buy"}', "Expected a date; none is there."),
        ('{"type": ["buy"]}', "Expected text or a number as type, was a list."),
        ('{"type": "deposit", "at": "2012-05-21", "amount": true, "currency": "EUR"}', "as amount, was true."),
        ('{"type": "deposit", "at": "2012-05-21", "amount": 1e40, "currency": "EUR"}', "at most 30 digits"),
        ('{"type": "deposit", "at": "2012-05-21", "amount": NaN, "currency": "EUR"}', "as amount, was NaN."),
        ('{"type": "deposit", "at": "2012-05-21", "amount": 1, "currency": "EUR", "x": 1}', "was also 'x'"),
        (
            '{"type": "deposit", "at": "2012-05-21", "amount": 1, "currency": "EUR", "note": {}}',
            "as note, was an object",
        ),
        ('"deposit"', "Expected a transaction as an object, was 'deposit'."),
        ("12345678901234567890123456789012345678901234567890123456789012", "was 12345678901234567890123456789"),
    ],
)
def test_one_bad_row_costs_nothing_but_itself(row: str, expected: str) -> None:
    good = '{"type": "deposit", "at": "2012-05-21", "amount": 1.10, "currency": "EUR"}'
    text = f'{{"format": "tickfolio", "version": 1, "transactions": [{good},\n{row},\n{good}]}}'
    before, bad, after = read_statement(text.encode()).rows
    assert isinstance(before.outcome, Entry)
    assert before.outcome == after.outcome
    assert isinstance(bad.outcome, Refusal)
    assert expected in bad.outcome.reason
    assert (bad.line, bad.raw) == (2, row)


@pytest.mark.parametrize(
    "member",
    [
        '"transactions": {}',
        '"transactions": 1',
        '"version": "1", "transactions": [1]',
        '"accounts": 1, "transactions": [1]',
    ],
)
def test_a_document_of_another_shape_is_refused(member: str) -> None:
    with pytest.raises(StatementError, match="Expected"):
        read_statement(f'{{"format": "tickfolio", {member}}}'.encode())


BOUGHT = '{"type": "buy", "at": "2012-05-21", "symbol": "OPT", "quantity": "1", "price": "2.5", "currency": "USD"}'


def of_instrument(members: str, *, row: str = BOUGHT) -> Statement:
    """A file with one purchase of an instrument of which it says this."""
    instruments = f'[{{"symbol": "OPT", {members}}}]'
    return read_statement(f'{{"format": "tickfolio", "instruments": {instruments}, "transactions": [{row}]}}'.encode())


def test_an_instrument_says_how_its_trades_are_counted() -> None:
    found = of_instrument('"contract_size": "100", "quote_unit": 1, "class": "option"')
    assert found.instruments["OPT"] == InstrumentFacts("", "", Decimal(100), Decimal(1), "option")
    assert of_instrument('"class": "Share"').instruments["OPT"].instrument_class == "equity"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ('"contract_size": "0"', "OPT among the instruments: Expected a contract size above 0"),
        ('"quote_unit": "many"', "OPT among the instruments: Quote unit: Expected a number"),
        ('"class": "house"', "Expected a class such as equity, fund or option, was 'house'."),
        ('"name": []', "Expected text or a number as name, was a list."),
        ('"contract_size": 1}, {"symbol": "OPT", "contract_size": 2', "Expected the contract size 1, as the file says"),
    ],
)
def test_what_cannot_be_so_refuses_the_rows_of_its_instrument(members: str, expected: str) -> None:
    (row,) = of_instrument(members).rows
    assert isinstance(row.outcome, Refusal)
    assert expected in row.outcome.reason


def test_what_is_not_read_of_an_instrument_is_named() -> None:
    assert of_instrument('"isin": "x", "colour": "red"').notices == (
        "Members that are not read: instruments.colour, instruments.isin.",
    )


def test_prices_in_pence_are_told_by_the_currency_or_by_the_instrument() -> None:
    (row,) = of_instrument('"quote_unit": 100', row=BOUGHT.replace("USD", "GBp")).rows
    assert isinstance(row.outcome, Refusal)
    assert "one of them is enough" in row.outcome.reason
