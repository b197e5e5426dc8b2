"""Tickfolio's own CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given

from tests.statements.entries import ledgers
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import Entry, InstrumentFacts, Reading, Refusal
from tickfolio.statements.tickfolio_csv import COLUMNS, written

HEADING = "date,type,symbol,quantity,price,currency\n"


@given(ledgers())
def test_what_is_written_is_read_back_as_it_was(
    ledger: tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]],
) -> None:
    found, accounts, instruments = ledger
    text = "".join(written(found, accounts=accounts, instruments=instruments))
    statement = read_statement(text.encode())
    assert [row.outcome for row in statement.rows] == found
    assert statement.accounts == accounts
    assert statement.instruments == instruments
    assert statement.questions == ()
    assert statement.notices == ()


@given(ledgers())
def test_no_written_cell_is_a_formula(ledger: tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]]) -> None:
    found, accounts, instruments = ledger
    text = "".join(written(found, accounts=accounts, instruments=instruments))
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.lstrip(" ")[:1] in tuple("=+-@\t\r\n＝＋－＠")] == []


def test_the_heading_is_written_as_documented() -> None:
    assert "".join(written([], accounts={}, instruments={})) == ",".join(COLUMNS) + "\r\n"


def outcomes(text: str, reading: Reading | None = None) -> list[Entry | Refusal]:
    """What became of each row."""
    return [row.outcome for row in read_statement(text.encode(), reading=reading).rows]


def instruments(text: str) -> Mapping[str, InstrumentFacts]:
    """What the file says of instruments."""
    return read_statement(text.encode()).instruments


def reason(text: str) -> str:
    """Why the only row is refused."""
    (outcome,) = outcomes(text)
    assert isinstance(outcome, Refusal)
    return outcome.reason


def entry(text: str) -> Entry:
    """The entry of the only row."""
    (outcome,) = outcomes(text)
    assert isinstance(outcome, Entry)
    return outcome


@pytest.mark.parametrize("date", ["date", "TradeDate", "at"])
@pytest.mark.parametrize("symbol", ["code", "Symbol", "ticker"])
@pytest.mark.parametrize("quantity", ["qty", "quantity", "Shares", "units"])
@pytest.mark.parametrize("price", ["price", "TradePrice", "unitprice", "value"])
def test_a_column_is_found_under_each_of_its_names(date: str, symbol: str, quantity: str, price: str) -> None:
    found = entry(f"{date},type,{symbol},{quantity},{price},currency\n2012-05-21,buy,AAPL,3,557.43,USD\n")
    assert (found.symbol, found.quantity, found.price) == ("AAPL", Decimal(3), Decimal("557.43"))


@pytest.mark.parametrize("fees", ["commission", "fee", "fees"])
@pytest.mark.parametrize("kind", ["action", "Buy/Sell", "type"])
@pytest.mark.parametrize("currency", ["ccy", "currency", "CurrencyPrimary"])
@pytest.mark.parametrize("account", ["account", "accountid"])
@pytest.mark.parametrize("note", ["comment", "Note"])
def test_the_other_columns_too(fees: str, kind: str, currency: str, account: str, note: str) -> None:
    heading = f"date,{kind},symbol,quantity,price,{currency},{fees},{account},{note}"
    found = entry(f"{heading}\n2012-05-21,SELL,AAPL,3,557.43,usd,1.5,Harbor,why not\n")
    assert (found.type, found.currency, found.fees) == (TransactionType.SELL, "USD", Decimal("1.5"))
    assert (found.account, found.note) == ("Harbor", "why not")


def test_a_broker_s_negative_quantities_and_commissions_are_sales_and_costs() -> None:
    heading = "TradeDate,Buy/Sell,Symbol,Quantity,TradePrice,CurrencyPrimary,IBCommission,Taxes,Multiplier\n"
    found = entry(heading + "20230403,SELL,VTI,-17,204.3473,USD,-1,0,1\n")
    assert (found.quantity, found.fees, found.taxes) == (Decimal(17), Decimal(1), Decimal(0))
    assert "a cost below zero" in reason(heading + "20230403,SELL,VTI,-17,204.3473,USD,1,0,1\n")
    assert instruments(heading + "20230403,BUY,VTI,17,2.3,USD,-1,0,100\n")["VTI"].contract_size == 100
    assert "a contract size above 0" in reason(heading + "20230403,BUY,VTI,17,2.3,USD,-1,0,0\n")


def test_what_rows_say_of_an_instrument_comes_together_and_never_contradicts() -> None:
    heading = "date,type,symbol,quantity,price,currency,name,contract_size,quote_unit,instrument_class\n"
    text = (
        heading + "2012-05-21,buy,OPT,1,2.5,USD,,,,\n"
        "2012-05-22,buy,OPT,1,2.5,USD,An option,100,,Option\n2012-05-23,buy,OPT,1,2.5,USD,,10,,\n"
    )
    assert [type(outcome) for outcome in outcomes(text)] == [Entry, Entry, Refusal]
    assert instruments(text)["OPT"] == InstrumentFacts("An option", "", Decimal(100), None, "option")
    assert "Expected the contract size 100, as the file says elsewhere of OPT, was 10." in str(outcomes(text)[2])
    assert "Expected a class such as equity" in reason(heading + "2012-05-21,buy,OPT,1,2.5,USD,,,,house\n")
    assert "Contract size: Expected" in reason(heading + "2012-05-21,buy,OPT,1,2.5,USD,,many,,\n")


def test_pence_are_brought_to_pounds_once() -> None:
    heading = "date,type,symbol,quantity,price,currency,quote_unit\n"
    assert "in pence by its currency or by the quote unit" in reason(heading + "2012-05-21,buy,VOD,1,250,GBp,100\n")
    assert instruments(heading + "2012-05-21,buy,VOD,1,250,GBP,100\n")["VOD"].quote_unit == 100


def test_one_bad_row_costs_nothing_but_itself() -> None:
    text = (
        HEADING + '2012-05-21,buy,AAPL,3,1,USD\nnonsense\n"2012-05-21,buy,AAPL,3,1,USD\n2012-05-22,buy,AAPL,3,1,USD\n'
    )
    assert [type(outcome) for outcome in outcomes(text)] == [Entry, Refusal, Refusal, Entry]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2012-05-21,,AAPL,3,1,USD", "Expected a type such as buy; none is there."),
        (",buy,AAPL,3,1,USD", "Expected a date; none is there."),
        ("2012-05-21,buy,,3,1,USD", "Expected symbol on a buy; none is there."),
        ("2012-05-21,buy,AAPL,,,USD", "Expected quantity on a buy; none is there."),
        ("2012-05-21,buy,AAPL,1,,USD", "Expected a price or an amount on a buy, was neither."),
        ("2012-05-21,buy,AAPL,1,1,", "Expected currency on a buy; none is there."),
        ("2012-05-21,buy,AAPL,1,1,dollars", "Expected a currency code of three letters such as USD, was 'dollars'."),
        ("2012-05-21,deposit,AAPL,1,1,USD", "Expected amount on a deposit; none is there."),
        ("2012-05-21,split,AAPL,1,0,USD", "Expected split new and split old on a split; none is there."),
        ("2012-05-21,gift,AAPL,1,1,USD", "the ledger has no such type"),
        ("2012-02-30,buy,AAPL,1,1,USD", "Expected a date such as 2021-09-16"),
        ("1812-02-20,buy,AAPL,1,1,USD", "Expected a year from 1900 to 2199"),
        ("2012-05-21,buy,AAPL,1 000 00,1,USD", "Quantity: Expected a number such as 1234.56, was '1 000 00'."),
        ("2012-05-21,buy,AAPL,1E99,1,USD", "Quantity: Expected a number of at most 30 digits"),
    ],
)
def test_a_row_is_refused_with_what_was_expected(row: str, expected: str) -> None:
    assert expected in reason(HEADING + row + "\n")


def test_what_a_type_has_no_place_for_is_refused_unless_it_is_zero() -> None:
    heading = "date,type,amount,currency,quantity\n"
    assert "Expected no quantity on a deposit, was 5." in reason(heading + "2012-05-21,deposit,100,EUR,5\n")
    assert entry(heading + "2012-05-21,deposit,100,EUR,0\n").amount == Decimal(100)


def test_a_stated_amount_of_a_dividend_wins_over_quantity_times_price() -> None:
    heading = "date,type,symbol,quantity,price,amount,currency\n"
    assert entry(heading + "2012-05-21,dividend,AAPL,3,0.33,1,USD\n").amount == Decimal(1)
    assert entry(heading + "2012-05-21,dividend,AAPL,3,0.33,,USD\n").amount == Decimal("0.99")


def test_a_file_in_which_all_numbers_may_be_read_in_two_ways_is_asked_about() -> None:
    text = "date;type;symbol;quantity;price;currency\n2012-05-21;buy;AAPL;1,500;10;USD\n2012-05-22;buy;AAPL;2;10;USD\n"
    statement = read_statement(text.encode())
    assert [question.subject.value for question in statement.questions] == ["decimal_mark"]
    asked, clear = (row.outcome for row in statement.rows)
    assert isinstance(asked, Refusal)
    assert asked.asks is not None
    assert isinstance(clear, Entry)
    for mark, quantity in ((",", Decimal("1.5")), (".", Decimal(1500))):
        first = outcomes(text, Reading(decimal_mark=mark))[0]
        assert isinstance(first, Entry)
        assert first.quantity == quantity


def test_a_versioned_file_is_never_asked_about() -> None:
    found = entry("tickfolio,at,type,symbol,quantity,price,currency\n1,2012-05-21,buy,AAPL,1.500,10,USD\n")
    assert found.quantity == Decimal("1.500")
    assert "Expected a date whose day is known" in reason(
        "tickfolio,at,type,symbol,quantity,price,currency\n1,03/04/2012,buy,AAPL,1,10,USD\n"
    ) or "may be two days" in reason(
        "tickfolio,at,type,symbol,quantity,price,currency\n1,03/04/2012,buy,AAPL,1,10,USD\n"
    )


def test_a_long_note_is_cut_and_says_so() -> None:
    text = HEADING.strip() + ",note\n2012-05-21,buy,AAPL,1,10,USD," + "n" * 501 + "\n"
    (row,) = read_statement(text.encode()).rows
    assert isinstance(row.outcome, Entry)
    assert len(row.outcome.note) == 500
    assert row.remark == "The note was cut to 500 characters."
    assert row.raw.endswith("n" * 501)
