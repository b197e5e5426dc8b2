"""Frankfurter's answers, as it writes them and as nobody should."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import DayRates
from tickfolio.feeds.frankfurter.codec import parse_rates, paths

DAY = date(2026, 11, 26)
RANGE = (
    b'{"amount":1.0,"base":"EUR","start_date":"2026-11-25","end_date":"2026-11-26",'
    b'"rates":{"2026-11-26":{"USD":1.1190,"JPY":178},"2026-11-25":{"USD":1.1172}}}'
)
ONE_DAY = b'{"amount":1.0,"base":"EUR","date":"2026-11-26","rates":{"USD":1.1190,"JPY":178}}'


def test_a_span_is_told_oldest_first_exactly_as_written() -> None:
    earlier, later = parse_rates(RANGE)
    assert earlier.day == date(2026, 11, 25)
    assert later == DayRates(
        DAY, datetime(2026, 11, 26, 15, 0, tzinfo=UTC), "EUR", {"USD": Decimal("1.1190"), "JPY": Decimal(178)}
    )
    assert str(later.rates["USD"]) == "1.1190"


def test_one_day_is_read_too() -> None:
    assert parse_rates(ONE_DAY) == parse_rates(RANGE)[1:]


def test_a_long_span_is_asked_for_in_parts() -> None:
    assert list(paths(date(2026, 1, 1), date(2026, 7, 1))) == [
        "/v1/2026-01-01..2026-03-31",
        "/v1/2026-04-01..2026-06-29",
        "/v1/2026-06-30..2026-07-01",
    ]
    assert list(paths(date(2026, 1, 2), date(2026, 1, 1))) == []


@pytest.mark.parametrize(
    ("changed", "into"),
    [
        (b'"EUR"', b'"USD"'),
        (b'"amount":1.0', b'"amount":100'),
        (b"1.1172", b"0"),
        (b"1.1172", b"-1"),
        (b"1.1172", b'"NaN"'),
        (b"1.1172", b"1e999"),
        (b"1.1172", b"null"),
        (b'{"USD":1.1172}', b"{}"),
        (b'{"USD":1.1172}', b"1.1172"),
        (b'{"USD":1.1172}', b"[]"),
        (b'"USD":1.1172', b'"usd":1.1172'),
        (b'"2026-11-25":{', b'"2026-02-30":{'),
        (b'"rates"', b'"quotes"'),
    ],
)
def test_what_is_no_rate_is_refused(changed: bytes, into: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_rates(RANGE.replace(changed, into))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html>", b"\xff\xfe\x00", RANGE[:60]])
def test_what_is_not_its_json_is_refused(body: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_rates(body)


@given(data=st.data(), whole=st.sampled_from([RANGE, ONE_DAY]))
def test_damage_is_refused_or_leaves_rates_that_are_rates(data: st.DataObject, whole: bytes) -> None:
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        days = parse_rates(bytes(raw))
    except FeedDataError:
        return
    assert all(rate.is_finite() and rate > 0 for day in days for rate in day.rates.values())
