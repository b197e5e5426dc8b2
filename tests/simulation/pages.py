"""Pages: the reference client on a network, which says where it stands, notices silence and comes back, as the real ones do."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from tests.live.portfolios import header_mismatches
from tests.simulation.clockwork import VirtualLoop
from tests.simulation.database import Database
from tests.simulation.network import Line, Weather, Witness
from tests.simulation.server import Process
from tests.simulation.vendor import SYMBOLS, Exchange
from tickfolio.client.conversation import Conversation
from tickfolio.client.live_client import CONNECT_SECONDS, FIRST_PAUSE, LONGEST_PAUSE, SILENCE_SECONDS
from tickfolio.domain.instruments import Symbol
from tickfolio.live.viewer import Viewer
from tickfolio.live.wire.messages import (
    Ack,
    Bye,
    ClientMessage,
    Delta,
    Error,
    ServerMessage,
    Snapshot,
    Status,
    Visibility,
)
from tickfolio.live.wire.portfolio_messages import Access, Event, PortfolioDelta, PortfolioSnapshot
from tickfolio.live.wire.vocabulary import PORTFOLIO, QUOTES

AGAIN_SECONDS = 6.0
"""After which a page asks again for a symbol of which no feed could say what it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where pages are: what they connect to, and what they are judged by."""

    loop: VirtualLoop
    draw: random.Random
    database: Database
    exchange: Exchange
    process: Callable[[], Process | None]
    """The server that runs now, if any."""
    may_be_told: Callable[[int | None, str | None, str | None], str | None]
    """Why a person, with a session, must not be told of a portfolio any more, if so."""
    complain: Callable[[str], None]
    note: Callable[[str], None]
    count: Callable[[bytes], None]
    see: Callable[[str], None]


@dataclass(slots=True)
class Heard:
    """Which entries of a ledger a page has been told of."""

    up_to: int = 0
    """A snapshot told of all of these."""
    events: set[int] = field(default_factory=set)

    def lacks(self, head: int) -> set[int]:
        """The entries that it was never told of."""
        return set(range(self.up_to + 1, head + 1)) - self.events


class Page:
    """What all clients share: a connection that is made again and again."""

    is_plain = False

    def __init__(self, place: Place, name: str, *, user: int | None = None, session: str | None = None) -> None:
        self.place = place
        self.name = name
        self.user = user
        self.session = session
        self.weather = Weather()
        self.line: Line | None = None
        self.is_closed = False
        self.ended: str | None = None
        """What the server said when it let the page go for good."""
        self._failures = 0
        self._heard_at = 0.0
        self._least_pause = 0.0

    # ---------- Connecting ----------

    def open(self) -> None:
        """The page is opened."""
        self.place.loop.call_later(self.place.draw.uniform(0.0, 0.3), self._connect)

    def close(self) -> None:
        """The page is closed for good."""
        self.is_closed = True
        if self.line is not None:
            self.line.leave()
            self.line = None

    def cut(self) -> None:
        """Its connection breaks."""
        if self.line is not None:
            self.line.cut()

    def _connect(self) -> None:
        place, process = self.place, self.place.process()
        if self.is_closed or self.ended is not None or self.line is not None:
            return
        if self.weather.is_dark:
            place.loop.call_later(CONNECT_SECONDS, self._failed)
        elif process is None:
            place.loop.call_later(0.05, self._failed)
        elif self.user is not None and self.session not in place.database.rights(self.user).sessions:
            self._end("handshake_refused")
        else:
            viewer = None
            if self.user is not None and self.session is not None:
                viewer = Viewer(self.user, self.session, place.database.rights(self.user).portfolios)
            # What was read of the person is a little old by the time the socket stands.
            place.loop.call_later(place.draw.uniform(0.0, 0.2), self._open_line, process, viewer)

    def _open_line(self, process: Process, viewer: Viewer | None) -> None:
        place = self.place
        if self.is_closed or self.line is not None:
            return
        if not process.is_alive:
            self._failed()
            return
        witness = None
        if not self.is_plain:
            witness = Witness(
                may_be_told=lambda portfolio: place.may_be_told(self.user, self.session, portfolio),
                complain=lambda what: place.complain(f"{self.name}: {what}"),
            )
        self.line = line = Line(
            place.loop,
            place.draw,
            self.weather,
            witness=witness,
            see=place.see,
            on_frames=self._on_frames,
            on_end=self._on_end,
        )
        process.join(line, is_plain=self.is_plain, viewer=viewer)
        self._heard_at = place.loop.time()
        self._least_pause = 0.0
        self.greet()
        self._watch_silence(line)

    def _watch_silence(self, line: Line) -> None:
        if line is not self.line:
            return
        silent = self.place.loop.time() - self._heard_at
        if silent >= SILENCE_SECONDS - 0.001:
            self.place.note(f"{self.name} has heard nothing for {silent:.0f} s")
            line.leave()
            self._lost()
        else:
            self.place.loop.call_later(SILENCE_SECONDS - silent, self._watch_silence, line)

    def _on_end(self, line: Line) -> None:
        if line is self.line:
            self._lost()

    def _lost(self) -> None:
        self.line = None
        self._failed()

    def _failed(self) -> None:
        if self.line is None and not self.is_closed and self.ended is None:
            pause = self._least_pause + self.place.draw.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures))
            self._failures += 1
            self.place.loop.call_later(pause, self._connect)

    def _end(self, why: str) -> None:
        self.ended = why
        self.place.note(f"{self.name} is let go: {why}")
        if self.line is not None:
            self.line.leave()
            self.line = None

    # ---------- Hearing ----------

    def _on_frames(self, line: Line, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            if line is not self.line:
                return
            self._heard_at = self.place.loop.time()
            self._failures = 0
            self.place.count(payload)
            self.hear(payload)

    def greet(self) -> None:
        """The first messages of a connection."""
        raise NotImplementedError

    def hear(self, payload: bytes) -> None:
        """A frame has come."""
        raise NotImplementedError

    def believe(self, symbol: str, price: str | None) -> None:
        """What is shown as a price was one."""
        if price is not None and Decimal(price) not in self.place.exchange.ever[Symbol(symbol)]:
            self.place.complain(f"{self.name}: {symbol} was shown at {price}, which it never cost")


class V1Page(Page):
    """A page of ours."""

    def __init__(
        self,
        place: Place,
        name: str,
        *,
        user: int | None = None,
        session: str | None = None,
        portfolios: Iterable[str] = (),
        totals_only: bool = False,
        is_hidden: bool = False,
    ) -> None:
        super().__init__(place, name, user=user, session=session)
        self.conversation = Conversation()
        self.quotes: set[Symbol] = set(SYMBOLS)
        self.wanted = tuple(portfolios)
        self.totals_only = totals_only
        self.is_hidden = is_hidden
        self.status: Status | None = None
        """The last one of this connection."""
        self.greeted_at = 0.0
        self.heard: dict[str, Heard] = {}
        self._is_away_from: set[str] = set()
        self.conversation.subscribe(SYMBOLS, portfolios=self.wanted, totals_only=totals_only)

    def greet(self) -> None:
        self.status = None
        self.greeted_at = self.place.loop.time()
        self.say(self.conversation.greeting())
        if self.is_hidden:
            self.say([Visibility(hidden=True)])

    def say(self, messages: Iterable[ClientMessage]) -> None:
        """Says something where there is a connection."""
        if self.line is not None:
            for message in messages:
                self.line.say(msgspec.json.encode(message).decode())

    def hear(self, payload: bytes) -> None:
        message, answers = self.conversation.heard(payload)
        if answers:
            self.place.see("a snapshot was asked for")
        if isinstance(message, Delta | PortfolioDelta) and message.since is not msgspec.UNSET:
            self.place.see("what was missed came in one frame")
        self.say(answers)
        if message is not None:
            self._judge(message)
        if isinstance(message, Bye):
            self._take_leave(message)

    # ---------- What the person does ----------

    def hide(self, *, is_hidden: bool) -> None:
        """The tab is hidden or shown."""
        self.is_hidden = is_hidden
        self.say([Visibility(hidden=is_hidden)])

    def watch_less(self, symbol: Symbol) -> None:
        """One symbol less."""
        self.quotes.discard(symbol)
        self.say(self.conversation.unsubscribe([symbol]))

    def watch_more(self, symbol: Symbol) -> None:
        """One symbol more."""
        self.quotes.add(symbol)
        self.say(self.conversation.subscribe([symbol]))

    # ---------- Judging ----------

    def _judge(self, message: ServerMessage) -> None:
        match message:
            case Snapshot() | Delta():
                for symbol, row in message.rows.items():
                    if isinstance(row.price, str):
                        self.believe(symbol, row.price)
                if self.place.draw.random() < 0.05:
                    self.say([Ack(scope=QUOTES, sequence=message.sequence)])
            case PortfolioSnapshot() | PortfolioDelta() | Event():
                self._judge_portfolio(message)
            case Status():
                self.status = message
            case Access():
                self._reopen(message)
            case Error() if message.code == "feed_unavailable" and message.symbol in self.quotes:
                self.place.see("a symbol was asked for again")
                self.place.loop.call_later(AGAIN_SECONDS, self._ask_again, message.symbol)
            case _:
                pass

    def _judge_portfolio(self, message: PortfolioSnapshot | PortfolioDelta | Event) -> None:
        heard = self.heard.setdefault(message.scope, Heard())
        if isinstance(message, Event):
            heard.events.add(message.ledger)
            return
        if isinstance(message, PortfolioSnapshot):
            heard.up_to = message.ledger
        self._judge_sums(message.scope)

    def _judge_sums(self, scope: str) -> None:
        held = self.conversation.portfolios[scope.removeprefix(PORTFOLIO)]
        if not self.totals_only and (wrong := header_mismatches(held)):
            self.place.complain(f"{self.name}: the header of {scope} is not the sum of its rows in {', '.join(wrong)}")

    def _ask_again(self, symbol: str) -> None:
        if symbol in self.quotes and symbol not in self.conversation.quotes.rows:
            self.say(self.conversation.subscribe([symbol]))

    def _reopen(self, access: Access) -> None:
        """A portfolio that was taken away and is there again is opened again."""
        seen = {each.id for each in access.portfolios}
        for portfolio in self.wanted:
            if portfolio not in seen:
                self._is_away_from.add(portfolio)
            elif portfolio in self._is_away_from or self.conversation.portfolios[portfolio].totals is None:
                self._is_away_from.discard(portfolio)
                self.say(self.conversation.subscribe(portfolios=[portfolio], totals_only=self.totals_only))

    def _take_leave(self, bye: Bye) -> None:
        if bye.retry_after_ms is None:
            self._end(bye.code)
        else:
            self._least_pause = bye.retry_after_ms / 1000


class PlainPage(Page):
    """A page of ten lines, as the tutorial has it: what it was sent last is what it shows."""

    is_plain = True

    def __init__(self, place: Place, name: str) -> None:
        super().__init__(place, name)
        self.shown: dict[str, dict[str, Any]] = {}

    def greet(self) -> None:
        for symbol in SYMBOLS:
            self._ask(symbol)

    def _ask(self, symbol: str) -> None:
        if self.line is not None:
            self.line.say(json.dumps({"symbol": symbol}))

    def hear(self, payload: bytes) -> None:
        message = json.loads(payload, parse_float=Decimal)
        if "error" in message:
            self.place.loop.call_later(AGAIN_SECONDS, self._ask, message["symbol"])
            return
        self.shown[message["symbol"]] = message
        self.believe(message["symbol"], None if message["price"] is None else str(message["price"]))

    def _watch_silence(self, line: Line) -> None:
        """In this dialect silence says nothing."""
