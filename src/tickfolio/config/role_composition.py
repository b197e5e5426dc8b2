"""The processes that share the work of one instance, put together from the settings."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from tickfolio.config.composition import (
    REPLAY_MIC,
    bus_from_settings,
    calendar_of,
    composed,
    history_memory,
    market_going_on,
    market_memory,
    portfolio_memory,
    replay_config,
    series_memory,
)
from tickfolio.feeds.live_market import TICK_INTERVAL, RealMarketClock
from tickfolio.feeds.market_source import MarketSource
from tickfolio.feeds.real_time import SystemTime
from tickfolio.feeds.replay.config import ReplayConfig
from tickfolio.feeds.replay.feed import tick_interval, timeline_of
from tickfolio.feeds.replay.followed_clock import FollowedClock
from tickfolio.feeds.replay.market import SOURCE
from tickfolio.feeds.replay.market_clock import Timeline
from tickfolio.live.tally import BUS_BOUNDS, Histogram
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.campaign import LEASE_SECONDS, LeaseMemory
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Remembered
from tickfolio.runtime.feeds_engine import FeedsEngine
from tickfolio.runtime.housekeeper import Housekeeper
from tickfolio.runtime.keeping import Keeping
from tickfolio.runtime.ports import MarketMemory
from tickfolio.runtime.remote_market import RemoteMarket
from tickfolio.runtime.series_keeper import SeriesKeeper
from tickfolio.runtime.stamped_bus import StampedBus
from tickfolio.runtime.web_engine import WebEngine
from tickfolio.services.leases import lease_release, lease_renew, lease_take, under_lease

FEEDS, KEEPING = "feeds", "keeping"
"""The leases: who reads the feeds, and who works in the background."""


def compose_web() -> WebEngine:
    """One process that serves pages and sockets."""
    return composed(WebEngine, remote_market, Histogram(BUS_BOUNDS))


def compose_feeds(token: int, on_over: Callable[[], None]) -> FeedsEngine:
    """One term of the process that reads the feeds; `on_over` is called when it hears that another one leads."""
    bus_lag = Histogram(BUS_BOUNDS)
    engine = FeedsEngine(
        # A process that takes over goes on with the run; it never begins another one.
        market_from=market_going_on,
        bus=StampedBus(bus_from_settings(bus_lag), token),
        memory=fenced_memory(token),
        portfolios=portfolio_memory(),
        calendar_of=calendar_of,
        clock=SystemClock(),
        build=settings.TICKFOLIO_BUILD,
    )
    engine.bus_lag, engine.on_outdated = bus_lag, on_over
    return engine


def compose_keeping(_token: int, _on_over: Callable[[], None]) -> Keeping:
    """One term of the process that works in the background."""
    housekeeper = Housekeeper(portfolio_memory().purge, clock=SystemClock())
    return Keeping(series=SeriesKeeper(series_memory()), housekeeper=housekeeper, bus=bus_from_settings())


def fenced_memory(token: int) -> MarketMemory:
    """The database as the memory of the market, which takes nothing of one who has lost the lease."""

    def fenced[**P, T](call: Callable[P, T]) -> Callable[P, T]:
        return under_lease(call, name=FEEDS, token=token)

    memory, history = market_memory(), history_memory()
    return replace(
        memory,
        register=fenced(memory.register),
        record=fenced(memory.record),
        register_found=fenced(memory.register_found),
        keep_feeds=fenced(memory.keep_feeds),
        propose=fenced(memory.propose),
        history=replace(
            history,
            record=fenced(history.record),
            postpone=fenced(history.postpone),
            record_rates=fenced(history.record_rates),
        ),
    )


def lease_memory(name: str) -> LeaseMemory:
    """A lease in the database."""
    holder = f"{socket.gethostname()}, process {os.getpid()}"
    return LeaseMemory(
        take=lambda above: lease_take(name=name, holder=holder, seconds=LEASE_SECONDS, above=above),
        renew=lambda token: lease_renew(name=name, token=token, seconds=LEASE_SECONDS),
        release=lambda token: lease_release(name=name, token=token),
    )


def remote_market(remembered: Remembered) -> MarketSource:
    """What another process says of the market; of a replay its clock stands where it stood last."""
    clock = SystemClock()
    if not settings.TICKFOLIO_IS_REPLAY:
        return RemoteMarket(
            clock=RealMarketClock(SystemTime()),
            is_replay=False,
            tick_interval=TICK_INTERVAL,
            feed_names=settings.TICKFOLIO_FEEDS,
            monotonic=clock.monotonic,
            now=clock.now,
        )
    config = replay_config()
    return RemoteMarket(
        clock=FollowedClock(config, timeline_of=_timeline, position=remembered.clock, real_time=SystemTime()),
        is_replay=True,
        tick_interval=tick_interval(config),
        feed_names=(SOURCE,),
        monotonic=clock.monotonic,
        now=clock.now,
    )


def _timeline(config: ReplayConfig) -> Timeline:
    return timeline_of(config, calendar=exchange_calendar(REPLAY_MIC))
