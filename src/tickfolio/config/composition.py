"""Which feed, which memory, which bus: decided here from the settings and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tickfolio.feeds.ecb.history import rate_history
from tickfolio.feeds.feed import ClockPosition, Feed
from tickfolio.feeds.replay.config import DEFAULT_START, ReplayConfig, parse_speed, parse_start
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import Bus
from tickfolio.live.bus.redis import RedisBus
from tickfolio.persistence.selectors.market import kept_clock, kept_instruments
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded
from tickfolio.runtime.ports import MarketMemory, PortfolioMemory, SeriesMemory
from tickfolio.services.daily_series import behind_now, days_compared, extend_now
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.watching import portfolio_standings, rights_of, stored_portfolio

REPLAY_MIC = "XNYS"


def compose_embedded() -> Embedded:
    """The whole product in one process, as the settings ask for it."""
    return Embedded(
        feed_from=feed_from_settings,
        bus=bus_from_settings(),
        memory=market_memory(),
        portfolios=portfolio_memory(),
        calendar_of=lambda instrument: exchange_calendar(instrument.mic),
        clock=SystemClock(),
        build=settings.TICKFOLIO_BUILD,
        series=SeriesMemory(behind=behind_now, extend=extend_now, compare=days_compared),
    )


def market_memory() -> MarketMemory:
    """The database as the memory of the market."""
    return MarketMemory(
        register=lambda instruments: instruments_register(instruments=instruments),
        record=lambda changes: market_changes_record(changes=changes),
        last_quotes=lambda: tuple(kept.quote for kept in kept_instruments() if kept.quote is not None),
        last_clock=_last_clock,
    )


def portfolio_memory() -> PortfolioMemory:
    """The database as the memory of portfolios and people, and the rates of the European Central Bank."""
    return PortfolioMemory(load=stored_portfolio, standings=portfolio_standings, rights=rights_of, rates=rate_history)


def feed_from_settings(position: ClockPosition | None) -> Feed:
    """The feed, going on from `position` where there is one.

    Raises:
        ImproperlyConfigured: the instance is to be live, and no live feed is there yet.
    """
    if not settings.TICKFOLIO_IS_REPLAY:
        raise ImproperlyConfigured(
            "TICKFOLIO_REPLAY: expected on, was off. This version has the replay feed only; live feeds are not in it yet."
        )
    start = settings.TICKFOLIO_REPLAY_START
    config = ReplayConfig(
        seed=settings.TICKFOLIO_REPLAY_SEED,
        speed=parse_speed(settings.TICKFOLIO_REPLAY_SPEED),
        start=parse_start(start) if start else DEFAULT_START,
    )
    if position is not None and settings.TICKFOLIO_REPLAY_NEW_RUN:
        position = ClockPosition(run=position.run + 1, at=config.start)
    return ReplayFeed(config, calendar=exchange_calendar(REPLAY_MIC), position=position)


def bus_from_settings() -> Bus:
    """Redis or Valkey where a URL is given; this process alone otherwise."""
    return RedisBus(settings.REDIS_URL) if settings.REDIS_URL else InProcessBus()


def _last_clock() -> ClockPosition | None:
    kept = kept_clock()
    return None if kept is None else ClockPosition(run=kept.run, at=kept.at)
