from tests.live.market import SetClock, beat, engine, tick
from tests.live.test_hub import v1
from tickfolio.live.connection import STUCK_SECONDS
from tickfolio.live.tally import BOUNDS, Histogram


def test_times_are_counted_up_to_each_bound_and_in_all() -> None:
    held = Histogram()
    for seconds in (-1.0, 0.01, 0.011, 0.3, 99.0):
        held.observe(seconds, count=2)
    buckets = dict(held.buckets())
    assert buckets["0.01"] == 4
    assert buckets["0.025"] == 6
    assert buckets["0.25"] == 6
    assert buckets["0.35"] == 8
    assert (buckets["10.0"], buckets["+Inf"]) == (8, 10)
    assert held.total == 2 * (0.01 + 0.011 + 0.3 + 99.0)
    assert [*map(float, buckets)] == [*BOUNDS, float("inf")]


def test_what_is_sent_skipped_and_painted_is_counted() -> None:
    clock = SetClock()
    market = engine(clock)
    reader, slow = v1(market), v1(market)
    tally = market.hub.tally
    assert (tally.v1_sockets, tally.plain_sockets) == (2, 0)
    frames, sent_bytes = tally.frames, tally.sent_bytes
    slow.outlet.is_full = True
    market.accept(tick("501.00"))
    clock.pass_seconds(0.2)
    market.beat(beat(1))
    (payload,) = reader.outlet.take()
    assert (tally.frames, tally.sent_bytes, tally.skips) == (frames + 1, sent_bytes + len(payload), 1)
    assert (sum(tally.tick_to_send.counts), round(tally.tick_to_send.total, 3)) == (2, 0.4)
    reader.send({"type": "ack", "scope": "quotes", "sequence": 1, "painted_ms": 120})
    reader.send({"type": "ack", "scope": "quotes", "sequence": 1})
    assert (sum(tally.tick_to_paint.counts), tally.tick_to_paint.total) == (1, 0.12)
    market.hub.leave(slow.connection)
    market.hub.leave(slow.connection)
    assert tally.v1_sockets == 1
    stuck = v1(market)
    stuck.outlet.is_full = True
    market.accept(tick("502.00"))
    for number in range(2, 5):
        market.beat(beat(number))
        clock.pass_seconds(STUCK_SECONDS)
    market.beat(beat(8))
    assert (tally.cut, stuck.outlet.is_aborted) == (1, True)
