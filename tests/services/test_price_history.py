from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.live.market import IBM, instrument
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, TUESDAY, WEDNESDAY, clock, told
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.selectors.daily_bars import newest_bar_at
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.instruments import instruments_register
from tickfolio.services.price_history import (
    REPLAY_SOURCE,
    DailyClose,
    close_before,
    close_histories,
    close_in_force,
    closes_from,
    closing_quotes,
    daily_close,
    history_actions,
)

__all__ = ["clock"]
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


@pytest.mark.django_db
def test_a_live_instance_does_not_take_a_replays_history_for_its_own(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert daily_close(AAPL, on_or_before=date(2012, 5, 21), known_at=LATE) is None
    assert (close_before(AAPL, date(2012, 5, 21)), close_in_force(AAPL, LATE), history_actions(AAPL)) == (
        None,
        None,
        (),
    )
    assert AAPL not in close_histories()
    assert closing_quotes([AAPL], LATE) == {}


def test_a_replay_has_its_own_history() -> None:
    assert closes_from() == REPLAY_SOURCE
    day = date(2005, 2, 28)
    assert close_before(AAPL, day) == Decimal("44.495")
    in_force = close_in_force(AAPL, datetime(2005, 2, 28, 22, 0, tzinfo=UTC))
    assert in_force is not None
    assert (in_force.price, in_force.source) == (Decimal("44.86"), "")
    assert history_actions(AAPL)
    quote = closing_quotes([AAPL, Symbol("NONE")], datetime(2005, 2, 28, 22, 0, tzinfo=UTC))[AAPL]
    assert (quote.price, quote.previous_close, quote.session_day) == (Decimal("44.86"), Decimal("44.495"), day)
    assert quote.source == REPLAY_SOURCE


@pytest.mark.django_db
@pytest.mark.usefixtures("clock")
class TestLive:
    """What was recorded of a live instance."""

    def test_the_last_close_is_of_a_session_that_was_over(self) -> None:
        told({MONDAY: "100", TUESDAY: "101"})
        bell = datetime(2026, 6, 9, 20, 0, tzinfo=UTC)
        found = daily_close(AAPL, on_or_before=WEDNESDAY, known_at=NOW)
        assert found == DailyClose(TUESDAY, Decimal(101), "first")
        assert daily_close(AAPL, on_or_before=TUESDAY, known_at=bell) == found
        running = daily_close(AAPL, on_or_before=TUESDAY, known_at=bell - timedelta(seconds=1))
        assert running == DailyClose(MONDAY, Decimal(100), "first")
        assert daily_close(AAPL, on_or_before=FRIDAY, known_at=NOW) is None
        assert daily_close(IBM, on_or_before=FRIDAY, known_at=NOW) is None

    def test_a_close_is_in_force_from_the_bell_and_names_its_source(self) -> None:
        told({MONDAY: "100", TUESDAY: "101"})
        at = datetime(2026, 6, 9, 19, 59, tzinfo=UTC)
        found = close_in_force(AAPL, at)
        assert found is not None
        assert (found.price, found.source, found.at) == (Decimal(100), "first", datetime(2026, 6, 8, 20, tzinfo=UTC))

    def test_the_close_before_is_on_the_basis_of_the_day(self) -> None:
        split = Split(AAPL, TUESDAY, new=2, old=1)
        told({FRIDAY: "99", MONDAY: "100", TUESDAY: "50.5", WEDNESDAY: "51"}, actions=[split])
        actions_record(actions=[split], source="test", at=NOW)
        assert [close_before(AAPL, day) for day in (FRIDAY, MONDAY, TUESDAY, WEDNESDAY)] == [
            None, Decimal(99), Decimal(50), Decimal("50.5"),
        ]  # fmt: skip
        quotes = closing_quotes([AAPL, IBM], datetime(2026, 6, 9, 23, 0, tzinfo=UTC))
        assert set(quotes) == {AAPL}
        quote = quotes[AAPL]
        assert (quote.price, quote.previous_close, quote.session_day) == (Decimal("50.5"), Decimal(50), TUESDAY)
        assert quote.source == "first"

    def test_the_days_of_what_never_closes_end_at_midnight(self) -> None:
        coin = Symbol("BTC-USD")
        instruments_register(instruments=[replace(instrument(), symbol=coin, mic="24/7")])
        told({MONDAY: "100000", TUESDAY: "101000"}, symbol=coin)
        quote = closing_quotes([coin], datetime(2026, 6, 10, 9, 0, tzinfo=UTC))[coin]
        assert (quote.session_day, quote.previous_close) == (TUESDAY, Decimal(100000))

    def test_what_was_not_known_yet_does_not_count(self) -> None:
        told({MONDAY: "100"}, at=NOW - timedelta(hours=9))
        told({MONDAY: "100.5", TUESDAY: "101"})
        upto = newest_bar_at(NOW - timedelta(hours=1))
        then = close_histories(upto=upto)
        assert list(then[AAPL].prices) == [Decimal(100)]
        assert list(close_histories()[AAPL].prices) == [Decimal("100.5"), Decimal(101)]
        assert close_histories(upto=upto) is then
        assert close_histories(upto=newest_bar_at(NOW)) is close_histories()
