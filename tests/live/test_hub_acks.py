"""What clients say to have applied and painted."""

import pytest

from tests.live.market import SetClock, beat, engine, tick
from tests.live.test_hub import Client, v1
from tickfolio.live.engine import Engine


@pytest.fixture
def market(clock: SetClock) -> Engine:
    return engine(clock)


def test_ack_of_what_was_sent_is_kept_and_never_goes_back_within_an_epoch(market: Engine) -> None:
    client = v1(market)

    def acks(*sequences: int) -> dict[str, int]:
        for sequence in sequences:
            client.send({"type": "ack", "scope": "quotes", "sequence": sequence, "painted_ms": 600_000})
        return {scope: position.sequence for scope, position in client.connection.acked.items()}

    assert acks(1, 999, -1, 10**30) == {}
    for number in (1, 2):
        market.accept(tick(f"50{number}.00"))
        market.beat(beat(number))
    assert acks(2, 1, 2, 3) == {"quotes": 2}
    market.begin_epoch("epoch-2")
    market.accept(tick("503.00"))
    market.beat(beat(3))
    market.accept(tick("504.00"))
    market.beat(beat(4))
    assert acks(1, 1) == {"quotes": 1}
    assert sum(market.hub.tally.tick_to_paint.counts) == 2


def test_ack_of_who_watches_nothing_counts_for_nothing(market: Engine) -> None:
    client = Client(market)
    client.send({"type": "hello"})
    client.send({"type": "ack", "scope": "quotes", "sequence": 1, "painted_ms": 1})
    assert client.connection.acked == {}
    assert sum(market.hub.tally.tick_to_paint.counts) == 0
