"""The gains report in words and figures. A dollar is 0.80 EUR when bought and 0.90 EUR when sold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import BANK, buy, dividend, fee, return_of_capital, sell, transfer_in
from tests.domain.valuation.gain_reports import BEFORE, LATE, report, rows
from tests.domain.valuation.market import EUR
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import Transaction, TransactionId
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.web.gain_texts import (
    GainText,
    SumsText,
    besides_texts,
    derived_text,
    gain_text,
    left_out_text,
    periods_text,
    sums_texts,
    unpaid_text,
)
from tickfolio.web.notation import GERMAN, written_as

BOUGHT, SOLD = buy(BEFORE, "3", "100.01 USD"), sell(LATE, "1", "50.03 USD")


def text(*transactions: Transaction, options: AccountOptions | None = None) -> GainText:
    (row,) = rows(*transactions, options=options or AccountOptions())
    return gain_text(row, base=EUR)


def sums(*transactions: Transaction, periods: HoldingPeriods = DEFAULT_PERIODS) -> tuple[SumsText, ...]:
    found = report(*transactions, periods=periods)
    return sums_texts(found.sums(list(found.rows(Wanted()))), periods)


def test_a_row_has_both_currencies_and_adds_up_in_each() -> None:
    found = text(BOUGHT, SOLD)
    assert (found.symbol, found.name, found.account, found.badge) == ("AAPL", "Apple Inc.", "Broker", "")
    assert (found.quantity, found.acquired, found.closed, found.days, found.term) == (
        "1",
        "14 May 2012",
        "21 May 2012",
        "7",
        "short",
    )
    assert (found.cost.text, found.cost.traded) == ("26.67", "33.34 USD")
    assert (found.proceeds.text, found.proceeds.traded) == ("45.03", "50.03 USD")
    assert (found.gain.text, found.gain.direction, found.traded_gain) == ("+18.36", "up", "+16.69 USD")
    assert (found.price.text, found.currency.text) == ("+15.02", "+3.34")


def test_a_row_in_the_base_currency_says_it_once() -> None:
    found = text(buy(BEFORE, "1", "10 EUR"), sell(LATE, "1", "9 EUR"))
    assert (found.cost.traded, found.proceeds.traded, found.traded_gain) == ("", "", "")
    assert (found.gain.text, found.gain.direction) == ("−1.00", "down")
    assert (found.currency.text, found.currency.direction) == ("0.00", "flat")


def test_a_row_is_written_as_its_reader_writes() -> None:
    with written_as(GERMAN):
        found = text(buy(BEFORE, "2000.5", "10000 EUR"), sell(LATE, "2000.5", "12000.5 EUR"))
    assert (found.quantity, found.gain.text, found.closed) == ("2.000,5", "+2.000,50", "21.05.2012")


def test_a_long_quantity_is_cut_and_told_whole() -> None:
    found = text(buy(BEFORE, "0.123456789", "10 EUR"), sell(LATE, "0.123456789", "9 EUR"))
    assert (found.quantity, found.whole_quantity) == ("0.123457", "0.123456789")


def test_what_it_was_stands_beside_a_row_that_is_no_sale() -> None:
    short = text(sell(BEFORE, "1", "10 EUR"), buy(LATE, "1", "9 EUR"), options=AccountOptions(allows_shorts=True))
    assert (short.badge, short.quantity) == ("sold short", "−1")
    back = text(buy(BEFORE, "1", "10 EUR"), return_of_capital(LATE, "1 EUR"))
    assert (back.badge, back.quantity) == ("return of capital", "—")


def test_a_row_without_a_gain_says_why() -> None:
    found = text(transfer_in(BEFORE, "1"), sell(LATE, "1", "10 USD"))
    assert found.reason == "what was transferred in on 2012-05-14 came without its cost"
    assert (found.gain.text, found.gain.direction) == ("not available", "none")
    assert (found.acquired, found.days, found.term, found.cost.text) == ("—", "—", "", "—")
    assert (found.proceeds.text, found.proceeds.traded) == ("—", "10.00 USD")


def test_sums_are_short_long_and_both() -> None:
    short, long, total = sums(
        buy("2011-05-14", "1", "10 EUR"), buy("2012-05-14", "1", "20 EUR"), sell("2012-05-15", "2", "60 EUR")
    )
    assert [each.label for each in (short, long, total)] == ["Short term", "Long term", "Total"]
    assert (short.hint, long.hint) == ("held for at most 12 months", "held for more than 12 months")
    assert (short.count, total.count, total.is_total) == ("1", "2", True)
    assert (total.cost, total.proceeds, total.gain.text) == ("30.00", "60.00", "+30.00")


def test_without_terms_there_is_one_sum() -> None:
    (total,) = sums(BOUGHT, SOLD, periods=HoldingPeriods(long_term_months=0))
    assert total.label == "Total"


def test_what_is_left_out_is_said_with_its_reason() -> None:
    unknown = transfer_in(BEFORE, "1"), sell(LATE, "1", "10 USD")
    found = report(*unknown)
    assert left_out_text(found.summary(Wanted())) == (
        "One lot is left out of the sums: what was transferred in on 2012-05-14 came without its cost."
    )
    found = report(
        *unknown, transfer_in(BEFORE, "1", symbol=next(found.rows(Wanted())).symbol), sell(LATE, "1", "10 USD")
    )
    assert left_out_text(found.summary(Wanted())).startswith("2 lots are left out of the sums; of the first, what was")
    found = report(BOUGHT, SOLD)
    assert left_out_text(found.summary(Wanted())) == ""


def test_what_stands_beside_has_no_arrow_but_what_cash_gained() -> None:
    found = report(dividend(LATE, "10 EUR", tax="1"), fee(LATE, "5 EUR")).year_sums(Wanted())
    texts = {each.label: (each.figure.text, each.figure.direction) for each in besides_texts(found)}
    assert texts == {
        "Dividends": ("10.00", "none"),
        "Interest": ("0.00", "none"),
        "Withholding tax": ("1.00", "none"),
        "Fees": ("5.00", "none"),
        "Taxes": ("0.00", "none"),
        "Currency result on cash": ("0.00", "flat"),
    }
    assert unpaid_text(found) == ""


def test_cash_is_not_asked_for_where_one_symbol_is() -> None:
    found = report(dividend(LATE, "10 EUR")).year_sums(Wanted(symbol=rows(BOUGHT, SOLD)[0].symbol))
    assert "Currency result on cash" not in {each.label for each in besides_texts(found)}


def test_what_has_no_rate_beside_is_said_with_its_reason() -> None:
    one = report(dividend(LATE, "10 JPY")).year_sums(Wanted())
    assert unpaid_text(one).startswith("One entry is left out: ")
    two = report(dividend(LATE, "10 JPY"), dividend(LATE, "10 JPY")).year_sums(Wanted(account=None))
    assert unpaid_text(two).startswith("2 entries are left out; of the first, ")
    assert unpaid_text(report(dividend(LATE, "10 JPY")).year_sums(Wanted(account=BANK))) == ""


@pytest.mark.parametrize(
    ("periods", "sentence"),
    [
        (DEFAULT_PERIODS, "the day of the purchase not counted; what was held for more than 12 months is long term."),
        (HoldingPeriods(DayCount.INCLUSIVE, 1), "both counted; what was held for more than 1 month is long term."),
        (HoldingPeriods(DayCount.THIRTY_360, 0), "(30E/360); short and long term are not told apart."),
    ],
)
def test_how_days_are_counted_is_a_sentence(periods: HoldingPeriods, sentence: str) -> None:
    assert periods_text(periods).startswith("Days are ")
    assert periods_text(periods).endswith(sentence)


def test_what_of_the_dividends_nobody_booked_is_told_where_there_is_any() -> None:
    booked = dividend(LATE, "10 EUR")
    applied = replace(booked, id=TransactionId("action:1:broker"))
    told = [derived_text(report(each).year_sums(Wanted()), EUR) for each in (booked, applied)]
    assert told == ["", "10.00 EUR"]
