from datetime import UTC, date, datetime
from decimal import Decimal

from pytest_django import Settings

from tickfolio.domain.instruments import Symbol
from tickfolio.services.price_history import DailyClose, daily_close

AAPL = Symbol("AAPL")
LATE = datetime(2013, 1, 1, tzinfo=UTC)


def test_a_close_is_not_adjusted_for_later_splits() -> None:
    before = daily_close(AAPL, on_or_before=date(2005, 2, 25), known_at=LATE)
    assert before == DailyClose(day=date(2005, 2, 25), price=Decimal("88.99"), source="replay history")


def test_a_session_that_still_runs_has_no_close() -> None:
    during = datetime(2012, 5, 21, 19, 59, tzinfo=UTC)
    at_the_bell = datetime(2012, 5, 21, 20, tzinfo=UTC)
    day = date(2012, 5, 21)
    running = daily_close(AAPL, on_or_before=day, known_at=during)
    finished = daily_close(AAPL, on_or_before=day, known_at=at_the_bell)
    assert running is not None
    assert finished is not None
    assert (running.day, finished.day) == (date(2012, 5, 18), day)


def test_before_the_first_day_and_of_an_unknown_symbol_there_is_none() -> None:
    assert daily_close(AAPL, on_or_before=date(1999, 1, 4), known_at=LATE) is None
    assert daily_close(Symbol("NONE"), on_or_before=date(2012, 5, 21), known_at=LATE) is None


def test_a_live_instance_does_not_take_a_replays_history_for_its_own(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert daily_close(AAPL, on_or_before=date(2012, 5, 21), known_at=LATE) is None
