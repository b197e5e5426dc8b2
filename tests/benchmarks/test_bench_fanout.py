import asyncio
import io
import sys
import time
from collections import Counter

import msgspec
import pytest

from benchmarks.bench_fanout import (
    PACES,
    PEERS,
    SCENES,
    SLOWER,
    asked_scenes,
    conflated_share,
    cost_figures,
    turns_of_s1,
    way_figures,
)
from benchmarks.fanout.driving import Batch, Order, milliseconds_since, obey, stamp
from benchmarks.fanout.edges import told_of_stuck
from benchmarks.fanout.hub_server import Driven
from benchmarks.fanout.peers import ASGI, LIMIT, NODE_WS, OURS, TUTORIAL
from benchmarks.fanout.portfolio_server import book_of
from benchmarks.fanout.portfolios import HOLDINGS, ORDER, PORTFOLIOS, SYMBOLS
from benchmarks.fanout.portfolios import told as portfolios_told
from benchmarks.fanout.rounds import ROOM, S1, Scene, Turn, Window, interleaved, median
from benchmarks.report import read_goals
from benchmarks.ticks import symbols
from tickfolio.live.bus.in_process import InProcessBus
from tickfolio.live.pacer import LONG_SECONDS, Beat

ALL = (OURS, ASGI, LIMIT, *PEERS)


def windowed(
    us: float, *, messages: int = 1000, expected: int = 1000, p99_ms: float = 2.0, seconds: float = 1.0
) -> Window:
    return Window(
        messages=messages,
        expected=expected,
        cpu_seconds=us * messages / 1e6,
        p50_ms=1.0,
        p99_ms=p99_ms,
        client_share=0.5,
        seconds=seconds,
    )


@pytest.mark.parametrize("scene", [ROOM, S1])
def test_clients_watch_different_symbols_and_every_symbol_is_watched_alike(scene: Scene) -> None:
    watch = scene.watch_sets()
    assert len(watch) == scene.clients
    assert all(len(set(symbols)) == scene.watched for symbols in watch)
    assert len({tuple(sorted(symbols)) for symbols in watch}) == min(scene.clients, scene.symbols)
    watchers = Counter(symbol for symbols in watch for symbol in symbols)
    assert set(watchers.values()) == {scene.watchers}


def test_those_who_keep_up_are_all_asked_for_20_000_messages_a_second() -> None:
    for scene in (ROOM, S1):
        assert PACES[scene.name].per_second * scene.watchers == 20_000
    assert all(order.per_second < PACES[scene].per_second for (scene, _name), order in SLOWER.items())


def test_costs_are_told_beside_the_limit_and_each_peer() -> None:
    windows = {name: windowed(10.0 + number) for number, name in enumerate(ALL)}
    windows[TUTORIAL] = windowed(3000.0)
    figures = {figure.id: figure for figure in cost_figures("s1", windows)}
    assert figures["fanout.s1.us.product"].value == pytest.approx(10)
    assert figures["fanout.s1.asgi"].value == pytest.approx(11 / 12)
    assert figures["fanout.s1.limit"].value == pytest.approx(10 / 12)
    assert figures["fanout.s1.tutorial"].value == pytest.approx(300)
    assert figures["fanout.s1.nodews"].peer is not None
    assert figures["fanout.s1.nodews"].peer.name == NODE_WS
    assert figures["fanout.s1.delivered"].value == 100


def test_what_a_machine_lacks_is_left_out() -> None:
    windows = {name: windowed(10.0) for name in (OURS, ASGI, TUTORIAL)}
    names = {figure.id for figure in cost_figures("room", windows)}
    assert "fanout.room.tutorial" in names
    assert not names & {"fanout.room.limit", "fanout.room.asgi", "fanout.room.nodews"}


def test_a_message_that_is_lost_shows() -> None:
    windows = {name: windowed(10.0) for name in (OURS, TUTORIAL)}
    windows[ASGI] = windowed(10.0, messages=990)
    figures = {figure.id: figure.value for figure in cost_figures("s1", windows)}
    assert figures["fanout.s1.delivered"] == 99


def test_taking_ticks_in_counts_for_neither_side_of_conflation() -> None:
    # 40 µs to take a tick in, 40 watchers at 11 µs a message, and 120 µs a tick by the beat
    windows = {
        OURS: windowed(11.0),
        "ingest": windowed(40.0, messages=4000),
        "conflated": windowed(120.0, messages=4000),
    }
    assert conflated_share(windows) == pytest.approx(80 / 400)


def test_ways_are_told_beside_the_limit() -> None:
    windows = {name: windowed(10.0) for name in (OURS, LIMIT, "ingest", "conflated")}
    windows |= {"corked": windowed(4.0), f"fast {LIMIT}": windowed(10.0), f"fast {OURS}": windowed(10.0, p99_ms=3.0)}
    figures = {figure.id: figure.value for figure in way_figures(windows)}
    assert figures["fanout.s1.corked"] == pytest.approx(0.4)
    assert figures["fanout.latency"] == pytest.approx(1.5)


def test_every_goal_has_the_unit_of_its_figure() -> None:
    windows = {name: windowed(10.0) for name in ALL}
    windows |= {turn.name: windowed(10.0) for turn in turns_of_s1(ALL)}
    calm = [windowed(10.0)]
    told = [
        *cost_figures("s1", windows),
        *cost_figures("room", windows),
        *way_figures(windows),
        *told_of_stuck(calm, calm, held=0.1),
    ]
    goals = read_goals()
    with_goals = [figure for figure in told if figure.id in goals]
    assert len(with_goals) == 13
    for figure in with_goals:
        goals[figure.id].is_met_by(figure)  # raises where units differ
        peer = goals[figure.id].peer
        assert peer is None or (figure.peer is not None and figure.peer.name == peer)


def test_a_server_that_falls_behind_has_fewer_frames_a_second() -> None:
    order, messages = Order(ticks=100, per_second=50, beat_ms=250), 10 * 8
    for seconds, share, frames in ((2.3, 0.4, 4.0), (4.3, 0.2, 2.0)):
        windows = [windowed(10_000, messages=messages, seconds=seconds)]
        told = {figure.id: figure.value for figure in portfolios_told(windows, order=order, portfolios=10)}
        assert told["fanout.portfolios"] == pytest.approx(share)
        assert told["fanout.portfolios.frames"] == pytest.approx(frames)


def test_every_beat_has_ticks_of_every_portfolio() -> None:
    names, per_beat = symbols(SYMBOLS), ORDER.per_second * ORDER.beat_ms // 1000
    for number in range(0, PORTFOLIOS, 97):
        held = set(book_of(number, count=SYMBOLS, holdings=HOLDINGS).instruments)
        assert len(held) == HOLDINGS
        assert all(held.intersection(names[first : first + per_beat]) for first in range(0, SYMBOLS, per_beat))


def test_single_scenes_are_run_by_their_names() -> None:
    assert asked_scenes("") == list(SCENES.values())
    assert asked_scenes("stuck, room") == [SCENES["room"], SCENES["stuck"]]
    with pytest.raises(ValueError, match=r"expected some of room, s1, .* found rooms"):
        asked_scenes("rooms,s1")


def test_rounds_are_interleaved_and_medians_told() -> None:
    asked: list[str] = []
    costs = iter([1.0, 9.0, 5.0, 2.0, 3.0, 4.0])

    def measure(turn: Turn) -> Window:
        asked.append(turn.name)
        return windowed(next(costs))

    order = Order(ticks=1, per_second=1)
    medians = interleaved([Turn("a", "a", order), Turn("b", "b", order)], measure, rounds=3)
    assert "".join(asked) == "abbaab"
    assert medians["a"].us_per_message == pytest.approx(2.0)
    assert medians["b"].us_per_message == pytest.approx(5.0)


def test_a_median_keeps_what_was_expected() -> None:
    assert median([windowed(1.0), windowed(2.0), windowed(30.0)]).expected == 1000


def test_a_price_tells_how_long_ago_it_was_due_also_over_the_turn_of_stamps() -> None:
    for due in (5.0, 999.9999, 123_456.789):
        assert milliseconds_since(stamp(due) / 100, now=due + 0.25) == pytest.approx(250, abs=0.01)


def ordered(monkeypatch: pytest.MonkeyPatch, *orders: Order) -> None:
    """Standard input has these orders and ends."""
    lines = [msgspec.json.encode(order).decode() + "\n" for order in orders]
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(lines)))


async def test_what_became_due_while_a_server_was_busy_comes_together(monkeypatch: pytest.MonkeyPatch) -> None:
    ordered(monkeypatch, Order(ticks=20, per_second=1000))
    turns, seen = Counter[str](), list[int]()

    async def others() -> None:
        while True:
            turns["others"] += 1
            await asyncio.sleep(0)

    async def deliver(_batch: Batch) -> None:
        if not seen:
            time.sleep(0.05)  # noqa: ASYNC251  as one long sweep
        seen.append(turns["others"])

    task = asyncio.create_task(others())
    await obey(2, deliver)
    task.cancel()
    assert len(seen) == 20
    assert len(set(seen[1:])) == 1


async def test_the_beat_of_a_measured_server_is_served_in_parts_as_the_products_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ordered(monkeypatch)
    driven, parts = Driven(2, InProcessBus(), beat_seconds=0.01), list[int]()

    def slow(beat: Beat) -> None:
        time.sleep(1.1 * LONG_SECONDS)
        parts.append(beat.parts)

    monkeypatch.setattr(driven.engine, "beat", slow)
    await driven.start()
    while len(parts) < 3:
        await asyncio.sleep(0.01)
    await driven.stop()
    assert parts[0] == 1
    assert parts[2] > 1
