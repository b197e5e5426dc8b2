"""What is held, and where all that was gained comes from, as the gains page tells it."""

from __future__ import annotations

from decimal import Decimal

from tests.domain.definitions.walks import AT_110, BEFORE, LATE, maybe_gains, portfolio, shown
from tests.domain.ledger.bookings import (
    BANK,
    BROKER,
    NEWCO,
    buy,
    deposit,
    dividend,
    fee,
    sell,
    transfer_in,
    withdrawal,
)
from tests.domain.valuation.gain_reports import report
from tests.domain.valuation.market import EUR
from tests.domain.valuation.test_open_gains import gains_of
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.open_gains import open_totals
from tickfolio.web.open_gain_texts import (
    StepText,
    open_texts,
    open_total_text,
    steps_texts,
    wanted_holdings,
)

D = Decimal
HELD = buy(BEFORE, "10", "1000 USD")


def steps(*transactions: Transaction) -> tuple[StepText, ...]:
    told = report(*transactions)
    held = gains_of(*transactions, quotes=AT_110)
    return steps_texts(
        shown(portfolio(*transactions)).totals.value,
        maybe_gains(*transactions),
        realized=told.sums(list(told.rows(Wanted()))).total.gain,
        sums=told.year_sums(Wanted()),
        unrealized=open_totals(held, places=2).gain,
    )


def amount(text: str) -> Decimal:
    return D(text.replace("−", "-").replace(",", ""))


def test_a_holding_has_both_currencies_its_parts_and_its_percentage() -> None:
    (text,) = open_texts(gains_of(HELD), base=EUR)
    assert (text.symbol, text.account, text.quantity) == ("AAPL", "Broker", "10")
    assert (text.cost.text, text.cost.traded) == ("800.00", "1,000.00 USD")
    assert (text.value.text, text.value.traded) == ("990.00", "1,100.00 USD")
    assert (text.gain.text, text.traded_gain, text.percent.text) == ("+190.00", "+100.00 USD", "+23.75 %")
    assert (text.price.text, text.currency.text, text.reason) == ("+90.00", "+100.00", "")


def test_what_is_not_available_says_why_and_is_no_zero() -> None:
    unknown = gains_of(transfer_in(BEFORE, "3"))
    (text,) = open_texts(unknown, base=EUR)
    assert (text.cost.text, text.gain.text, text.traded_gain, text.percent.text) == ("—", "not available", "", "—")
    assert text.reason == "what was transferred in on 2012-05-14 came without its cost"
    total = open_total_text(unknown, base=EUR)
    assert (total.cost.text, total.gain.text, total.percent.text, total.reason) == ("—", "—", "—", "without 1 holding")


def test_the_sum_is_of_what_is_shown() -> None:
    held = gains_of(HELD, buy(BEFORE, "2", "50 USD", symbol=NEWCO))
    assert [each.symbol for each in wanted_holdings(held, Wanted(symbol=NEWCO))] == ["NEWCO"]
    assert wanted_holdings(held, Wanted(account=BANK)) == ()
    assert wanted_holdings(held, Wanted(2011, BROKER)) == held
    total = open_total_text(held, base=EUR)
    # 190 + 50, of 800 + 40.
    assert (total.gain.text, total.percent.text, total.reason) == ("+240.00", "+28.57 %", "")


def test_the_lines_lead_from_what_was_paid_in_to_the_value_to_the_cent() -> None:
    found = steps(
        deposit(BEFORE, "1000.01 USD"),
        withdrawal(LATE, "3.33 EUR"),
        buy(BEFORE, "3", "100.01 USD"),
        sell(LATE, "1", "50.03 USD"),
        dividend(LATE, "7.77 USD", tax="1.11"),
        fee(LATE, "0.55 USD"),
    )
    paid_in, *parts, value, gained = (amount(line.figure.text) for line in found)
    assert paid_in + sum(parts) == value
    assert value - paid_in == gained == sum(parts)
    assert [line.label for line in found if line.is_total] == ["Value now", "All that was gained"]


def test_the_currency_result_is_what_the_engine_says_and_rounding_is_a_line_of_its_own() -> None:
    booked = deposit(BEFORE, "1000.01 USD"), buy(BEFORE, "3", "100.01 USD"), sell(LATE, "1", "50.03 USD")
    exact = maybe_gains(*booked)
    assert not isinstance(exact, NotAvailable)
    found = {each.label: each.figure.text for each in steps(*booked)}
    assert amount(found["Currency result on cash"]) == round(exact.cash_currency, 2)
    assert abs(amount(found.get("Rounding", "0.00"))) < D("0.05")
    assert "Rounding" not in {each.label for each in steps(deposit(BEFORE, "1000 EUR"))}


def test_without_a_price_or_a_cost_there_are_no_lines() -> None:
    assert steps(transfer_in(BEFORE, "3")) == ()
