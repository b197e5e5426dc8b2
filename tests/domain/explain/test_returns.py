"""Returns, gains and flows of a span, explained."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.examples import FEWER
from tests.domain.explain.checked import check
from tests.domain.explain.moments import told
from tests.domain.explain.spans import span, span_of
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import buy, deposit, interest, withdrawal
from tests.domain.valuation.test_any_portfolio import book_of
from tickfolio.domain.explain.returns import (
    annual_return,
    figures_of,
    money_weighted_return,
    span_flows,
    span_gain,
    time_weighted,
)
from tickfolio.domain.explain.risks import MEASURES, drawdown, risk_figure
from tickfolio.domain.market.quotes import NotAvailable


@settings(max_examples=FEWER)
@given(ledger=any_ledgers(min_size=6), seed=st.integers(0, 2**16), part=st.booleans())
def test_every_figure_of_a_span_is_what_its_formula_says_of_what_is_below(
    ledger: AnyLedger, seed: int, part: bool
) -> None:
    span = span_of(ledger, seed, account=book_of(ledger).accounts[0].id if part else "")
    figures = figures_of(span)
    twr, mwr = time_weighted(span), money_weighted_return(span)
    assert twr.value == figures.twr
    assert mwr.value == getattr(figures.mwr, "shown", figures.mwr)
    assert (span_gain(span).value, span_flows(span).value) == (figures.gain, figures.net_flow)
    for tree in (twr, mwr, span_gain(span), span_flows(span), annual_return(span), drawdown(span)):
        check(tree)
    for measure in MEASURES:
        check(risk_figure(span, measure, None))


def test_a_return_of_more_than_a_year_is_told_a_year() -> None:
    found = span(
        deposit("2011-05-02", "1000.00 USD"),
        deposit("2012-05-14", "500.00 USD"),
        buy("2012-05-14 13:00", "1", "500.00 USD"),
        first="2011-05-02",
        last="2012-05-20",
        prices={"2012-05-14": "500.00", "2012-05-18": "560.00"},
    )
    assert "(1 + return)^(365 ÷ days) − 1" in told(annual_return(found))
    assert told(money_weighted_return(found)).splitlines()[1].startswith("  = Σ(flows ÷ (1 + rate)^(days ÷ 365)) = 0 ±")


def test_what_was_there_at_the_start_is_paid_in_and_what_is_left_comes_back() -> None:
    found = span(
        deposit("2012-05-14", "1000.00 USD"),
        buy("2012-05-14 13:00", "1", "500.00 USD"),
        first="2012-05-14",
        last="2012-05-20",
        prices={"2012-05-14": "500.00", "2012-05-18": "560.00"},
    )
    later = replace(found, days=found.days[1:], places=found.places[1:])
    text = told(money_weighted_return(later))
    assert "= −value" in text
    assert "Value at the end of 2012-05-14 = -1000.00 USD" in text
    assert "(1 + rate)^(days ÷ period)" in text
    assert "Days from 2012-05-14 to 2012-05-14 = 0 days" in text
    assert "period: Days from 2012-05-14 to 2012-05-20 = 6 days" in text


def test_what_comes_with_a_price_that_was_not_known_counts_as_paid_in() -> None:
    found = span(
        deposit("2012-05-14", "1000.00 USD"),
        buy("2012-05-14 13:00", "1", "500.00 USD"),
        first="2012-05-14",
        last="2012-05-20",
        prices={"2012-05-17": "550.00", "2012-05-18": "560.00"},
    )
    assert "= before + gain − value" in told(money_weighted_return(found))
    gain = span_gain(found)
    assert (gain.formula, gain.value) == ("Σ(stretches)", figures_of(found).gain)
    assert "On 4 days a row without a value is left out." in told(gain)


def test_where_nothing_was_there_is_no_return() -> None:
    found = span(
        deposit("2012-05-14", "100.00 USD"),
        withdrawal("2012-05-14 13:00", "100.00 USD"),
        first="2012-05-15",
        last="2012-05-20",
    )
    reason = NotAvailable("nothing was there that could earn")
    assert time_weighted(found).value == annual_return(found).value == reason
    assert isinstance(money_weighted_return(found).value, NotAvailable)
    assert span_flows(found).value == 0


def test_where_all_was_taken_out_nothing_comes_back_at_the_end() -> None:
    found = span(
        deposit("2012-05-14", "100.00 USD"),
        interest("2012-05-15", "1.00 USD"),
        withdrawal("2012-05-19", "101.00 USD"),
        first="2012-05-14",
        last="2012-05-20",
    )
    text = told(money_weighted_return(found))
    assert "Paid out on 2012-05-19 = 101.00 USD" in text
    assert "Value at the end of" not in text
