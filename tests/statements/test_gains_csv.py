"""The gains report as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from hypothesis import given

from tests.domain.ledger.bookings import buy, return_of_capital, sell, settled, transfer_in
from tests.domain.ledger.generated import GeneratedLedger, ledgers
from tests.domain.valuation.gain_reports import BEFORE, END, LATE, report_of, rows
from tests.domain.valuation.market import EUR, STEADY, generated_book
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.valuation.gain_rows import GainRow
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.statements.gains_csv import COLUMNS, written


def read(found: list[GainRow]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(written(found, base=EUR)), newline="")))


def test_a_lot_is_a_line_of_exact_decimals_and_plain_days() -> None:
    found = rows(buy(BEFORE, "3", "100.01 USD"), sell(LATE, "1", "50.03 USD"))
    (line,) = read(found)
    assert line == {
        "account": "Broker",
        "symbol": "AAPL",
        "name": "Apple Inc.",
        "closing": "sale",
        "quantity": "1",
        "acquired": "2012-05-14",
        "closed": "2012-05-21",
        "holding_days": "7",
        "term": "short",
        "cost": "33.336666666666666667",
        "cost_currency": "USD",
        "proceeds": "50.03",
        "proceeds_currency": "USD",
        "gain": "16.693333333333333333",
        "base_currency": "EUR",
        "base_cost": "26.67",
        "base_proceeds": "45.03",
        "base_gain": "18.36",
        "base_price_part": "15.02",
        "base_currency_part": "3.34",
        "not_available": "",
        "transaction": found[0].closed_by,
    }


def test_an_amount_has_the_places_of_its_currency_or_those_that_it_needs() -> None:
    (line,) = read(rows(buy(BEFORE, "3", "100.50 USD"), sell(LATE, "2", "50.255 USD")))
    assert (line["cost"], line["proceeds"], line["gain"]) == ("67.00", "50.255", "-16.745")
    (line,) = read(rows(buy(BEFORE, "3", "100 JPY"), sell(LATE, "3", "90 JPY")))
    assert (line["cost"], line["proceeds"], line["gain"]) == ("100", "90", "-10")


def test_nothing_is_the_heading_alone() -> None:
    assert "".join(written([], base=EUR)) == ",".join(COLUMNS) + "\r\n"


def test_what_is_not_available_is_empty_and_says_why() -> None:
    (unknown,) = read(rows(transfer_in(BEFORE, "10"), sell(LATE, "10", "1000 USD")))
    assert [unknown[name] for name in ("acquired", "holding_days", "term", "cost", "gain", "base_gain")] == [""] * 6
    assert (unknown["proceeds"], unknown["proceeds_currency"]) == ("1000.00", "USD")
    assert unknown["not_available"] == "what was transferred in on 2012-05-14 came without its cost"
    (mixed,) = read(rows(buy(BEFORE, "10", "1000 USD"), sell(LATE, "10", "950 EUR")))
    assert (mixed["gain"], mixed["base_gain"]) == ("", "150.00")
    assert mixed["not_available"] == "it was paid in USD and received in EUR"
    paid = settled("9 EUR", rate="0.009", of="JPY")
    (parts,) = read(rows(buy(BEFORE, "10", "1000 JPY", settlement=paid), sell(LATE, "10", "11 EUR")))
    assert (parts["base_gain"], parts["base_price_part"], parts["base_currency_part"]) == ("2.00", "", "")
    assert "JPY" in parts["not_available"]


def test_short_sales_and_paid_back_cost_are_told_apart() -> None:
    (short,) = read(
        rows(sell(BEFORE, "10", "10 EUR"), buy(LATE, "10", "9 EUR"), options=AccountOptions(allows_shorts=True))
    )
    assert (short["closing"], short["quantity"], short["gain"]) == ("cover", "-10", "1.00")
    (back,) = read(rows(buy(BEFORE, "10", "10 EUR"), return_of_capital(LATE, "3 EUR")))
    assert (back["closing"], back["quantity"], back["gain"]) == ("return_of_capital", "0", "0.00")


def test_a_name_that_could_be_a_formula_is_text() -> None:
    (row,) = rows(buy(BEFORE, "1", "10 EUR"), sell(LATE, "1", "11 EUR"))
    named = row.but(account=replace(row.account, name="=cmd()"), name="@home", symbol=Symbol("-X"))
    (line,) = read([named])
    assert (line["account"], line["name"], line["symbol"]) == ("'=cmd()", "'@home", "'-X")


@given(ledgers())
def test_every_ledger_is_as_many_lines_as_it_has_closed_lots(ledger: GeneratedLedger) -> None:
    found = list(report_of(generated_book(ledger), rates=STEADY, at=END).rows(Wanted()))
    lines = read(found)
    assert [line["closed"] for line in lines] == [row.closed.isoformat() for row in found]
    assert {name for line in lines for name in line} <= set(COLUMNS)
