"""A process that serves pages while another one reads the feeds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from structlog.testing import capture_logs

from tests.live.market import (
    AAPL,
    IBM,
    OPEN,
    REAL_NOW,
    MarketTime,
    RecordingOutlet,
    SetClock,
    calendar,
    instrument,
    tick,
)
from tests.runtime.shared_bus import SharedBus, Wire
from tests.runtime.test_embedded import NO_PORTFOLIOS
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.market.status import FeedState, FeedStatus
from tickfolio.live.bus.port import (
    Answered,
    Asked,
    BusMessage,
    Demanded,
    InstrumentKnown,
    LeaderBeat,
    Lost,
    Reconnected,
    ReplayMoment,
    RunBegan,
    StatusChanged,
    Ticks,
)
from tickfolio.live.bus.wire import conflated
from tickfolio.live.engine import Engine
from tickfolio.runtime.audit import AuditReport
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.lookups import lookup
from tickfolio.runtime.ports import MarketMemory
from tickfolio.runtime.process_reports import ProcessReport, new_board
from tickfolio.runtime.remote_market import AWAY, SILENCE_SECONDS, RemoteMarket
from tickfolio.runtime.web_engine import WebEngine

LIVE = FeedStatus("yahoo", FeedState.LIVE, REAL_NOW)
SECOND = timedelta(seconds=1)


class Web:
    """A web process on a wire, with a memory that is a list."""

    def __init__(self, wire: Wire, *, is_replay: bool = False) -> None:
        self.wire = wire
        self.known: list[Instrument] = [instrument(AAPL)]
        self.clock = SetClock()
        self.market = RemoteMarket(
            clock=MarketTime(self.clock),
            is_replay=is_replay,
            tick_interval=SECOND,
            feed_names=("yahoo",),
            monotonic=self.clock.monotonic,
            now=self.clock.now,
        )
        self.web = WebEngine(
            market_from=lambda _remembered: self.market,
            bus=SharedBus(wire),
            memory=MarketMemory(
                register=_never,
                record=_never,
                last_quotes=tuple,
                last_clock=lambda: None,
                instruments=self._instruments,
            ),
            portfolios=NO_PORTFOLIOS,
            calendar_of=lambda _instrument: calendar(),
            clock=SystemClock(),
            build="build-1",
        )

    def _instruments(self) -> tuple[Instrument, ...]:
        return tuple(self.known)

    async def __aenter__(self) -> Web:
        await self.web.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.web.stop()

    @property
    def engine(self) -> Engine:
        assert self.web.engine is not None
        return self.web.engine

    def price(self, symbol: Symbol = AAPL) -> Decimal | None:
        quote = self.engine.book.quote(symbol)
        return None if quote is None else quote.price

    def said[T](self, kind: type[T]) -> list[T]:
        return [message for message in self.wire.said if isinstance(message, kind)]


def _never(_what: object) -> None:
    raise AssertionError("a web process records nothing of the market")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_ticks_come_over_the_bus_and_nothing_is_recorded() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(Ticks((tick("501.00"),), 1))
        assert web.price() == Decimal("501.00")
        await until(lambda: web.engine.take_changes() == ((), ()))
        assert await web.web.is_ready()


async def test_newest_prices_of_the_bus_are_there_from_the_start() -> None:
    wire = Wire()
    wire.kept[AAPL] = tick("501.00")
    async with Web(wire) as web:
        assert web.price() == Decimal("501.00")


async def test_a_price_of_later_than_now_is_of_another_run_and_left_out() -> None:
    wire = Wire()
    wire.kept[AAPL] = tick("501.00", at=OPEN + SECOND)
    async with Web(wire) as web:
        assert web.price() is None


async def test_what_an_older_leader_says_is_not_taken() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(LeaderBeat(2))
        web.wire.tell(Ticks((tick("400.00", at=OPEN + SECOND),), 1))
        assert web.price() is None
        web.wire.tell(Ticks((tick("501.00"),), 2))
        assert web.price() == Decimal("501.00")


async def test_another_leader_is_another_epoch_and_the_first_is_none() -> None:
    with capture_logs() as lines:
        await _hear_leaders()
    told = [(line["event"], line["log_level"], line["token"]) for line in lines if line["event"].startswith("leader.")]
    assert told == [("leader.heard", "info", 1), ("leader.changed", "warning", 2)]


async def _hear_leaders() -> None:
    async with Web(Wire()) as web:
        epochs = [web.engine.facts.epoch]
        for token in (1, 1, 2):
            web.wire.tell(LeaderBeat(token))
            epochs.append(web.engine.facts.epoch)
        assert epochs[0] == epochs[1] == epochs[2] != epochs[3]


async def test_a_new_run_drops_the_prices_of_the_old_one() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(Ticks((tick("501.00"),), 1))
        web.wire.tell(RunBegan(2, 1))
        assert web.price() is None


async def test_while_the_bus_is_away_pages_are_told_that_and_the_log_once() -> None:
    with capture_logs() as lines:
        async with Web(Wire()) as web:
            web.wire.tell(LeaderBeat(1, (LIVE,)))
            web.wire.tell(Lost("refused"))
            web.clock.seconds += SILENCE_SECONDS
            await until(lambda: [each.message for each in web.engine.facts.feeds] == [AWAY])
            web.wire.tell(Reconnected())
            web.wire.tell(LeaderBeat(1, (LIVE,)))
    assert [line["event"] for line in lines if line["event"].startswith("bus.")] == ["bus.lost", "bus.reconnected"]


async def test_what_waited_while_the_bus_was_away_calls_no_price_live_that_is_not_the_newest() -> None:
    waited: list[BusMessage] = [LeaderBeat(1, (LIVE,)), Ticks((tick("501.00"),), 1), StatusChanged(LIVE, 1)]
    waited += [LeaderBeat(1, (LIVE,)), Ticks((tick("502.00", at=OPEN + SECOND),), 1)]
    async with Web(Wire()) as web:
        web.wire.tell(LeaderBeat(1, (LIVE,)))
        web.wire.tell(Lost("refused"))
        web.clock.seconds += SILENCE_SECONDS
        await until(lambda: [each.state for each in web.engine.facts.feeds] == ["stale"])
        web.wire.tell(Reconnected())
        shown = []
        for message in conflated(waited):
            web.wire.tell(message)  # pages may get a frame after any of them
            shown.append(([each.state for each in web.engine.facts.feeds], web.price()))
    newest = Decimal("502.00")
    assert shown == [(["stale"], newest), (["live"], newest)]


async def test_who_says_prices_is_not_called_silent_for_want_of_a_beat() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(LeaderBeat(1, (LIVE,)))
        web.clock.seconds += SILENCE_SECONDS - 1
        web.wire.tell(Ticks((tick("501.00"),), 1))
        web.clock.seconds += SILENCE_SECONDS - 1
        assert web.market.overdue() == ()
        web.clock.seconds += 1
        assert [each.state for each in web.market.overdue()] == ["stale"]


async def test_a_leader_whose_replay_went_back_is_not_refused() -> None:
    async with Web(Wire(), is_replay=True) as web:
        web.wire.tell(LeaderBeat(1))
        web.wire.tell(Ticks((tick("501.00", at=OPEN + 60 * SECOND),), 1))
        web.wire.tell(LeaderBeat(2, (), ReplayMoment(1, OPEN, 1_000, OPEN)))
        web.wire.tell(Ticks((tick("499.00", at=OPEN + SECOND),), 2))
        assert web.price() == Decimal("499.00")


async def test_pages_are_told_within_seconds_that_nobody_reads_the_feeds_and_when_somebody_does() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(LeaderBeat(1, (LIVE,)))
        web.wire.tell(StatusChanged(LIVE, 1))
        assert [each.state for each in web.engine.facts.feeds] == ["live"]
        web.clock.seconds += 5
        await until(lambda: [each.state for each in web.engine.facts.feeds] == ["stale"])
        report = web.web.live_report()
        assert report is not None
        assert report.leader_silence == 5
        web.wire.tell(LeaderBeat(2, (LIVE,)))
        assert [each.state for each in web.engine.facts.feeds] == ["live"]


async def test_instruments_come_with_messages_and_what_was_missed_from_the_database() -> None:
    async with Web(Wire()) as web:
        web.wire.tell(InstrumentKnown(instrument(IBM), 1))
        web.wire.tell(Ticks((tick("34.00", symbol=IBM),), 1))
        assert web.price(IBM) == Decimal("34.00")
        missed = Symbol("MSFT")
        web.known.append(instrument(missed))
        web.wire.tell(LeaderBeat(1))
        await until(lambda: missed in {one.symbol for one in web.market.instruments()})


async def test_after_a_reconnection_pages_begin_anew_with_the_newest_prices() -> None:
    async with Web(Wire()) as web:
        epoch = web.engine.facts.epoch
        web.wire.kept[AAPL] = tick("505.00")
        web.wire.tell(Reconnected())
        assert web.engine.facts.epoch != epoch
        await until(lambda: web.price() == Decimal("505.00"))


async def test_what_sockets_watch_is_said_at_once_and_again_to_a_new_leader() -> None:
    async with Web(Wire()) as web:
        await until(lambda: web.said(Demanded))
        hub = web.web.hub_now()
        assert hub is not None
        client = hub.join(RecordingOutlet(), is_plain=True)
        hub.receive_text(client, '{"symbol":"AAPL"}')
        await until(lambda: frozenset({AAPL}) in [each.symbols for each in web.said(Demanded)])
        count = len(web.said(Demanded))
        web.wire.tell(LeaderBeat(1))
        await until(lambda: len(web.said(Demanded)) > count)
        hub.leave(client)
        await until(lambda: web.said(Demanded)[-1].symbols == frozenset())


async def test_an_unknown_symbol_is_asked_of_the_process_that_reads_the_feeds() -> None:
    async with Web(Wire()) as web:
        finding = asyncio.create_task(asyncio.to_thread(lookup.find, IBM))
        await until(lambda: web.said(Asked))
        [asked] = web.said(Asked)
        web.wire.tell(Answered(asked.question, (instrument(IBM),), token=1))
        assert await finding == instrument(IBM)
        web.wire.tell(Ticks((tick("34.00", symbol=IBM),), 1))
        assert web.price(IBM) == Decimal("34.00")


async def test_a_replay_knows_all_that_there_is() -> None:
    async with Web(Wire(), is_replay=True) as web:
        assert await asyncio.to_thread(lookup.find, IBM) is None
        web.wire.tell(Answered("nobody's"))
        assert web.said(Asked) == []


async def test_it_says_that_it_serves_once() -> None:
    told: list[str] = []
    web = Web(Wire())
    web.web.on_first_quotes = lambda: told.append("serves")
    async with web:
        await until(lambda: told)
    assert told == ["serves"]


async def test_it_tells_the_others_what_it_came_to_and_tells_of_all(tmp_path: Path) -> None:
    board = new_board(tmp_path, processes=2)
    board.tell(1, other := ProcessReport(None, AuditReport(audited=7), {}))
    web = Web(Wire())
    web.web.tell_on(board, process=2)
    async with web:
        await until(lambda: 2 in board.heard())
        web.engine.hub.tally.frames += 5
        by_process = web.web.process_reports()
    assert by_process[1] == other
    assert by_process[2].live is not None
    assert by_process[2].live.tally.frames == 5


async def test_one_that_is_alone_tells_of_no_others() -> None:
    async with Web(Wire()) as web:
        assert web.web.process_reports() == {}
