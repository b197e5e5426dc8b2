"""Alpaca's answers about finished days, as it writes them and as nobody should."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.alpaca.days import bars_query, finished, parse_actions, parse_bars

AT = datetime(2026, 11, 27, 15, 0, 5, tzinfo=UTC)
AAPL = Symbol("AAPL")
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
BARS = (
    b'{"bars":{"AAPL":[{"t":"2026-11-16T05:00:00Z","o":182.10,"h":182.90,"l":182.05,"c":182.55,"v":1000,"n":9,"vw":182.4},'
    b'{"t":"2026-07-16T04:00:00Z","o":1,"h":2,"l":0.5,"c":1.5,"v":1}]},"next_page_token":"QUFQTA=="}'
)
ACTIONS = (
    b'{"corporate_actions":{"cash_dividends":['
    b'{"id":"1","symbol":"AAPL","cusip":"037833100","rate":0.26,"special":false,"foreign":false,'
    b'"process_date":"2026-11-13","ex_date":"2026-11-10","record_date":"2026-11-10","payable_date":"2026-11-13"},'
    b'{"symbol":"AAPL","rate":1.5,"foreign":true,"ex_date":"2026-11-11"},'
    b'{"symbol":"IBM","rate":1.5,"foreign":false,"ex_date":"2026-11-11"}],'
    b'"forward_splits":[{"symbol":"AAPL","new_rate":1.5,"old_rate":1,"ex_date":"2026-06-10","process_date":"2026-06-10"}],'
    b'"reverse_splits":[{"symbol":"AAPL","new_rate":1,"old_rate":20,"ex_date":"2026-03-10","new_cusip":"1"}],'
    b'"spin_offs":[{"source_symbol":"AAPL"}]},"next_page_token":null}'
)


def test_a_day_is_new_yorks_in_summer_and_in_winter() -> None:
    bars, page = parse_bars(BARS, AAPL)
    assert [bar.day for bar in bars] == [date(2026, 11, 16), date(2026, 7, 16)]
    assert bars[0] == DailyBar(
        date(2026, 11, 16), Decimal("182.55"), Decimal("182.10"), Decimal("182.90"), Decimal("182.05"), Decimal(1000)
    )
    assert page == "QUFQTA=="
    assert parse_bars(b'{"bars":null,"next_page_token":null}', AAPL) == ([], "")
    assert parse_bars(b'{"bars":{}}', AAPL) == ([], "")


@pytest.mark.parametrize(
    ("changed", "into"),
    [
        (b'"h":182.90', b'"h":182.00'),
        (b'"c":182.55', b'"c":0'),
        (b'"c":182.55', b'"c":null'),
        (b'"l":182.05', b'"l":-1'),
        (b'"t":"2026-11-16T05:00:00Z"', b'"t":"monday"'),
        (b'"v":1000', b'"v":1e99'),
        (b'{"bars"', b'{"days"'),
    ],
)
def test_what_is_no_day_is_refused(changed: bytes, into: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_bars(BARS.replace(changed, into), AAPL)


def test_dividends_and_splits_are_read_and_what_is_not_sure_is_passed_over() -> None:
    actions, page = parse_actions(ACTIONS, AAPL, **YEAR)
    assert actions == [
        CashDividend(AAPL, date(2026, 11, 10), Decimal("0.26"), Currency("USD"), date(2026, 11, 13)),
        Split(AAPL, date(2026, 6, 10), new=3, old=2),
        Split(AAPL, date(2026, 3, 10), new=1, old=20),
    ]
    assert page == ""
    assert parse_actions(ACTIONS, AAPL, first=date(2026, 6, 10), last=date(2026, 6, 10))[0] == actions[1:2]
    assert parse_actions(b'{"corporate_actions":{}}', AAPL, **YEAR) == ([], "")


def test_a_payment_before_the_ex_date_is_no_day_of_payment() -> None:
    actions, _ = parse_actions(
        ACTIONS.replace(b'"payable_date":"2026-11-13"', b'"payable_date":"2026-11-09"'), AAPL, **YEAR
    )
    assert isinstance(actions[0], CashDividend)
    assert actions[0].pay_date is None


@pytest.mark.parametrize(
    ("changed", "into"),
    [
        (b'"rate":0.26', b'"rate":-0.26'),
        (b'"rate":0.26', b'"rate":1e999'),
        (b'"new_rate":1.5', b'"new_rate":0'),
        (b'"new_rate":1.5', b'"new_rate":1.00000001'),
        (b'"ex_date":"2026-06-10"', b'"ex_date":"soon"'),
        (b'{"corporate_actions"', b'{"actions"'),
    ],
)
def test_what_is_no_action_is_refused(changed: bytes, into: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_actions(ACTIONS.replace(changed, into), AAPL, **YEAR)


def test_a_day_is_finished_once_new_yorks_evening_is_over() -> None:
    friday = date(2026, 11, 27)
    assert finished(friday, at=datetime(2026, 11, 28, 1, 14, tzinfo=UTC)) == date(2026, 11, 26)
    assert finished(friday, at=datetime(2026, 11, 28, 1, 15, tzinfo=UTC)) == friday
    assert finished(date(2026, 11, 20), at=datetime(2026, 11, 28, 1, 0, tzinfo=UTC)) == date(2026, 11, 20)


def test_days_are_asked_for_as_paid_and_not_within_the_last_quarter_of_an_hour() -> None:
    query = bars_query(AAPL, first=date(2026, 11, 16), last=date(2026, 11, 20), at=AT, page="x")
    assert (query["start"], query["end"]) == ("2026-11-16", "2026-11-21T04:59:59Z")
    assert (query["adjustment"], query["feed"], query["page_token"]) == ("raw", "sip", "x")
    assert bars_query(AAPL, first=date(2026, 11, 16), last=date(2026, 11, 27), at=AT)["end"] == "2026-11-27T14:44:05Z"


@given(data=st.data())
def test_damage_is_refused_or_leaves_prices_that_are_prices(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([BARS, ACTIONS])))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    for parse in (bar_prices, dividends):
        try:
            assert all(price.is_finite() and price > 0 for price in parse(bytes(raw)))
        except FeedDataError:
            continue


def bar_prices(body: bytes) -> list[Decimal]:
    return [bar.close for bar in parse_bars(body, AAPL)[0]]


def dividends(body: bytes) -> list[Decimal]:
    return [action.amount for action in parse_actions(body, AAPL, **YEAR)[0] if isinstance(action, CashDividend)]
