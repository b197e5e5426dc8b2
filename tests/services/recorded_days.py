"""A live instance whose real clock stands, with finished days of AAPL and IBM in New York as a feed told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.live.market import AAPL, IBM, instrument
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.feeds.feed import History
from tickfolio.persistence.models import Backfill, InstrumentRecord
from tickfolio.services import history_tasks, market_time
from tickfolio.services.daily_bars import BarsRecorded, history_record
from tickfolio.services.market_records import instance_declare, instruments_register

THURSDAY, FRIDAY = date(2026, 6, 4), date(2026, 6, 5)
MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 21, 0, tzinfo=UTC)
"""Wednesday, an hour after the close."""


class StandingClock:
    """Real time, as the test sets it."""

    at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> type[StandingClock]:
    """Makes the instance a live one at `NOW`."""
    settings.TICKFOLIO_IS_REPLAY = False
    monkeypatch.setattr(StandingClock, "at", NOW)
    for module in (market_time, history_tasks):
        monkeypatch.setattr(module, "SystemClock", StandingClock)
    instance_declare(is_replay=False, at=NOW)
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    return StandingClock


def bar(day: date, close: str) -> DailyBar:
    return DailyBar(day, Decimal(close), volume=Decimal(1000))


def history(closes: Mapping[date, str], *, symbol: Symbol = AAPL, actions: Iterable[CorporateAction] = ()) -> History:
    return History(symbol, tuple(bar(day, close) for day, close in closes.items()), tuple(actions))


def told(
    closes: Mapping[date, str],
    *,
    symbol: Symbol = AAPL,
    source: str = "first",
    at: datetime | None = None,
    actions: Iterable[CorporateAction] = (),
) -> BarsRecorded:
    """Records what a feed says."""
    return history_record(
        history=history(closes, symbol=symbol, actions=actions), source=source, at=at or StandingClock.at
    )


def fetched(symbol: Symbol = AAPL, *, message: str = "", until: date = WEDNESDAY, days: int = 2) -> None:
    """Notes that the days of an instrument were asked for, from Thursday on."""
    Backfill.objects.create(
        instrument=InstrumentRecord.objects.get(symbol=symbol),
        state="done",
        since=THURSDAY,
        fetched_until=until,
        days=days,
        message=message,
        updated_at=NOW,
    )
