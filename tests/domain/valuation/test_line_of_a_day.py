"""The line of a day, undone transaction by transaction: what each of them moved in units and in cash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    NEWCO,
    buy,
    dividend,
    moment,
    money,
    reinvested,
    sell,
    settled,
    transfer_in,
    transfer_out,
)
from tests.domain.valuation.market import EUR, STEADY, USD
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.valuation.intraday import DayPrices, Holdings, day_values

D = Decimal
MORNING, NOON, EVENING = moment("2012-05-21 14:00"), moment("2012-05-21 16:00"), moment("2012-05-21 18:00")
BETWEEN = "2012-05-21 17:00"


def line(
    *recent: Transaction, held: str = "0", cash: str = "0", euros: str = "0", instrument: Instrument | None = None
) -> list[Decimal]:
    """The value in dollars at noon and in the evening; a share stands at 10 dollars."""
    holdings = Holdings(units={AAPL: D(held)} if held != "0" else {}, cash={USD: D(cash), EUR: D(euros)})
    return values(holdings, recent, instrument or Instrument(AAPL, "Apple", "XNYS", USD))


def values(holdings: Holdings, recent: Sequence[Transaction], instrument: Instrument) -> list[Decimal]:
    points = day_values(
        holdings,
        recent,
        DayPrices(opening={AAPL: D(10)}, minutes={NOON: {}, EVENING: {}}),
        instruments={AAPL: instrument},
        rates=STEADY,
        base=USD,
        effects={},
    )
    assert [point.at for point in points] == [NOON, EVENING]
    return [point.value for point in points]


@pytest.mark.parametrize(
    ("booked", "cash", "before"),
    [
        # Of two shares and their cash after it: without the shares, and with what was paid.
        (replace(buy(BETWEEN, "2", "20 USD", fees="3"), taxes=money("1 USD")), "0", "24"),
        (reinvested(BETWEEN, "9 USD", "2", "8 USD", fees="3", tax="1"), "0", "3"),
        (transfer_in(BETWEEN, "2"), "5", "5"),
    ],
)
def test_before_units_came_there_was_what_they_took(booked: Transaction, cash: str, before: str) -> None:
    assert line(booked, held="2", cash=cash) == [D(before), 20 + D(cash)]


@pytest.mark.parametrize(
    ("booked", "before"),
    [
        (replace(sell(BETWEEN, "2", "30 USD", fees="3"), taxes=money("1 USD")), "-6"),
        (replace(sell(BETWEEN, "2", "30 USD"), taxes=money("7 USD")), "-3"),
        (transfer_out(BETWEEN, "2", to=None), "20"),
    ],
)
def test_before_units_went_they_were_there(booked: Transaction, before: str) -> None:
    # 2 × 10 less the net proceeds that were not there yet; nothing is held of it now.
    assert line(booked) == [D(before), D(0)]


def test_a_transfer_within_the_portfolio_is_no_matter() -> None:
    assert line(transfer_out(BETWEEN, "2"), held="2") == [D(20), D(20)]


def test_what_was_settled_is_undone_in_what_moved() -> None:
    paid = replace(dividend(BETWEEN, "10 USD", tax="2"), settlement=settled("6 EUR", rate="0.75"))
    # Six euros at 1.25 dollars.
    assert line(paid, euros="6") == [D(0), D("7.50")]


def test_a_dividend_counts_from_its_ex_date_on() -> None:
    early = dividend("2012-05-22", "10 USD", tax="2", ex="2012-05-21 15:00")
    late = dividend("2012-05-22", "10 USD", tax="2", ex=BETWEEN)
    assert (line(early, cash="8"), line(late, cash="8")) == ([D(8), D(8)], [D(0), D(8)])


def test_transactions_are_undone_in_their_order_however_they_are_given() -> None:
    first, second = sell("2012-05-21 15:00", "1", "10 USD"), buy(BETWEEN, "3", "30 USD")
    for recent in ((first, second), (second, first)):
        assert line(*recent, held="2", cash="-20") == [D(0), D(0)]


def test_what_is_booked_at_the_end_of_a_minute_is_in_it() -> None:
    at_noon = replace(buy(BETWEEN, "2", "30 USD"), at=NOON)
    assert line(at_noon, held="2") == [D(20), D(20)]
    assert line(replace(at_noon, at=NOON + timedelta.resolution), held="2") == [D(30), D(20)]


def test_contract_size_and_quote_unit_are_in_the_line() -> None:
    option = Instrument(AAPL, "On 100 shares", "XNYS", USD, contract_size=D(100))
    pence = Instrument(AAPL, "In hundredths", "XNYS", USD, quote_unit=D(100))
    halves = Instrument(AAPL, "Both", "XNYS", USD, contract_size=D(2), quote_unit=D(2))
    pair = Instrument(AAPL, "A pair", "XNYS", USD, contract_size=D(2))
    half = Instrument(AAPL, "In halves", "XNYS", USD, quote_unit=D(2))
    found = [line(held="2", instrument=each)[1] for each in (option, pence, halves, pair, half)]
    assert found == [D(2000), D("0.20"), D(20), D(40), D(10)]


def test_what_has_no_price_is_left_out() -> None:
    holdings = Holdings(units={AAPL: D(2), Symbol(NEWCO): D(5)}, cash={USD: D(1)})
    assert values(holdings, [], Instrument(AAPL, "Apple", "XNYS", USD)) == [D(21), D(21)]
