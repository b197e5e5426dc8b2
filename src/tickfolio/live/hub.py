"""The registry of sockets, and the sweep that serves them. Everything here is synchronous and never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.live.audience import Audience, AudienceKey
from tickfolio.live.conflation import MailboxFull
from tickfolio.live.connection import Connection
from tickfolio.live.pacer import Beat
from tickfolio.live.ports import Outlet, RealClock
from tickfolio.live.rows import QuoteRows
from tickfolio.live.session import (
    HELLO_SECONDS,
    POLICY_VIOLATION,
    Command,
    Leave,
    NoteAck,
    PlainSession,
    Reply,
    SendSnapshot,
    SendStatus,
    SendWelcome,
    SetHidden,
    V1Session,
    Watch,
)
from tickfolio.live.wire.codec import encode, moment
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import Bye, FeedReport, Limits, ScopePosition, Status, Welcome
from tickfolio.live.wire.vocabulary import QUOTES

HEARTBEAT_SECONDS = 2.5
"""Looked at once a second, so that something is sent at least every 4 s."""
HEARTBEAT_LIMIT_MS = 4000
RESTART_RETRY_MS = 1000


class Facts:
    """What the hub tells of the whole instance; the engine keeps it up to date."""

    def __init__(
        self, *, epoch: str, build: str, is_replay: bool, limits: Limits, market_now: Callable[[], datetime]
    ) -> None:
        self.epoch = epoch
        self.build = build
        self.is_replay = is_replay
        self.limits = limits
        self.market_now = market_now
        self.feeds: list[FeedReport] = []


class Hub:
    """Who watches what. `sweep` is called on each beat."""

    def __init__(self, *, rows: QuoteRows, facts: Facts, clock: RealClock) -> None:
        self._rows = rows
        self._facts = facts
        self._clock = clock
        self._connections: dict[Connection, None] = {}
        self._watchers: dict[Symbol, dict[Connection, None]] = {}
        self._audiences: dict[AudienceKey, Audience] = {}
        self._audience_of: dict[Connection, Audience] = {}
        self._indebted: dict[Connection, None] = {}
        self._plain_version = 0
        self._epochs = 0
        self._status_is_news = False
        self.frames_sent = 0

    def __len__(self) -> int:
        return len(self._connections)

    # ---------- Joining and leaving ----------

    def join(self, outlet: Outlet, *, is_plain: bool) -> Connection:
        """A new socket of the plain dialect or of ``tickfolio.v1``."""
        session_class = PlainSession if is_plain else V1Session
        session = session_class(knows=self._rows.__contains__, limits=self._facts.limits)
        connection = Connection(session=session, outlet=outlet, at=self._clock.monotonic())
        self._connections[connection] = None
        return connection

    def leave(self, connection: Connection) -> None:
        """Forgets a socket that is gone; nothing of it stays."""
        self._connections.pop(connection, None)
        self._indebted.pop(connection, None)
        self._leave_audience(connection)
        for symbol in connection.shown:
            watchers = self._watchers[symbol]
            watchers.pop(connection, None)
            if not watchers:
                del self._watchers[symbol]
        connection.shown.clear()

    def watched_symbols(self) -> frozenset[Symbol]:
        """Every symbol that some socket watches."""
        audiences = (audience.symbols for audience in self._audiences.values())
        return frozenset(self._watchers).union(*audiences)

    # ---------- Messages in ----------

    def receive_text(self, connection: Connection, text: str) -> None:
        """Carries out what a text message asks for."""
        self._perform(connection, connection.session.receive_text(text, at=self._clock.monotonic()))

    def receive_binary(self, connection: Connection) -> None:
        """Refuses a binary message."""
        self._perform(connection, connection.session.receive_binary(at=self._clock.monotonic()))

    def _perform(self, connection: Connection, commands: Iterable[Command]) -> None:
        try:
            for command in commands:
                self._perform_one(connection, command)
        except MailboxFull:
            # Nothing can be said any more to a client that asks and never reads.
            connection.leave(code=POLICY_VIOLATION, reason="reads_too_slowly")

    def _perform_one(self, connection: Connection, command: Command) -> None:
        match command:
            case Reply():
                self._answer(connection, command.payload)
            case SendWelcome():
                self._answer(connection, encode(self._welcome()))
            case SendStatus():
                self._answer(connection, encode(self._status(connection, request_id=command.request_id)))
            case Watch():
                self._watch(connection, command)
            case SendSnapshot():
                self._send_snapshot(connection)
            case SetHidden():
                self._set_hidden(connection, is_hidden=command.is_hidden)
            case NoteAck():
                connection.acked = max(connection.acked, command.sequence)
            case Leave():
                self._say_bye(connection, command)
            case _:
                assert_never(command)

    def _answer(self, connection: Connection, payload: bytes) -> None:
        connection.answer(Frame(payload), at=self._clock.monotonic())
        self._note_debts(connection)
        self.frames_sent += 1

    def _say_bye(self, connection: Connection, command: Leave) -> None:
        if not connection.session.is_plain:
            self._answer(connection, encode(Bye(code=command.reason, retry_after_ms=None)))
        connection.leave(code=command.close_code, reason=command.reason)

    # ---------- Watching ----------

    def _watch(self, connection: Connection, command: Watch) -> None:
        self._rows.refresh()
        if connection.session.is_plain:
            for symbol in command.asked:
                self._watchers.setdefault(symbol, {})[connection] = None
                connection.shown.setdefault(symbol, -1)
                self._send_plain(connection, [symbol], at=self._clock.monotonic())
        else:
            self._join_audience(connection, command.symbols)
            self._send_snapshot(connection, request_id=command.request_id)

    def _join_audience(self, connection: Connection, symbols: frozenset[Symbol]) -> None:
        self._leave_audience(connection)
        key = (symbols, connection.is_hidden)
        audience = self._audiences.get(key)
        if audience is None:
            audience = self._audiences[key] = self._new_audience(symbols, is_hidden=connection.is_hidden)
        audience.members[connection] = None
        self._audience_of[connection] = audience

    def _new_audience(self, symbols: frozenset[Symbol], *, is_hidden: bool) -> Audience:
        return Audience(epoch=self._next_epoch(), symbols=symbols, is_hidden=is_hidden, version=self._rows.version)

    def _next_epoch(self) -> str:
        """A name for one audience's sequence that no other has had: a frame of another one never fits by accident."""
        self._epochs += 1
        return f"{self._facts.epoch}-{self._epochs}"

    def _leave_audience(self, connection: Connection) -> None:
        audience = self._audience_of.pop(connection, None)
        if audience is not None:
            audience.members.pop(connection, None)
            if not audience.members:
                del self._audiences[audience.symbols, audience.is_hidden]

    def _set_hidden(self, connection: Connection, *, is_hidden: bool) -> None:
        if connection.is_hidden == is_hidden:
            return
        connection.is_hidden = is_hidden
        audience = self._audience_of.get(connection)
        if audience is not None:
            self._rows.refresh()
            self._join_audience(connection, audience.symbols)
            self._send_snapshot(connection)

    def _send_snapshot(self, connection: Connection, *, request_id: int | None = None) -> None:
        audience = self._audience_of.get(connection)
        if audience is None:
            audience = self._new_audience(frozenset(), is_hidden=connection.is_hidden)
        self._rows.refresh()
        frame = audience.snapshot(self._rows, sent_at=self._now(), request_id=request_id)
        if connection.mailbox.controls or not connection.send([frame], at=self._clock.monotonic()):
            connection.mailbox.owe_snapshot(request_id=request_id)
            self._note_debts(connection)
        else:
            connection.mailbox.paid_snapshot()
            self.frames_sent += 1

    def _note_debts(self, connection: Connection) -> None:
        if connection.mailbox:
            self._indebted[connection] = None

    def _send_plain(self, connection: Connection, symbols: list[Symbol], *, at: float) -> None:
        frames = [self._rows.plain_frame(symbol) for symbol in symbols]
        if connection.mailbox.controls or not connection.send(frames, at=at):
            connection.mailbox.owe_symbols(symbols)
            self._note_debts(connection)
            return
        self.frames_sent += len(frames)
        for symbol in symbols:
            connection.shown[symbol] = self._rows.plain_version(symbol)

    # ---------- The sweep ----------

    def sweep(self, beat: Beat) -> None:
        """Sends every socket what changed for it since the last beat."""
        at = self._clock.monotonic()
        sent_at = self._now()
        if beat.is_housekeeping:
            self._rows.mark_all()
        self._rows.refresh()
        self._pay_debts(at)
        self._sweep_plain(at)
        for audience in self._audiences.values():
            if beat.includes_hidden or not audience.is_hidden:
                self._sweep_audience(audience, at=at, sent_at=sent_at)
        if beat.is_housekeeping or self._status_is_news:
            self._keep_alive(at)

    def begin_epoch(self) -> None:
        """Everything that was known is void: every page gets a snapshot of the new epoch."""
        for audience in self._audiences.values():
            audience.begin_epoch(self._next_epoch())
            self._indebted.update(audience.members)
        self._status_is_news = True

    def status_changed(self) -> None:
        """A feed's state changed: every page is told on the next beat."""
        self._status_is_news = True

    def say_goodbye(self) -> None:
        """The server is about to stop: pages are told to come back soon."""
        bye = Frame(encode(Bye(code="restarting", retry_after_ms=RESTART_RETRY_MS)))
        for connection in list(self._connections):
            if not connection.session.is_plain:
                connection.send([bye], at=self._clock.monotonic())

    def _pay_debts(self, at: float) -> None:
        for connection in list(self._indebted):
            self._pay(connection, at=at)
            if not connection.mailbox:
                self._indebted.pop(connection, None)

    def _pay(self, connection: Connection, *, at: float) -> None:
        mailbox = connection.mailbox
        while mailbox.controls:
            if not connection.send([mailbox.controls[0]], at=at):
                return
            mailbox.controls.popleft()
        if mailbox.needs_snapshot:
            self._send_snapshot(connection, request_id=mailbox.request_id)
        if mailbox.symbols:
            owed = sorted(mailbox.symbols)
            mailbox.symbols.clear()
            self._send_plain(connection, owed, at=at)

    def _sweep_plain(self, at: float) -> None:
        touched: dict[Connection, list[Symbol]] = {}
        for symbol in self._rows.plain_changed(since=self._plain_version):
            version = self._rows.plain_version(symbol)
            for connection in self._watchers.get(symbol, ()):
                if connection.shown[symbol] < version and symbol not in connection.mailbox.symbols:
                    touched.setdefault(connection, []).append(symbol)
        self._plain_version = self._rows.version
        for connection, symbols in touched.items():
            self._send_plain(connection, symbols, at=at)

    def _sweep_audience(self, audience: Audience, *, at: float, sent_at: str) -> None:
        frame = audience.delta(self._rows, sent_at=sent_at)
        if frame is None:
            return
        for connection in audience.members:
            if connection.mailbox or not connection.send([frame], at=at):
                connection.mailbox.owe_snapshot()
                self._note_debts(connection)
            else:
                self.frames_sent += 1

    def _keep_alive(self, at: float) -> None:
        is_news, self._status_is_news = self._status_is_news, False
        for connection in list(self._connections):
            if connection.is_stuck(at):
                connection.outlet.abort()
            elif isinstance(connection.session, V1Session):
                self._greet_or_beat(connection, at=at, is_news=is_news)

    def _greet_or_beat(self, connection: Connection, *, at: float, is_news: bool) -> None:
        assert isinstance(connection.session, V1Session)
        if not connection.session.is_greeted:
            if at - connection.joined_at > HELLO_SECONDS:
                self._perform(connection, [Leave(close_code=POLICY_VIOLATION, reason="expected_hello")])
        elif is_news or at - connection.sent_at >= HEARTBEAT_SECONDS:
            frame = Frame(encode(self._status(connection, request_id=None)))
            # A status repeats itself: one that a slow client cannot take is not kept for it.
            if not connection.mailbox and connection.send([frame], at=at):
                self.frames_sent += 1

    # ---------- What is said of the instance ----------

    def _welcome(self) -> Welcome:
        facts = self._facts
        return Welcome(
            epoch=facts.epoch,
            build=facts.build,
            server_time=self._now(),
            market_time=moment(facts.market_now()),
            is_replay=facts.is_replay,
            heartbeat_ms=HEARTBEAT_LIMIT_MS,
            limits=facts.limits,
            symbols=list(self._rows.symbols()),
            portfolios=[],
        )

    def _status(self, connection: Connection, *, request_id: int | None) -> Status:
        audience = self._audience_of.get(connection)
        return Status(
            epoch=self._facts.epoch,
            scopes={} if audience is None else {QUOTES: ScopePosition(audience.epoch, audience.sequence)},
            server_time=self._now(),
            market_time=moment(self._facts.market_now()),
            feeds=self._facts.feeds,
            id=request_id,
        )

    def _now(self) -> str:
        return moment(self._clock.now())
