"""The market of a live instance: several feeds, each instrument served by the first of its order that can."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import structlog

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.corporate_actions import Split
from tickfolio.domain.instruments import Instrument, Publication, Symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.plausibility import Doubt, HeldPrice
from tickfolio.domain.market.quotes import Quote, Tick
from tickfolio.feeds.feed import Feed, FeedQuote, FeedReport, History, Operation
from tickfolio.feeds.intake import Held, Intake
from tickfolio.feeds.market_source import ClockPosition, MarketEvent
from tickfolio.feeds.question_rounds import QuestionRounds
from tickfolio.feeds.questions import Questions
from tickfolio.feeds.rate_limit import GateState
from tickfolio.feeds.real_time import RealTime
from tickfolio.feeds.routes import Routes
from tickfolio.feeds.routing import Move, Route
from tickfolio.feeds.second_opinions import SecondOpinions, latest_of

TICK_INTERVAL = timedelta(seconds=20)
"""How often a price of a live market may be expected, on the whole: staleness is judged by a multiple of it."""
ROOM = 8192
LOOK_US = 1_000_000
MOST_NEWS = 1000

log = structlog.get_logger(__name__)


class RealMarketClock:
    """A live market's time is the real one."""

    def __init__(self, real_time: RealTime) -> None:
        self._real_time = real_time

    def now(self) -> datetime:
        """The real moment, UTC."""
        return self._real_time.utc_now()


@dataclass(frozen=True, slots=True)
class News:
    """Something that an operator may want to know of; `kind` is ``state``, ``move``, ``held`` or ``released``."""

    at: datetime
    kind: str
    feed: str
    symbol: str
    text: str


class LiveMarket:
    """The `MarketSource` of a live instance. All of it runs on one event loop."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        *,
        instruments: Iterable[Instrument],
        calendar_of: Callable[[Instrument], ExchangeCalendar],
        real_time: RealTime,
        orders: Mapping[Symbol, tuple[str, ...]] | None = None,
    ) -> None:
        self._feeds = {feed.name: feed for feed in feeds}
        self.questions = Questions(self._feeds)
        self._calendar_of = calendar_of
        self._real_time = real_time
        self._instruments: dict[Symbol, Instrument] = {}
        self._intakes: dict[Symbol, Intake] = {}
        self._routes = Routes(self._feeds, orders=orders or {}, at=real_time.utc_now())
        self._wanted: frozenset[Symbol] = frozenset()
        self._queue: asyncio.Queue[MarketEvent] = asyncio.Queue(maxsize=ROOM)
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: dict[str, Counter[str]] = {name: Counter() for name in self._feeds}
        self._rounds = QuestionRounds()
        self._opinions = SecondOpinions(self._routes, real_time)
        self._news: deque[News] = deque(maxlen=MOST_NEWS)
        self.on_suspected_split: Callable[[Symbol], None] = lambda _symbol: None
        """Called while a price is held back that may be a split's: whoever can ask for the instrument's splits should."""
        self.clock = RealMarketClock(real_time)
        for instrument in instruments:
            self.add(instrument)

    # ---------- As a market source ----------

    @property
    def name(self) -> str:
        """``live``: each quote carries the feed that said it."""
        return "live"

    @property
    def is_replay(self) -> bool:
        """False: its prices are today's."""
        return False

    @property
    def position(self) -> ClockPosition | None:
        """None: the market's time is the real one."""
        return None

    @property
    def tick_interval(self) -> timedelta:
        """How often prices may be expected."""
        return TICK_INTERVAL

    def instruments(self) -> tuple[Instrument, ...]:
        """Those that are known by now, by symbol."""
        return tuple(self._instruments[symbol] for symbol in sorted(self._instruments))

    def bars(self, symbol: Symbol) -> tuple[Bar, ...]:
        """None: bars are made from the ticks."""
        return ()

    def want(self, symbols: frozenset[Symbol]) -> None:
        """Declares what is to be streamed; unknown symbols and those that are traded no more are passed over."""
        self._wanted = frozenset(s for s in symbols if s in self._instruments and not self._is_delisted(s))
        self._decide()

    async def events(self) -> AsyncIterator[MarketEvent]:
        """Ticks and statuses of all feeds, until the task is cancelled. Iterated again, it begins anew where it was."""
        if not self._tasks:
            for feed in self._feeds.values():
                feed.expect_data(self._expects_data)
                self._start(f"quotes of {feed.name}", partial(self._read_quotes, feed))
                # A feed that only answers questions has no state that could say anything of the prices on a page.
                if feed.capabilities.can(Operation.STREAM):
                    self._start(f"statuses of {feed.name}", partial(self._read_statuses, feed))
            self._start("routes", self._look_after_routes)
            self._start("doubts", self._look_after_doubts)
        while True:
            yield await self._queue.get()

    async def stop(self) -> None:
        """Ends every feed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await asyncio.gather(*(feed.stop() for feed in self._feeds.values()), return_exceptions=True)

    # ---------- Instruments ----------

    def add(self, instrument: Instrument) -> None:
        """Makes an instrument known; one that is known stays as it is."""
        symbol = instrument.symbol
        if symbol in self._instruments:
            return
        self._instruments[symbol] = instrument
        self._intakes[symbol] = Intake(instrument, self._calendar_of(instrument))
        self._routes.add(instrument)

    def follow(self, orders: Mapping[Symbol, tuple[str, ...]]) -> None:
        """The feeds of instruments with an order of their own, all of them as they are by now; the others have the operator's."""
        changed = self._routes.follow(orders, at=self._real_time.utc_now())
        for symbol, move in changed.items():
            self._rounds.end(symbol)
            self._note_move(move)
        if changed:
            self._decide()

    def delist(self, days: Mapping[Symbol, date]) -> tuple[Instrument, ...]:
        """From which day on instruments are traded no more, all of them as they are by now; those that are others thereby."""
        known = self._instruments.values()
        changed = [replace(one, delisted_on=day) for one in known if (day := days.get(one.symbol)) != one.delisted_on]
        self._instruments.update((instrument.symbol, instrument) for instrument in changed)
        return tuple(changed)

    def restore(self, quote: Quote) -> None:
        """A price of before a restart: the next ones are compared with it."""
        intake = self._intakes.get(quote.symbol)
        if intake is not None:
            intake.restore(quote.price, quote.session_day, quote.previous_close)

    def note_history(self, symbol: Symbol, closes: Sequence[tuple[date, Decimal]], splits: Sequence[Split]) -> None:
        """The closes of finished days, as they were paid, and the splits: what prices are compared with."""
        intake = self._intakes.get(symbol)
        if intake is None:
            return
        intake.note_history(closes, splits)
        tick = intake.judge_anew()
        if tick is not None:
            self._say(tick)

    async def find(self, symbol: Symbol) -> Instrument | None:
        """What `symbol` is: as it is known, or as the feeds say. Raises as `questions.find`."""
        return self._instruments.get(symbol) or await self.questions.find(symbol)

    async def latest(self, symbol: Symbol) -> Tick | None:
        """The latest price of a known instrument, asked for; None where no feed says one that can be believed, or none is made."""
        if self._is_delisted(symbol):
            return None
        for name in self._routes.by_symbol[symbol].order:
            if not self._feeds[name].capabilities.can(Operation.SNAPSHOT):
                continue
            quote = await latest_of(self._feeds[name], symbol)
            outcome = None if quote is None else self._intakes[symbol].take(quote, source=name)
            if isinstance(outcome, Tick):
                return outcome
        return None

    async def history(self, symbol: Symbol, *, first: date, last: date) -> tuple[str, History] | None:
        """The days of a known instrument from the feeds of its order. Raises as `questions.history`.

        No price of a split that they tell of is believed before it is recorded, as `note_history` says.
        """
        answer = await self.questions.history(symbol, self._routes.by_symbol[symbol].order, first=first, last=last)
        if answer is not None:
            told = [action for action in answer[1].actions if isinstance(action, Split)]
            self._intakes[symbol].note_told(told)
        return answer

    def gates(self) -> dict[str, GateState]:
        """What is left of the budgets of all hosts."""
        return {host: state for feed in self._feeds.values() for host, state in feed.gates().items()}

    # ---------- What the operator sees and does ----------

    def reports(self) -> tuple[FeedReport, ...]:
        """How each feed does, with what was held back of its prices."""
        return tuple(replace(feed.report(), held=dict(self._held[name])) for name, feed in self._feeds.items())

    def routes(self) -> Mapping[Symbol, Route]:
        """Who serves what."""
        return self._routes.by_symbol

    def quarantine(self) -> Mapping[Symbol, HeldPrice]:
        """The prices that are held back now."""
        held = ((symbol, intake.held) for symbol, intake in sorted(self._intakes.items()))
        return {symbol: price for symbol, price in held if price is not None and not self._is_delisted(symbol)}

    def release(self, symbol: Symbol, price: Decimal) -> bool:
        """The operator believes the price that is held back, which becomes a tick; False where it is another one, or none."""
        intake = self._intakes.get(symbol)
        if intake is None or intake.held is None or intake.held.price != price:
            return False
        released = intake.release()
        assert released is not None
        held, tick = released
        if tick is not None:
            self._say(tick)
        self._tell("released", held.source, symbol, f"{held.price} was released by the operator")
        return True

    def _say(self, tick: Tick) -> None:
        """Publishes a tick that no stream brings now."""
        # With no room left there are newer prices to read, and the next of this one is believed as well.
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(tick)

    def take_news(self) -> tuple[News, ...]:
        """What happened since the last call, oldest first."""
        news, self._news = tuple(self._news), deque(maxlen=MOST_NEWS)
        return news

    def _tell(self, kind: str, feed: str, symbol: str, text: str) -> None:
        self._news.append(News(self._real_time.utc_now(), kind, feed, symbol, text))

    # ---------- Reading ----------

    def _start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._tasks.add(asyncio.create_task(self._keep_going(name, work), name=name))

    async def _keep_going(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Runs a loop; one that fails for an unforeseen reason is logged and begins again after a moment."""
        while True:
            try:
                return await work()
            except Exception:  # a fault of ours with one feed must not end the market of the others
                log.exception("market.fault", loop=name)
            await self._a_moment()

    async def _read_quotes(self, feed: Feed) -> None:
        async for quote in feed.quotes():
            try:
                await self._take(quote, source=feed.name)
            except Exception:  # a fault of ours with one price must not keep the other ones away
                log.exception("market.fault", feed=feed.name, symbol=quote.symbol)

    async def _take(self, quote: FeedQuote, *, source: str) -> None:
        intake = self._intakes.get(quote.symbol)
        # A feed that an instrument has just left may still say a price, and one that must prove itself does: who serves has the word.
        if intake is None or not self._routes.is_served_by(source, quote.symbol):
            return
        outcome = intake.take(quote, source=source)
        if isinstance(outcome, Tick):
            await self._queue.put(outcome)
        elif outcome is not None:
            self._note_held(outcome)

    def _is_open(self, symbol: Symbol) -> bool:
        return self._expects_data(frozenset({symbol}))

    def _expects_data(self, symbols: frozenset[Symbol]) -> bool:
        """Whether a market of one of the symbols is open now, by hours that are known, so that a price should come soon.

        After the bell a price is expected as much later as its source says prices late.
        """
        now = self._real_time.utc_now()
        return any(self._is_due(self._instruments[symbol], now) for symbol in symbols if symbol in self._instruments)

    def _is_due(self, instrument: Instrument, now: datetime) -> bool:
        calendar = self._calendar_of(instrument)
        if instrument.publication is not Publication.TICK or calendar.is_assumed:
            return False
        open_since = calendar.open_since(now)
        return open_since is not None and now - open_since >= self._intakes[instrument.symbol].late_by

    def _note_held(self, outcome: Held) -> None:
        self._rounds.begin(outcome.symbol)
        held = outcome.held
        self._held[held.source][held.doubt.value] += 1
        if outcome.is_new:
            if held.doubt is Doubt.SPLIT:
                self.on_suspected_split(outcome.symbol)
            log.warning(
                "price.held_back",
                symbol=outcome.symbol,
                price=str(held.price),
                reference=str(held.reference),
                feed=held.source,
                doubt=held.doubt.value,
            )
            text = f"{held.price} was held back ({held.doubt.value}); the last believed price is {held.reference}"
            self._tell("held", held.source, outcome.symbol, text)

    async def _read_statuses(self, feed: Feed) -> None:
        async for status in feed.statuses():
            self._routes.health.note(feed.name, status.state, status.message, at=self._real_time.utc_now())
            log.info("feed.state", feed=feed.name, state=status.state.value, message=status.message)
            self._tell("state", feed.name, "", f"{status.state.value}: {status.message}".removesuffix(": "))
            await self._queue.put(status)

    # ---------- Routes ----------

    async def _look_after_routes(self) -> None:
        while True:
            await self._a_moment()
            self._routes.note_refusals(self._wanted)
            self._decide()

    async def _look_after_doubts(self) -> None:
        """Beside the routes: an answer may take long, and a feed that fails must be left meanwhile."""
        while True:
            await self._a_moment()
            for symbol in self._rounds.due(self._real_time.monotonic_us()):
                await self._ask_another(symbol)
            await self._opinions.compare(self._wanted, self._intakes)

    async def _a_moment(self) -> None:
        await self._real_time.sleep_until(self._real_time.monotonic_us() + LOOK_US)

    def _decide(self) -> None:
        moves = self._routes.decide(self._wanted, is_open=self._is_open, at=self._real_time.utc_now())
        for move in moves:
            self._note_move(move)

    def _note_move(self, move: Move | None) -> None:
        if move is not None and move.old:
            log.warning("route.moved", symbol=move.symbol, old=move.old, new=move.new, reason=move.reason)
            self._tell("move", move.new, move.symbol, f"from {move.old} to {move.new}: {move.reason}")

    def _is_delisted(self, symbol: Symbol) -> bool:
        """Whether a known instrument is traded no more."""
        instrument = self._instruments[symbol]
        if instrument.delisted_on is None:
            return False
        return instrument.is_delisted(self._real_time.utc_now().astimezone(self._calendar_of(instrument).zone).date())

    async def _ask_another(self, symbol: Symbol) -> None:
        """Asks about a price that is held back; what may be a split's, also for the split."""
        intake = self._intakes[symbol]
        if intake.held is None or symbol not in self._wanted or self._is_delisted(symbol):
            self._rounds.end(symbol)
            return
        if intake.held.doubt is Doubt.SPLIT:
            self.on_suspected_split(symbol)
        tick = await self._opinions.confirmed(symbol, intake)
        if tick is not None:
            await self._queue.put(tick)
