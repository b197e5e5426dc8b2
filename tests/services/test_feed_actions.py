"""What feeds tell of corporate actions, again and again and not always well."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from tests.live.market import AAPL, IBM
from tickfolio.config.composition import market_memory
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Renaming, Split
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.corporate_actions import actions_of
from tickfolio.services.feed_actions import actions_propose
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
USD = Currency("USD")
DAY = date(2012, 5, 21)
SPLIT = Split(AAPL, DAY, 2, 1)


@pytest.fixture(autouse=True)
def instruments() -> None:
    instruments_register(instruments=[Instrument(each, each, "XNAS", USD) for each in (AAPL, IBM)])


def dividend(amount: str, **parts: date) -> CashDividend:
    return CashDividend(AAPL, DAY, Decimal(amount), USD, **parts)


def recorded() -> list[tuple[CorporateAction, int]]:
    return [(each.fact.action, each.version) for each in actions_of()]


def test_what_a_feed_tells_is_recorded_with_its_name_and_a_repetition_appends_nothing() -> None:
    market_memory().propose((dividend("0.5"), SPLIT), "yahoo")
    assert actions_propose((dividend("0.5"), SPLIT), "yahoo") == 0
    assert recorded() == [(dividend("0.5"), 1), (SPLIT, 1)]
    assert {each.source for each in actions_of()} == {"yahoo"}


@pytest.mark.parametrize("told", ["0.2399999999999", "0.24", "0.24000000000000002", "0.2400004"])
def test_an_amount_that_is_a_little_off_in_the_last_places_is_no_correction(told: str) -> None:
    actions_propose((dividend("0.24"),), "yahoo")
    assert actions_propose((dividend(told),), "yahoo") == 0
    assert actions_propose((dividend("0.25"),), "yahoo") == 1
    assert recorded() == [(dividend("0.25"), 2)]


def test_a_day_of_payment_is_added_and_not_lost_again() -> None:
    paid = dividend("0.24", pay_date=DAY + timedelta(days=20))
    counts = [actions_propose((each,), "alpaca") for each in (dividend("0.24"), paid, dividend("0.24"), paid)]
    assert (counts, recorded()) == ([1, 1, 0, 0], [(paid, 2)])


def test_two_dividends_of_one_day_are_one_of_both_and_what_is_told_twice_counts_once() -> None:
    assert actions_propose((dividend("0.24"), dividend("0.240"), dividend("1.50")), "alpaca") == 1
    assert recorded() == [(dividend("1.74"), 1)]
    assert actions_propose((dividend("1.50"), dividend("0.24")), "alpaca") == 0


def test_what_cannot_be_recorded_is_left_out_and_logged_and_the_others_are_recorded() -> None:
    now = SystemClock().now().date()
    unknown = Split(Symbol("NOBODY"), DAY, 2, 1)
    later = Renaming(IBM, now + timedelta(days=10), Symbol("AAPL"))
    nowhere = Renaming(IBM, now, Symbol("NEWCO"))
    with capture_logs() as logged:
        assert actions_propose((unknown, later, nowhere, SPLIT), "yahoo") == 1
    assert recorded() == [(SPLIT, 1)]
    skipped = [(each["symbol"], each["reason"]) for each in logged if each["event"] == "actions.skipped"]
    assert skipped == [
        ("NOBODY", "NOBODY is no instrument that is known"),
        ("IBM", "a change of the symbol is recorded when its day has come"),
        ("IBM", "NEWCO is no instrument that is known"),
    ]


def test_a_second_feed_is_recorded_beside_the_first() -> None:
    assert actions_propose((dividend("0.24"),), "yahoo") == 1
    assert actions_propose((dividend("0.24"),), "alpaca") == 1
    assert [each.source for each in actions_of()] == ["yahoo", "alpaca"]
