from collections import Counter

import pytest

from benchmarks.bench_fanout import OURS, ROOM, RUSH, S1, TUTORIAL, Measured, Scene, figures
from tickfolio.live.pacer import BEAT_SECONDS


@pytest.mark.parametrize("scene", [ROOM, S1, RUSH])
def test_no_scene_ticks_so_fast_that_the_beat_conflates(scene: Scene) -> None:
    assert scene.interval > 1.5 * BEAT_SECONDS


@pytest.mark.parametrize("scene", [ROOM, S1, RUSH])
def test_every_client_watches_different_symbols_and_every_symbol_is_watched_alike(scene: Scene) -> None:
    watch = scene.watch_sets()
    assert len(watch) == scene.clients
    assert all(len(set(symbols)) == scene.watched for symbols in watch)
    watchers = Counter(symbol for symbols in watch for symbol in symbols)
    assert len(watchers) == scene.symbols
    assert len(set(watchers.values())) == 1


def test_the_median_round_is_reported_beside_the_tutorial() -> None:
    scene = Scene("tiny", clients=1, watched=1, symbols=1, interval=1.0, bursts=10)
    ours = [Measured(messages=10, cpu_us_per_message=cpu, p50_ms=1, p99_ms=2) for cpu in (9.0, 2.0, 1.0)]
    theirs = [Measured(messages=messages, cpu_us_per_message=100.0, p50_ms=3, p99_ms=4) for messages in (10, 5, 1)]
    by_id = {figure.id: figure for figure in figures(scene, {OURS: ours, TUTORIAL: theirs})}
    assert by_id["fanout.tiny.us_per_message"].value == 2.0
    assert by_id["fanout.tiny.tutorial"].value == 50.0
    delivered = by_id["fanout.tiny.delivered"]
    assert delivered.value == 100.0
    assert delivered.peer is not None
    assert delivered.peer.value == 50.0
