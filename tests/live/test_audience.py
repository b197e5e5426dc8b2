from tests.live.market import AAPL, IBM, OPEN, SetClock, engine, tick
from tickfolio.live.audience import Audience, stamps_of


def test_stamps_are_of_the_newest_quote() -> None:
    market = engine(SetClock())
    market.accept(tick("501.00"))
    market.accept(tick("34.00", symbol=IBM, at=OPEN.replace(second=7)))
    market.rows.refresh()
    assert stamps_of(market.rows, [AAPL, IBM], sent_at="now").source == "2012-05-21T13:30:07.000Z"


def test_stamps_without_any_quote_hold_the_sending_time_only() -> None:
    stamps = stamps_of(engine(SetClock()).rows, [AAPL], sent_at="now")
    assert (stamps.source, stamps.received, stamps.sent) == (None, None, "now")


def test_sequence_counts_frames_without_gaps() -> None:
    market = engine(SetClock())
    audience = Audience(epoch="e1", symbols=frozenset({AAPL}), is_hidden=False, version=market.rows.version)
    for second in range(3):
        market.accept(tick(f"50{second}.00", at=OPEN.replace(second=second)))
        market.rows.refresh()
        assert audience.delta(market.rows, sent_at="now") is not None
        assert audience.sequence == second + 1
