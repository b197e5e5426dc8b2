from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.calendars import CONTINUOUS
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.web.booked_days import day_without_time
from tickfolio.web.forms.moments import DayReading, local_moment, moment_of

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
NOW = datetime(2012, 5, 21, 14, 31, tzinfo=UTC)
FRIDAY, SATURDAY = date(2012, 5, 18), date(2012, 5, 19)


@pytest.mark.parametrize("zone", [BERLIN, TOKYO, ZoneInfo("America/Los_Angeles")])
@pytest.mark.parametrize("kind", TransactionType)
def test_a_day_that_was_typed_alone_is_known_by_its_moment(kind: TransactionType, zone: ZoneInfo) -> None:
    calendar = exchange_calendar("XNAS")
    for day in (FRIDAY, SATURDAY):
        at = moment_of(day, None, kind=kind, reading=DayReading(zone=zone, now=NOW, calendar=calendar))
        # The day is the exchange's, where that is the next one of the person's.
        known = day_without_time(at, kind=kind, zone=zone, calendar=calendar)
        assert known == day or (known is None and at.astimezone(zone).date() > day)


@pytest.mark.parametrize("zone", [BERLIN, TOKYO, ZoneInfo("America/Los_Angeles")])
@pytest.mark.parametrize("kind", TransactionType)
def test_a_day_of_what_never_closes_is_known_by_its_moment(kind: TransactionType, zone: ZoneInfo) -> None:
    calendar = exchange_calendar(CONTINUOUS)
    for day in (FRIDAY, SATURDAY):
        at = moment_of(day, None, kind=kind, reading=DayReading(zone=zone, now=NOW, calendar=calendar))
        assert day_without_time(at, kind=kind, zone=zone, calendar=calendar) == day


def test_a_time_that_says_something_is_no_day_alone() -> None:
    at = local_moment(FRIDAY, time(15, 30), zone=BERLIN)
    assert day_without_time(at, kind=TransactionType.BUY, zone=BERLIN, calendar=exchange_calendar("XNAS")) is None
