"""The bank's files, as it writes them and as nobody should."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.emulators.ecb import xml_of, zip_of
from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.codec import (
    EVERYTHING,
    LAST_90_DAYS,
    LATEST,
    MOST_BYTES_OF_XML,
    file_from,
    parse_file,
    parse_xml,
)
from tickfolio.feeds.feed import DayRates

WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)
DAYS = {
    WEDNESDAY: {"USD": "1.1172", "JPY": "178.30", "ISK": "N/A"},
    THURSDAY: {"USD": "1.1190", "JPY": "178.5", "ISK": "142.10"},
}


def test_the_days_are_told_oldest_first_exactly_as_written_and_published_at_four_in_frankfurt() -> None:
    first, second = parse_xml(xml_of(DAYS))
    assert first == DayRates(
        WEDNESDAY,
        datetime(2026, 11, 25, 15, 0, tzinfo=UTC),
        "EUR",
        {"USD": Decimal("1.1172"), "JPY": Decimal("178.30")},
    )
    assert str(first.rates["JPY"]) == "178.30"
    assert second.rates["ISK"] == Decimal("142.10")


def test_the_archive_tells_the_same() -> None:
    whole = parse_file(EVERYTHING, zip_of(DAYS), first=WEDNESDAY, last=THURSDAY)
    assert whole == parse_xml(xml_of(DAYS))
    assert parse_file(EVERYTHING, zip_of(DAYS), first=THURSDAY, last=THURSDAY) == whole[1:]


@pytest.mark.parametrize(
    ("first", "today", "expected"),
    [
        (date(2026, 11, 27), date(2026, 11, 27), LATEST),
        (date(2026, 11, 28), date(2026, 11, 30), LATEST),  # a weekend, then Monday
        (date(2026, 11, 27), date(2026, 11, 29), LATEST),  # Friday, then a weekend
        (date(2026, 11, 27), date(2026, 11, 30), LAST_90_DAYS),
        (date(2026, 9, 3), date(2026, 11, 27), LAST_90_DAYS),
        (date(2026, 9, 2), date(2026, 11, 27), EVERYTHING),
        (date(1999, 1, 4), date(2026, 11, 27), EVERYTHING),
    ],
)
def test_the_smallest_file_that_holds_the_days_is_asked_for(first: date, today: date, expected: str) -> None:
    assert file_from(first, today=today) == expected


@pytest.mark.parametrize(
    ("changed", "into"),
    [
        (b"1.1172", b"0"),
        (b"1.1172", b"-1.1172"),
        (b"1.1172", b"NaN"),
        (b"1.1172", b"1e999"),
        (b"1.1172", b"1,1172"),
        (b"1.1172", b""),
        (b"'USD'", b"'dollar'"),
        (b"'JPY'", b"'USD'"),
        (b"2026-11-25", b"2026-11-26"),
        (b"2026-11-25", b"2026-11-31"),
        (b"2026-11-25", b"yesterday"),
        (b"2002-08-01/eurofxref", b"2027-08-01/eurofxref"),
        (b"</Cube></gesmes", b"</gesmes"),
        (b"UTF-8", b"latin-99"),
    ],
)
def test_what_is_no_rate_is_refused(changed: bytes, into: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_xml(xml_of(DAYS).replace(changed, into))


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x [<!ENTITY a "1">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(declared: str) -> None:
    with pytest.raises(FeedDataError, match="without a document type"):
        parse_xml(xml_of(DAYS).replace(b"<gesmes:Envelope", declared.encode() + b"<gesmes:Envelope", 1))


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"\xff\xfe\x00", xml_of({}), b" " * MOST_BYTES_OF_XML + b"<"]
)
def test_what_is_not_the_banks_xml_is_refused(body: bytes) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_xml(body)


def test_a_day_without_rates_is_refused() -> None:
    with pytest.raises(FeedDataError, match="found none"):
        parse_xml(xml_of({WEDNESDAY: {"USD": "N/A"}}))


@pytest.mark.parametrize(("path", "whole"), [(LATEST, xml_of(DAYS)), (EVERYTHING, zip_of(DAYS))], ids=["xml", "zip"])
@given(data=st.data())
def test_damage_is_refused_or_leaves_rates_that_are_rates(path: str, whole: bytes, data: st.DataObject) -> None:
    raw = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        days = parse_file(path, damaged, first=date(1999, 1, 4), last=date(2099, 1, 1))
    except FeedDataError:
        return
    assert all(rate.is_finite() and rate > 0 for day in days for rate in day.rates.values())
