from datetime import UTC, datetime

import pytest

from tickfolio.domain.calendars import Session
from tickfolio.services.market_hours import HoursNow, MarketHours
from tickfolio.web.hours_texts import hours_text


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def session(opens: str, closes: str) -> Session:
    return Session(opens_at=at(opens), closes_at=at(closes), day=at(opens).date())


MONDAY = session("2012-05-21 13:30", "2012-05-21 20:00")
TUESDAY = session("2012-05-22 13:30", "2012-05-22 20:00")


def new_york(*sessions: Session) -> MarketHours:
    return MarketHours(("XNAS", "XNYS"), "America/New_York", sessions)


@pytest.mark.parametrize(
    ("moment", "sessions", "state", "note"),
    [
        ("2012-05-21 14:00", (MONDAY, TUESDAY), "New York open", "closes 16:00"),
        ("2012-05-21 13:00", (MONDAY, TUESDAY), "New York closed", "opens 09:30"),
        ("2012-05-21 21:00", (TUESDAY,), "New York closed", "opens 22 May, 09:30"),
        ("2012-05-22 21:00", (), "New York closed", ""),
    ],
)
def test_the_pill_says_whether_the_market_is_open_and_what_comes_next(
    moment: str, sessions: tuple[Session, ...], state: str, note: str
) -> None:
    text = hours_text(HoursNow(at(moment), (new_york(*sessions),)))
    assert (text.state, text.note) == (state, note)


def test_each_market_has_a_line_with_its_names_and_its_city() -> None:
    text = hours_text(HoursNow(at("2012-05-21 14:00"), (new_york(MONDAY),)))
    assert [(line.names, line.state) for line in text.lines] == [("Nasdaq, NYSE, New York", "open, closes 16:00")]


def test_where_no_instrument_is_known_there_is_no_pill() -> None:
    assert hours_text(HoursNow(at("2012-05-21 14:00"), ())).state == ""
