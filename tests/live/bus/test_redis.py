"""The contract of the bus, kept by each of its kinds; and what only the one over Valkey can suffer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, instrument, tick
from tests.servers.swallowing import swallowing_proxy
from tests.servers.valkey import ValkeyServer
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.errors import BusUnavailable
from tickfolio.live.bus import redis
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.bus.port import (
    AccessChanged,
    Bus,
    BusEvent,
    BusMessage,
    InstrumentKnown,
    LeaderBeat,
    Lost,
    Outdated,
    PortfolioChanged,
    Reconnected,
    ReplayMoment,
    RunBegan,
    StatusChanged,
    Ticks,
)
from tickfolio.live.bus.redis import MAX_WAITING, RedisBus
from tickfolio.live.bus.wire import conflated, decode_message, encode_message
from tickfolio.live.tally import Histogram

SECOND = timedelta(seconds=1)
STATUS = StatusChanged(FeedStatus("replay", FeedState.LIVE, REAL_NOW, "open"))
PORTFOLIO = "3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10"


@pytest.fixture(params=["in process", "valkey"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    kind: Bus = InProcessBus() if request.param == "in process" else RedisBus(request.getfixturevalue("valkey_url"))
    yield kind
    await kind.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # another process's answer has no event here
            await asyncio.sleep(0.01)


def ticks_of(events: list[BusEvent]) -> list[str]:
    return [str(tick.price) for event in events if isinstance(event, Ticks) for tick in event.ticks]


async def test_every_message_arrives_in_order(bus: Bus) -> None:
    events: list[BusEvent] = []
    await bus.start(events.append)
    for number in range(100):
        bus.publish(Ticks((tick(f"{500 + number}.00", at=OPEN + number * SECOND),)))
    bus.publish(STATUS)
    bus.publish(RunBegan(2))
    await until(lambda: RunBegan(2) in events)
    assert ticks_of(events) == [f"{500 + number}.00" for number in range(100)]
    assert events[-2:] == [STATUS, RunBegan(2)]


async def test_bus_that_runs_is_reachable(bus: Bus) -> None:
    await bus.start(lambda event: None)
    assert await bus.is_reachable()


async def test_stop_may_be_called_twice(bus: Bus) -> None:
    await bus.start(lambda event: None)
    await bus.stop()
    await bus.stop()


@pytest.mark.parametrize(
    "message",
    [
        Ticks((tick("501.10"), tick("34.00", symbol=IBM, previous_close=None))),
        STATUS,
        RunBegan(3),
        PortfolioChanged(PORTFOLIO, 7),
        AccessChanged(5),
    ],
)
def test_message_survives_the_wire(message: BusMessage) -> None:
    assert decode_message(encode_message(message)) == message
    assert tick("1").symbol == AAPL


async def test_how_long_a_message_was_on_its_way_is_told_by_the_clocks_of_both(valkey_url: str) -> None:
    lag, heard = Histogram(), list[BusEvent]()
    sender, receiver = RedisBus(valkey_url, now=lambda: 1000.0), RedisBus(valkey_url, lag=lag, now=lambda: 1000.2)
    await sender.start(lambda event: None)
    await receiver.start(heard.append)
    sender.publish(STATUS)
    await until(lambda: STATUS in heard)
    assert dict(lag.buckets())["0.15"] == 0
    assert dict(lag.buckets())["0.25"] == 1
    await sender.stop()
    await receiver.stop()


async def test_two_processes_hear_each_other(valkey_url: str) -> None:
    first, second = RedisBus(valkey_url), RedisBus(valkey_url)
    heard: list[BusEvent] = []
    await first.start(lambda event: None)
    await second.start(heard.append)
    first.publish(STATUS)
    await until(lambda: STATUS in heard)
    await first.stop()
    await second.stop()


async def test_valkey_that_is_not_there_is_a_clear_error() -> None:
    bus = RedisBus("redis://127.0.0.1:1/0")
    with pytest.raises(BusUnavailable, match="REDIS_URL"):
        await bus.start(lambda event: None)
    assert not await bus.is_reachable()
    await bus.stop()


async def test_valkey_that_comes_back_is_announced_and_heard_again(own_valkey: ValkeyServer) -> None:
    events: list[BusEvent] = []
    bus = RedisBus(own_valkey.url)
    await bus.start(events.append)
    own_valkey.kill()
    await until(lambda: bool(events))
    own_valkey.start()
    await until(lambda: Reconnected() in events)
    assert [type(event) for event in events] == [Lost, Reconnected]
    # The connection that publishes has not noticed yet: its first message must not be lost for that.
    for run in (7, 8, 9):
        bus.publish(RunBegan(run))
    await until(lambda: RunBegan(9) in events)
    assert [event.run for event in events if isinstance(event, RunBegan)] == [7, 8, 9]
    await bus.stop()


async def test_network_that_swallows_everything_is_noticed_although_nobody_closes_a_connection(
    own_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {"POLL_SECONDS": 0.2, "SILENCE_SECONDS": 4.0, "SOCKET_SECONDS": 4.0}.items():
        monkeypatch.setattr(redis, name, seconds)
    events: list[BusEvent] = []
    with swallowing_proxy(own_valkey.port) as network:
        bus = RedisBus(f"redis://127.0.0.1:{network.port}/0")
        await bus.start(events.append)
        await asyncio.sleep(4.5)
        assert Reconnected() not in events  # silent, but alive
        network.swallow()
        bus.publish(STATUS)
        await until(lambda: not bus._is_subscribed.is_set())
        assert not await bus.is_reachable()
        network.heal()
        await until(lambda: Reconnected() in events and STATUS in events)
        assert await bus.is_reachable()
        await bus.stop()


async def back_after(valkey: ValkeyServer, message: BusMessage) -> tuple[RedisBus, list[BusEvent]]:
    """A bus whose server was away, and is back, when `message` was to be said; and what it hears."""
    events: list[BusEvent] = []
    bus = RedisBus(valkey.url)
    await bus.start(events.append)
    valkey.kill()
    bus.publish(message)
    await asyncio.sleep(0.5)
    valkey.start()
    await until(lambda: Reconnected() in events)
    return bus, events


async def test_message_published_while_valkey_is_away_arrives_when_it_is_back(own_valkey: ValkeyServer) -> None:
    bus, events = await back_after(own_valkey, STATUS)
    await until(lambda: STATUS in events)
    bus.publish(RunBegan(2))
    await until(lambda: RunBegan(2) in events)
    assert events.index(STATUS) < events.index(RunBegan(2))
    await bus.stop()


async def test_after_a_long_absence_no_price_is_said_that_is_not_the_newest(
    own_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis, "OLD_SECONDS", 0.3)
    events: list[BusEvent] = []
    bus = RedisBus(own_valkey.url)
    await bus.start(events.append)
    own_valkey.kill()
    for number in range(1, 6):
        bus.publish(LeaderBeat(0, (STATUS.status,)))
        bus.publish(Ticks((tick(f"{number}.00", at=OPEN + number * SECOND),)))
        bus.publish(STATUS)  # so that no two ticks are in one batch
        await asyncio.sleep(0.1)
    own_valkey.start()
    await until(lambda: STATUS in events)
    # Neither what was on its way when the server went, nor that the feed is live before its newest price.
    assert [each for each in events if not isinstance(each, Lost | Reconnected)] == [
        Ticks((tick("5.00", at=OPEN + 5 * SECOND),)),
        STATUS,
    ]
    await bus.stop()


async def test_after_a_long_absence_of_which_nothing_is_left_to_say_the_bus_goes_on(
    own_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis, "OLD_SECONDS", 0.3)
    bus, events = await back_after(own_valkey, LeaderBeat(0))
    await until(lambda: not bus._waiting)
    bus.publish(STATUS)
    await until(lambda: STATUS in events)
    assert LeaderBeat(0) not in events
    await bus.stop()


def test_long_absence_keeps_the_newest_tick_of_each_symbol_and_nothing_of_an_old_run() -> None:
    later = OPEN + SECOND
    old, new = Ticks((tick("1.00"), tick("2.00", symbol=IBM))), Ticks((tick("3.00", at=later),))
    assert list(conflated([old, STATUS, new, STATUS])) == [Ticks((*new.ticks, old.ticks[1])), STATUS]
    assert list(conflated([old, RunBegan(2), new])) == [RunBegan(2), new]


def test_long_absence_has_who_hears_of_it_know_an_instrument_before_its_price_and_no_moment_that_is_over() -> None:
    known, priced = InstrumentKnown(instrument(IBM)), Ticks((tick("34.00", symbol=IBM),))
    assert list(conflated([LeaderBeat(0), STATUS, known, priced, LeaderBeat(0)])) == [known, priced, STATUS]


def test_long_absence_keeps_the_last_head_of_a_portfolio_and_one_wake_up_for_a_person() -> None:
    other = PortfolioChanged("another", 1)
    heads = [PortfolioChanged(PORTFOLIO, 7), other, PortfolioChanged(PORTFOLIO, 8)]
    kept = list(conflated([*heads, AccessChanged(5), RunBegan(2), AccessChanged(5)]))
    assert kept == [RunBegan(2), PortfolioChanged(PORTFOLIO, 8), other, AccessChanged(5)]


async def test_waiting_messages_are_bounded_however_long_valkey_is_away() -> None:
    bus = RedisBus("redis://127.0.0.1:1/0")
    for number in range(5000):
        bus.publish(Ticks((tick("1.00", at=OPEN + number * SECOND),)))
    assert len(bus._waiting) <= MAX_WAITING
    await bus.stop()


def test_two_databases_of_one_server_are_two_buses() -> None:
    channels = {RedisBus(f"redis://127.0.0.1:1/{database}").channel for database in (0, 1)}
    assert channels == {"tickfolio:bus:v1:0", "tickfolio:bus:v1:1"}


async def test_message_of_another_version_is_passed_over(valkey_url: str) -> None:
    events: list[BusEvent] = []
    bus = RedisBus(valkey_url)
    await bus.start(events.append)
    await bus._client.publish(bus.channel, b"not ours")
    bus.publish(STATUS)
    await until(lambda: STATUS in events)
    assert events == [STATUS]
    await bus.stop()


async def test_newest_ticks_are_kept_for_who_begins_later_until_a_run_is_over(own_valkey: ValkeyServer) -> None:
    events: list[BusEvent] = []
    bus, late = RedisBus(own_valkey.url), RedisBus(own_valkey.url)
    await bus.start(events.append)
    for price in ("501.00", "502.00"):
        bus.publish(Ticks((tick(price), tick("34.00", symbol=IBM)), 3))
    await until(lambda: len(ticks_of(events)) == 4)
    assert {(each.symbol, str(each.price)) for each in await late.kept_ticks()} == {(AAPL, "502.00"), (IBM, "34.00")}
    assert await late.newest_token() == 3
    bus.publish(RunBegan(2, 3))
    await until(lambda: RunBegan(2, 3) in events)
    assert await late.kept_ticks() == ()
    await bus.stop()
    await late.stop()


async def test_where_a_replay_stood_is_kept_for_who_takes_over_and_not_taken_of_who_lost_the_lease(
    own_valkey: ValkeyServer,
) -> None:
    events: list[BusEvent] = []
    bus, late = RedisBus(own_valkey.url), RedisBus(own_valkey.url)
    await bus.start(events.append)
    assert await late.kept_moment() is None
    stood = ReplayMoment(1, OPEN, 20_000, OPEN - timedelta(hours=1))
    ahead = replace(stood, at=OPEN + timedelta(hours=9))
    for beat in (LeaderBeat(3, (), stood), LeaderBeat(3), LeaderBeat(2, (), ahead), LeaderBeat(3)):
        bus.publish(beat)
    await until(lambda: events.count(LeaderBeat(3)) == 2)
    assert await late.kept_moment() == stood
    await bus.stop()
    await late.stop()


async def test_what_one_says_who_has_lost_the_lease_reaches_nobody_and_it_is_told(own_valkey: ValkeyServer) -> None:
    old_heard: list[BusEvent] = []
    new_heard: list[BusEvent] = []
    old, new = RedisBus(own_valkey.url), RedisBus(own_valkey.url)
    await old.start(old_heard.append)
    await new.start(new_heard.append)
    new.publish(Ticks((tick("502.00"),), 4))
    await until(lambda: ticks_of(old_heard) == ["502.00"])
    old.publish(Ticks((tick("400.00"),), 3))
    old.publish(PortfolioChanged(PORTFOLIO, 7))
    await until(lambda: PortfolioChanged(PORTFOLIO, 7) in new_heard)
    assert Outdated(3) in old_heard
    assert ticks_of(new_heard) == ["502.00"]
    assert [str(each.price) for each in await new.kept_ticks()] == ["502.00"]
    await old.stop()
    await new.stop()


async def test_a_bus_that_is_away_keeps_nothing_and_says_so() -> None:
    bus = RedisBus("redis://127.0.0.1:1/0")
    assert await bus.kept_ticks() == ()
    with pytest.raises(BusUnavailable, match="Expected Redis or Valkey"):
        await bus.newest_token()
    await bus.stop()
