"""What splits and dividends made of one unit of a benchmark, explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.domain.explain.checked import check
from tests.domain.explain.followed_instruments import IDX, followed
from tests.domain.explain.moments import told
from tests.domain.ledger.bookings import moment
from tests.domain.valuation.market import EUR, USD, quote
from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend, Split, StockDistribution
from tickfolio.domain.explain.benchmark_levels import Levels
from tickfolio.domain.explain.followed import Followed
from tickfolio.domain.explain.nodes import Explained

D = Decimal
START = moment("2012-05-14 22:00")


def dividend(day: str, amount: str, currency: str = "USD") -> CashDividend:
    return CashDividend(IDX, date.fromisoformat(day), D(amount), USD if currency == "USD" else EUR)


def split(day: str, new: int, old: int) -> Split:
    return Split(IDX, date.fromisoformat(day), new, old)


def level(found: Followed, at: str = "2012-05-20", *, since: str = "2012-05-14 22:00") -> Explained:
    tree = Levels(found, moment(since)).level(moment(at))
    check(tree)
    return tree


def test_without_anything_a_level_is_a_price() -> None:
    tree = level(followed({"2012-05-14": "100.00", "2012-05-16": "90.00"}))
    assert (tree.formula, tree.value) == ("price", D("90.00"))
    assert "Close of IDX = 90.00 USD (price, 2012-05-16 20:00:00Z, closes)" in told(tree)


def test_what_the_quote_says_goes_behind_the_closes() -> None:
    now = quote("95.00", day="2012-05-18", symbol="IDX")
    tree = level(followed({"2012-05-14": "100.00"}, quote=now))
    assert "Price of IDX = 95.00 USD (price, 2012-05-18 16:00:00Z, test)" in told(tree)
    assert "Close of IDX" in told(level(followed({"2012-05-14": "100.00"}, quote=now), "2012-05-15"))


def test_a_dividend_buys_more_at_the_first_close_that_knows_it() -> None:
    found = followed({"2012-05-14": "100.00", "2012-05-16": "98.00"}, dividend("2012-05-16", "2.00"))
    tree = level(found)
    assert tree.formula == "units × price"
    assert tree.value == pytest.approx(D(100), abs=D("1e-40"))
    text = told(tree)
    assert "Dividends of IDX reinvested on 2012-05-16" in text
    assert "1 + Σ(dividends) ÷ price" in text
    assert "Dividend of IDX, a unit = 2.00 USD (corporate action, 2012-05-16 04:00:00Z)" in text
    assert level(found, "2012-05-16 19:00").formula == "price"
    assert level(found, since="2012-05-16 21:00").formula == "price"


def test_splits_and_what_comes_for_nothing_are_more_units() -> None:
    share = StockDistribution(IDX, date(2012, 5, 17), new=1, old=10)
    found = followed({"2012-05-14": "100.00", "2012-05-18": "45.00"}, split("2012-05-16", 2, 1), share)
    tree = level(found)
    assert tree.value == D("99.00")
    text = told(tree)
    assert "Split of IDX on 2012-05-16 = 2" in text
    assert "1 + new ÷ old" in text


def test_what_is_paid_before_a_split_is_of_the_old_units() -> None:
    back = CapitalRepayment(IDX, date(2012, 5, 17), D("1.00"), USD)
    known = dividend("2012-05-15", "2.00"), split("2012-05-16", 2, 1), back
    tree = level(followed({"2012-05-14": "100.00", "2012-05-18": "48.50"}, *known))
    # 97 of two new units, 2 of one old unit and 1 of each new one.
    assert tree.value == pytest.approx(D(101), abs=D("1e-40"))
    assert "1 + Σ(dividends ÷ splits) ÷ price" in told(tree)


def test_what_is_paid_in_another_currency_counts_at_the_rate_of_the_ex_date() -> None:
    found = followed({"2012-05-14": "100.00", "2012-05-16": "97.50"}, dividend("2012-05-16", "2.00", "EUR"), base=EUR)
    tree = level(found)
    assert tree.formula == "units × price × rate"
    text = told(tree)
    assert "Dividend of IDX, a unit, in USD = 2.5" in text
    assert "amount × rate" in text


def test_a_dividend_waits_for_a_price_above_zero() -> None:
    prices = {"2012-05-14": "100.00", "2012-05-15": "0.00", "2012-05-16": "50.00"}
    tree = level(followed(prices, dividend("2012-05-15", "50.00")))
    assert tree.value == D("100.00")
    waits = followed({"2012-05-14": "100.00"}, dividend("2012-05-15", "50.00"))
    assert level(waits).formula == "price"
