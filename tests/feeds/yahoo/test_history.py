from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from tests.feeds.emulators.yahoo import float32
from tests.feeds.yahoo.charts import AAPL, chart, chart_body, seconds
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import History
from tickfolio.feeds.yahoo.history import SETTLES, days_query, history_of

NOW = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
"""Noon in New York, on a Friday."""
TUESDAY, WEDNESDAY, FRIDAY = seconds(2026, 11, 24), seconds(2026, 11, 25), seconds(2026, 11, 27)
USD = Currency("USD")
PERIODS = {"regular": {"start": FRIDAY, "end": seconds(2026, 11, 27, 18, 0), "gmtoffset": -18000, "timezone": "EST"}}


def closes(*values: float | None) -> dict[str, object]:
    return {name: list(values) for name in ("open", "high", "low", "close")}


def read(
    times: Sequence[int],
    prices: Mapping[str, object],
    *,
    events: Mapping[str, object] | None = None,
    meta: Mapping[str, object] | None = None,
    first: date = date(1980, 1, 1),
    last: date = date(2026, 12, 31),
    now: datetime = NOW,
) -> History:
    body = chart_body(meta, times=times, prices=prices, events=events)
    return history_of(chart(body), AAPL, first=first, last=last, now=now)


def splits(*events: tuple[int, float, float]) -> dict[str, object]:
    return {
        "splits": {
            str(at): {"date": at, "numerator": new, "denominator": old, "splitRatio": f"{new}:{old}"}
            for at, new, old in events
        }
    }


def dividends(*events: tuple[int, float]) -> dict[str, object]:
    return {"dividends": {str(at): {"amount": amount, "date": at} for at, amount in events}}


def test_a_day() -> None:
    prices = {
        "open": [189.1999969482422],
        "high": [190.5],
        "low": [188.00999450683594],
        "close": [190.1199951171875],
        "volume": [45123456],
    }
    assert read([TUESDAY], prices).bars == (
        DailyBar(
            day=date(2026, 11, 24),
            open=Decimal("189.2"),
            high=Decimal("190.5"),
            low=Decimal("188.01"),
            close=Decimal("190.12"),
            volume=Decimal(45123456),
        ),
    )


def test_days_of_splits_before_are_as_they_were_paid_and_volumes_the_other_way() -> None:
    before, first, between, second = (seconds(2020 + n, 8, 3, 13) for n in range(4))
    times = [before, first, between, second]
    paid = [Decimal("499.23"), Decimal("129.04"), Decimal("301.07"), Decimal("99.99")]
    written = [float32(paid[0] / 12), float32(paid[1] / 3), float32(paid[2] / 3), float32(paid[3])]
    prices = {**closes(*written), "volume": [1200, 300, 301, 99]}
    history = read(times, prices, events=splits((second, 3, 1), (first, 4, 1)))
    assert [bar.close for bar in history.bars] == paid
    assert [bar.volume for bar in history.bars] == [100, 100, 100, 99]
    assert history.actions == (
        Split(AAPL, date(2021, 8, 3), new=4, old=1),
        Split(AAPL, date(2023, 8, 3), new=3, old=1),
    )


@pytest.mark.parametrize(
    ("new", "old", "ratio"),
    [
        (1.0, 10.0, (1, 10)),
        (1.0, 50.0, (1, 50)),
        (3.0, 2.0, (3, 2)),
        (21.0, 20.0, (21, 20)),
        (1.1, 1.0, (11, 10)),
        (103.0, 100.0, (103, 100)),
        (2.0, 3.0, (2, 3)),
        (1.0, 0.8, (5, 4)),
        (0.333333, 1.0, (1, 3)),
        (1.0, 29.9999, (1, 30)),
    ],
)
def test_ratios_with_fractions_become_whole_numbers(new: float, old: float, ratio: tuple[int, int]) -> None:
    (split,) = read([], {}, events=splits((TUESDAY, new, old))).actions
    assert isinstance(split, Split)
    assert (split.new, split.old) == ratio


@pytest.mark.parametrize(("new", "old"), [(1281.0, 1000.0), (1046.0, 1000.0), (1.0493, 1.0), (100.0, 103.0)])
def test_a_part_that_was_spun_off_changes_prices_and_nobodys_units(new: float, old: float) -> None:
    times = [TUESDAY, WEDNESDAY]
    with capture_logs() as logged:
        history = read(
            times,
            closes(float32(Decimal(100) / Decimal(new) * Decimal(old)), 80.5),
            events=splits((WEDNESDAY, new, old)),
        )
    assert history.actions == ()
    assert [bar.close for bar in history.bars] == [Decimal(100), Decimal("80.5")]
    assert [each["event"] for each in logged] == ["split.of_prices_only"]


def test_a_split_that_is_still_to_come_changes_nothing_yet() -> None:
    coming = splits((seconds(2026, 11, 30), 2, 1))
    history = read([TUESDAY], closes(10.5), events=coming)
    assert ([bar.close for bar in history.bars], history.actions) == ([Decimal("10.5")], ())


def test_a_split_of_today_is_known_before_the_session_is_over() -> None:
    history = read([TUESDAY], closes(10.5), events=splits((FRIDAY, 2, 1)), last=date(2026, 11, 27))
    assert history.actions == (Split(AAPL, date(2026, 11, 27), new=2, old=1),)
    assert [bar.close for bar in history.bars] == [Decimal(21)]


def test_a_split_of_one_for_one_is_none() -> None:
    assert read([], {}, events=splits((TUESDAY, 1, 1))).actions == ()


@pytest.mark.parametrize(("new", "old"), [(0, 1), (1, 0), (-2, 1)])
def test_a_split_that_cannot_be_is_an_error(new: float, old: float) -> None:
    with pytest.raises(FeedDataError, match="Expected a split"):
        read([], {}, events=splits((TUESDAY, new, old)))


def test_dividends_before_a_split_are_as_they_were_paid() -> None:
    events = {
        **dividends((seconds(2012, 8, 9, 13), 0.094643), (TUESDAY, 0.26)),
        **splits((seconds(2020, 8, 31, 13), 28, 1)),
    }
    assert [action for action in read([], {}, events=events).actions if isinstance(action, CashDividend)] == [
        CashDividend(AAPL, date(2012, 8, 9), Decimal("2.65"), USD),
        CashDividend(AAPL, date(2026, 11, 24), Decimal("0.26"), USD),
    ]


def test_dividends_in_pence_are_told_in_pounds() -> None:
    (dividend,) = read([], {}, events=dividends((TUESDAY, 5.4)), meta={"currency": "GBp"}).actions
    assert dividend == CashDividend(AAPL, date(2026, 11, 24), Decimal("0.054"), Currency("GBP"))


def test_distributed_gains_and_a_dividend_of_one_day_are_one_payment() -> None:
    events = {
        **dividends((TUESDAY, 0.25), (WEDNESDAY, 0.0)),
        "capitalGains": {str(TUESDAY): {"amount": 1.5, "date": TUESDAY}},
    }
    assert read([], {}, events=events).actions == (CashDividend(AAPL, date(2026, 11, 24), Decimal("1.75"), USD),)


def test_only_what_was_asked_for_is_told_but_later_splits_count() -> None:
    later = seconds(2026, 11, 26)
    history = read(
        [TUESDAY, WEDNESDAY, later],
        closes(10.0, 11.0, 24.0),
        events={**splits((later, 2, 1)), **dividends((WEDNESDAY, 0.5), (later, 0.25))},
        first=date(2026, 11, 25),
        last=date(2026, 11, 25),
    )
    assert [(bar.day.day, bar.close) for bar in history.bars] == [(25, Decimal(22))]
    assert history.actions == (CashDividend(AAPL, date(2026, 11, 25), Decimal(1), USD),)


def test_a_day_without_a_close_is_passed_over() -> None:
    bars = read([TUESDAY, WEDNESDAY], closes(None, 190.5)).bars
    assert [bar.day.day for bar in bars] == [25]


@pytest.mark.parametrize("close", [0, -37.63])
def test_a_close_that_nothing_can_be_bought_for_is_passed_over(close: float) -> None:
    assert read([TUESDAY], closes(close)).bars == ()


def test_a_day_whose_prices_contradict_themselves_keeps_its_close() -> None:
    prices = {"open": [189.5], "high": [188.5], "low": [187.5], "close": [190.5], "volume": [7]}
    assert read([TUESDAY], prices).bars == (
        DailyBar(day=date(2026, 11, 24), close=Decimal("190.5"), volume=Decimal(7)),
    )


def test_a_day_with_a_close_alone_is_told() -> None:
    prices = {"open": [None], "high": [0], "close": [190.5]}
    assert read([TUESDAY], prices).bars == (DailyBar(day=date(2026, 11, 24), close=Decimal("190.5")),)


def test_the_running_day_is_left_out_until_it_has_settled() -> None:
    def days(now: datetime) -> list[int]:
        history = read([WEDNESDAY, FRIDAY], closes(1.5, 2.5), meta={"currentTradingPeriod": PERIODS}, now=now)
        return [bar.day.day for bar in history.bars]

    end = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    assert days(NOW) == [25]
    assert days(end + SETTLES - timedelta(seconds=1)) == [25]
    assert days(end + SETTLES) == [25, 27]


def test_without_a_trading_period_the_running_day_ends_at_midnight_of_the_exchange() -> None:
    def days(now: datetime) -> list[int]:
        return [bar.day.day for bar in read([WEDNESDAY, FRIDAY], closes(1.5, 2.5), now=now).bars]

    assert days(datetime(2026, 11, 28, 4, 59, tzinfo=UTC)) == [25]
    assert days(datetime(2026, 11, 28, 5, 0, tzinfo=UTC)) == [25, 27]


def test_a_fund_of_one_price_a_day_is_finished_when_the_day_is_over() -> None:
    meta = {"currentTradingPeriod": PERIODS, "instrumentType": "MUTUALFUND"}
    evening = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
    assert [bar.day.day for bar in read([WEDNESDAY, FRIDAY], closes(1.5, 2.5), meta=meta, now=evening).bars] == [25]


def test_a_second_price_of_a_day_is_the_latest_one_and_not_its_bar() -> None:
    (bar,) = read([TUESDAY, TUESDAY + 3600], closes(1.5, 2.5)).bars
    assert bar.close == Decimal("1.5")


def test_days_are_those_of_the_exchange() -> None:
    meta = {"exchangeTimezoneName": "Pacific/Auckland"}
    (bar,) = read([seconds(2026, 11, 23, 21, 0)], closes(1.5), meta=meta).bars
    assert bar.day == date(2026, 11, 24)


@pytest.mark.parametrize("kind", ["CRYPTOCURRENCY", "CURRENCY", "MUTUALFUND", "INDEX"])
def test_what_is_no_number_of_units_is_no_volume(kind: str) -> None:
    (bar,) = read([TUESDAY], {**closes(1.5), "volume": [77]}, meta={"instrumentType": kind}).bars
    assert bar.volume is None


def test_no_days_are_no_days() -> None:
    assert read([TUESDAY], closes()).bars == ()
    assert history_of(chart(chart_body()), AAPL, first=date(2026, 1, 1), last=date(2026, 2, 1), now=NOW) == History(
        AAPL, ()
    )


@pytest.mark.parametrize(
    "prices",
    [
        closes(1.5, 2.5),
        {"close": ["NaN"]},
        {"close": ["sNaN"]},
        {"close": ["1e999"]},
        {**closes(1.5), "volume": ["NaN"]},
    ],
)
def test_what_contradicts_itself_is_an_error_of_the_data(prices: dict[str, object]) -> None:
    with pytest.raises(FeedDataError):
        read([TUESDAY], prices)


def test_another_length_than_days_is_refused() -> None:
    with pytest.raises(FeedDataError, match="Expected days"):
        read([TUESDAY], closes(1.5), meta={"dataGranularity": "1wk"})


def test_the_days_are_asked_for_until_now_and_what_happens_today() -> None:
    query = days_query(date(2026, 11, 24), now=NOW)
    assert query["period1"] == str(seconds(2026, 11, 23, 0, 0))
    assert query["period2"] == str(int(NOW.timestamp()) + 24 * 60 * 60)
    assert query["events"] == "div,splits,capitalGains"
