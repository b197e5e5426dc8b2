"""Which feed, which memory, which bus: decided here from the settings and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.instruments import Instrument
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Feed
from tickfolio.feeds.live_market import LiveMarket
from tickfolio.feeds.market_source import ClockPosition, MarketSource
from tickfolio.feeds.real_time import SystemTime
from tickfolio.feeds.registry import FEED_NAMES, RATE_SOURCES, make_feed
from tickfolio.feeds.replay.config import DEFAULT_START, ReplayConfig, parse_speed, parse_start
from tickfolio.feeds.replay.feed import ReplayFeed
from tickfolio.feeds.vendor import Surroundings
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import Bus
from tickfolio.live.bus.redis import RedisBus
from tickfolio.live.tally import BUS_BOUNDS, Histogram
from tickfolio.persistence.selectors.market import kept_clock, kept_instrument, kept_instruments
from tickfolio.runtime.calendars import calendar_for, exchange_calendar
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.embedded import Embedded, Remembered
from tickfolio.runtime.ports import HistoryMemory, MarketMemory, PortfolioMemory, SeriesMemory
from tickfolio.services.attachment_history import purge_now
from tickfolio.services.daily_series import behind_now, days_compared, extend_now
from tickfolio.services.feed_actions import actions_propose
from tickfolio.services.feed_records import feeds_now_record, gates_kept
from tickfolio.services.history_tasks import (
    histories_known,
    history_answered,
    history_postpone,
    history_wanted,
    history_wanted_at_once,
    rates_missing,
    rates_published,
)
from tickfolio.services.instrument_decisions import instrument_decisions
from tickfolio.services.instruments import instrument_register
from tickfolio.services.market import lists_all
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.watching import (
    answer_of_database,
    booked_now,
    portfolio_standings,
    rates_now,
    rights_of,
    stored_portfolio,
)

REPLAY_MIC = "XNYS"


def compose_embedded() -> Embedded:
    """The whole product in one process, as the settings ask for it."""
    return composed(Embedded, market_from_settings, Histogram(BUS_BOUNDS) if settings.REDIS_URL else None)


def composed[E: Embedded](
    kind: type[E], market_from: Callable[[Remembered], MarketSource], bus_lag: Histogram | None
) -> E:
    """An engine that serves pages, over the bus and the database of the settings; `bus_lag` is told what the bus takes."""
    engine = kind(
        market_from=market_from,
        bus=bus_from_settings(bus_lag),
        memory=market_memory(),
        portfolios=portfolio_memory(),
        calendar_of=calendar_of,
        clock=SystemClock(),
        build=settings.TICKFOLIO_BUILD,
        series=series_memory(),
    )
    engine.bus_lag = bus_lag
    return engine


def history_memory() -> HistoryMemory:
    """The database as the memory of finished days and of exchange rates."""
    return HistoryMemory(
        wanted=history_wanted,
        record=history_answered,
        postpone=history_postpone,
        wanted_at_once=history_wanted_at_once,
        known=histories_known,
        rates_wanted=rates_missing,
        record_rates=rates_published,
    )


def market_memory() -> MarketMemory:
    """The database as the memory of the market."""
    return MarketMemory(
        register=lambda instruments: instruments_register(instruments=instruments),
        record=lambda changes: market_changes_record(changes=changes),
        last_quotes=lambda: tuple(kept.quote for kept in kept_instruments() if kept.quote is not None),
        last_clock=_last_clock,
        instruments=lambda: tuple(kept.instrument for kept in kept_instruments()),
        register_found=_registered,
        booked=booked_now,
        gates=gates_kept,
        keep_feeds=lambda now: feeds_now_record(now=now),
        decided=instrument_decisions,
        propose=_propose,
        history=history_memory(),
        lists_all=lists_all(),
    )


def series_memory() -> SeriesMemory:
    """The database as the memory of finished days' values."""
    return SeriesMemory(behind=behind_now, extend=extend_now, compare=days_compared)


def portfolio_memory() -> PortfolioMemory:
    """The database as the memory of portfolios, people and exchange rates."""
    return PortfolioMemory(
        load=stored_portfolio,
        standings=portfolio_standings,
        rights=rights_of,
        rates=rates_now,
        probe=answer_of_database,
        purge=purge_now,
    )


def market_from_settings(remembered: Remembered) -> MarketSource:
    """The replay, going on from where its clock stood or in the new run that was asked for, or the live feeds.

    Raises:
        ImproperlyConfigured: the instance is to be live and no feed is named, or one lacks its key.
        InvalidValue: the replay is to begin outside its data.
    """
    if settings.TICKFOLIO_IS_REPLAY and remembered.clock is not None and settings.TICKFOLIO_REPLAY_NEW_RUN:
        anew = ClockPosition(run=remembered.clock.run + 1, at=replay_config().start)
        return market_going_on(replace(remembered, clock=anew))
    return market_going_on(remembered)


def market_going_on(remembered: Remembered) -> MarketSource:
    """As `market_from_settings`, which never begins a new run of a replay.

    Raises:
        ImproperlyConfigured, InvalidValue: as that.
    """
    if settings.TICKFOLIO_IS_REPLAY:
        return ReplayFeed(replay_config(), calendar=exchange_calendar(REPLAY_MIC), position=remembered.clock)
    return LiveMarket(
        feeds_from_settings(remembered),
        instruments=(),
        calendar_of=calendar_of,
        real_time=SystemTime(),
        orders=remembered.orders,
    )


def feeds_from_settings(remembered: Remembered) -> tuple[Feed, ...]:
    """The named feeds, the preferred first, and the sources of exchange rates.

    Raises:
        ImproperlyConfigured: none is named, or one lacks its key.
    """
    if not settings.TICKFOLIO_FEEDS:
        raise ImproperlyConfigured(
            f"TICKFOLIO_FEEDS: expected names of {', '.join(FEED_NAMES)}, was empty. "
            "For a replay of market history turn TICKFOLIO_REPLAY on instead."
        )
    surroundings = Surroundings(gates=remembered.gates, calendar_of=calendar_of)
    named = settings.TICKFOLIO_FEEDS
    # Portfolios need exchange rates whatever their prices are from; those of a central bank need no key.
    rates = () if set(named) & set(RATE_SOURCES) else RATE_SOURCES
    try:
        return tuple(make_feed(name, settings.TICKFOLIO_FEED_ACCESS[name], surroundings) for name in (*named, *rates))
    except InvalidValue as error:
        raise ImproperlyConfigured(str(error)) from error


def _registered(instrument: Instrument) -> Instrument:
    instrument_register(instrument=instrument)
    kept = kept_instrument(instrument.symbol)
    assert kept is not None
    return kept.instrument


def _propose(actions: tuple[CorporateAction, ...], source: str) -> None:
    actions_propose(actions, source)


def calendar_of(instrument: Instrument) -> ExchangeCalendar:
    """The hours of the instrument's exchange."""
    return calendar_for(instrument.mic)


def replay_config() -> ReplayConfig:
    """What the settings say of the replay."""
    start = settings.TICKFOLIO_REPLAY_START
    return ReplayConfig(
        seed=settings.TICKFOLIO_REPLAY_SEED,
        speed=parse_speed(settings.TICKFOLIO_REPLAY_SPEED),
        start=parse_start(start) if start else DEFAULT_START,
    )


def bus_from_settings(lag: Histogram | None = None) -> Bus:
    """Redis or Valkey where a URL is given, which tells `lag` how long messages take; this process alone otherwise."""
    return RedisBus(settings.REDIS_URL, lag=lag) if settings.REDIS_URL else InProcessBus()


def _last_clock() -> ClockPosition | None:
    kept = kept_clock()
    return None if kept is None else ClockPosition(run=kept.run, at=kept.at)
