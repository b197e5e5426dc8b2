from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.calendars import CONTINUOUS, CURRENCY_WEEK
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.web.forms.moments import (
    FIRST_DAY,
    LAST_DAY,
    PART_OF_DAY,
    DayReading,
    PartOfDay,
    TypedDay,
    TypedTime,
    day_meant,
    local_moment,
    local_parts,
    moment_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2012, 5, 21, 14, 31, 7, 500_000, tzinfo=UTC)
READING = DayReading(zone=BERLIN, now=NOW, calendar=exchange_calendar("XNAS"))
MONDAY, FRIDAY, SATURDAY = date(2012, 5, 21), date(2012, 5, 18), date(2012, 5, 19)


def moment(day: date, kind: TransactionType, clock: time | None = None, reading: DayReading = READING) -> str:
    return f"{moment_of(day, clock, kind=kind, reading=reading):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("kind", TransactionType)
def test_a_typed_time_is_of_the_persons_zone(kind: TransactionType) -> None:
    assert moment(FRIDAY, kind, time(15, 30)) == "2012-05-18 13:30:00"


@pytest.mark.parametrize("kind", [kind for kind in TransactionType if PART_OF_DAY[kind] is not PartOfDay.START])
def test_the_markets_day_without_a_time_is_now(kind: TransactionType) -> None:
    assert moment(MONDAY, kind) == "2012-05-21 14:31:07"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TransactionType.BUY, "2012-05-18 20:00:00"),
        (TransactionType.SELL, "2012-05-18 20:00:00"),
        (TransactionType.DIVIDEND, "2012-05-18 20:00:00"),
        (TransactionType.DEPOSIT, "2012-05-17 22:00:00"),
        (TransactionType.CURRENCY_EXCHANGE, "2012-05-17 22:00:00"),
        (TransactionType.WITHDRAWAL, "2012-05-18 21:59:59"),
        (TransactionType.FEE, "2012-05-18 21:59:59"),
        (TransactionType.SPLIT, "2012-05-18 04:00:00"),
    ],
)
def test_another_day_without_a_time_is_the_moment_that_its_type_stands_for(
    kind: TransactionType, expected: str
) -> None:
    assert moment(FRIDAY, kind) == expected


def test_a_split_comes_before_the_trades_of_its_day_even_on_the_markets_day() -> None:
    assert moment(MONDAY, TransactionType.SPLIT) == "2012-05-21 04:00:00"


def test_a_trade_on_a_day_without_a_session_is_at_the_end_of_the_persons_day() -> None:
    assert moment(SATURDAY, TransactionType.BUY) == "2012-05-19 21:59:59"


def test_a_trade_of_an_instrument_without_an_exchange_is_at_the_end_of_the_persons_day() -> None:
    assert moment(FRIDAY, TransactionType.SELL, reading=DayReading(zone=TOKYO, now=NOW)) == "2012-05-18 14:59:59"


def test_a_shortened_session_closes_when_it_did() -> None:
    assert moment(date(2012, 7, 3), TransactionType.BUY) == "2012-07-03 17:00:00"


@pytest.mark.parametrize("zone", [BERLIN, TOKYO, ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC")])
@pytest.mark.parametrize("kind", TransactionType)
def test_what_never_closes_is_traded_on_the_day_typed_and_in_its_tax_year(
    kind: TransactionType, zone: ZoneInfo
) -> None:
    reading = DayReading(zone=zone, now=datetime(2026, 11, 27, tzinfo=UTC), calendar=exchange_calendar(CONTINUOUS))
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        assert local_parts(moment_of(day, None, kind=kind, reading=reading), zone=zone)[0] == day
    sold = moment_of(date(2025, 12, 31), None, kind=TransactionType.SELL, reading=reading)
    assert local_parts(sold, zone=zone) == (date(2025, 12, 31), time(23, 59, 59))


def test_every_type_has_its_part_of_the_day() -> None:
    assert set(PART_OF_DAY) == set(TransactionType)


def test_a_time_that_clocks_were_put_forward_over_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"^Expected a time that there was on 25 March 2012, was 02:30: "):
        local_moment(date(2012, 3, 25), time(2, 30), zone=BERLIN)


def test_a_time_that_came_twice_is_the_first() -> None:
    assert f"{local_moment(date(2012, 10, 28), time(2, 30), zone=BERLIN):%H:%M}" == "00:30"


DAYS = st.dates(FIRST_DAY, LAST_DAY)
TIMES = st.times().map(lambda clock: clock.replace(microsecond=0))


CALENDARS = st.sampled_from([CONTINUOUS, CURRENCY_WEEK, "XNAS", "XLON", "XTKS", "XASX", "XFRA"])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"])


@given(st.dates(date(2005, 1, 1), date(2026, 6, 30)), CALENDARS, ZONES.map(ZoneInfo), st.sampled_from(TransactionType))
def test_a_day_alone_is_booked_within_it_wherever_the_exchange_s_own_moment_is(
    day: date, mic: str, zone: ZoneInfo, kind: TransactionType
) -> None:
    calendar = exchange_calendar(mic)
    reading = DayReading(zone=zone, now=datetime(2026, 11, 27, tzinfo=UTC), calendar=calendar)
    booked = moment_of(day, None, kind=kind, reading=reading)
    session = calendar.session_on(day)
    if calendar.is_continuous or (session is None and PART_OF_DAY[kind] is not PartOfDay.START):
        assert booked.astimezone(zone).date() == day
    elif PART_OF_DAY[kind] is PartOfDay.NOW_OR_CLOSE:
        assert session is not None
        assert booked == session.closes_at
    elif PART_OF_DAY[kind] is PartOfDay.START:
        assert booked.astimezone(calendar.zone).date() == day
    else:
        assert booked.astimezone(zone).date() == day


def test_a_typed_day_is_the_exchanges_unless_its_moment_tells_it() -> None:
    assert day_meant(FRIDAY, None, reading=READING) == FRIDAY
    assert day_meant(FRIDAY, time(15, 30), reading=READING) is None
    assert day_meant(MONDAY, None, reading=READING) is None


@given(DAYS, TIMES, st.sampled_from([BERLIN, TOKYO, ZoneInfo("America/New_York"), ZoneInfo("UTC")]))
def test_a_moment_is_shown_as_the_day_and_time_that_were_typed(day: date, clock: time, zone: ZoneInfo) -> None:
    try:
        at = local_moment(day, clock, zone=zone)
    except InvalidValue:
        return
    assert local_parts(at, zone=zone) == (day, clock)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Expected a day such as 2012-05-21; the field is empty."),
        ("21.5.2012", "Expected a day such as 2012-05-21, was 21.5.2012."),
        ("2012-02-30", "Expected a day such as 2012-05-21, was 2012-02-30."),
        ("0012-05-21", "Expected a day from 1 January 1900 to 31 December 2199, was 21 May 12."),
    ],
)
def test_what_is_no_day_is_answered_with_what_one_is(typed: str, message: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        TypedDay(label="Day").clean(typed)
    assert refused.value.messages == [message]


def test_a_time_may_be_typed_to_the_second_or_not_at_all() -> None:
    field = TypedTime(label="Time")
    assert [field.clean(typed) for typed in ("", "15:30", "15:30:07")] == [None, time(15, 30), time(15, 30, 7)]
    with pytest.raises(forms.ValidationError, match="Expected a time such as 15:30, was noon"):
        field.clean("noon")
