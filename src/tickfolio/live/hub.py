"""The registry of sockets, and the sweep that serves them. Everything here is synchronous and never waits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import assert_never

from tickfolio.domain.instruments import Symbol
from tickfolio.live.announcer import Announcer
from tickfolio.live.conflation import MailboxFull
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.facts import Facts
from tickfolio.live.instrument_desk import InstrumentDesk
from tickfolio.live.pacer import Beat
from tickfolio.live.people import Change, People
from tickfolio.live.portfolio_desk import PortfolioDesk
from tickfolio.live.portfolio_shelf import PortfolioShelf
from tickfolio.live.ports import InstrumentSource, Outlet, PortfolioSource, RealClock
from tickfolio.live.quote_desk import QuoteDesk
from tickfolio.live.reach import Reach
from tickfolio.live.rows import QuoteRows
from tickfolio.live.session import (
    HELLO_SECONDS,
    POLICY_VIOLATION,
    Command,
    Leave,
    NoteAck,
    PlainSession,
    Reply,
    Seek,
    SendSnapshot,
    SendStatus,
    SendWelcome,
    SetHidden,
    UnwatchPortfolios,
    V1Session,
    Watch,
    WatchPortfolios,
)
from tickfolio.live.tally import Tally
from tickfolio.live.viewer import Rights, Viewer
from tickfolio.live.watched_portfolio import Market
from tickfolio.live.wire.codec import encode, moment
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import Bye, ScopePosition
from tickfolio.live.wire.portfolio_messages import Access
from tickfolio.live.wire.vocabulary import QUOTES, ErrorCode

RESTART_RETRY_MS = 1000
SIGNED_OUT = Leave(close_code=POLICY_VIOLATION, reason="signed_out")
TOO_MANY_MESSAGES = Leave(close_code=POLICY_VIOLATION, reason="too_many_messages")
TOO_MANY_SOCKETS = Leave(close_code=POLICY_VIOLATION, reason="too_many_sockets", retry_after_ms=15_000)


class Hub:
    """Who is connected. `sweep` is called on each beat."""

    def __init__(
        self,
        *,
        rows: QuoteRows,
        facts: Facts,
        clock: RealClock,
        market: Market,
        source: PortfolioSource,
        instruments: InstrumentSource | None = None,
    ) -> None:
        self._rows = rows
        self._facts = facts
        self._clock = clock
        self._connections: dict[Connection, None] = {}
        self._delivery = Delivery(clock)
        self._quotes = QuoteDesk(rows=rows, delivery=self._delivery, next_epoch=facts.next_epoch)
        self._source = source
        self._instruments = InstrumentDesk(instruments, monotonic=clock.monotonic)
        self.people = People(sockets_per_user=facts.limits.sockets_per_user)
        self.portfolios = PortfolioDesk(
            shelf=PortfolioShelf(source=source, market=market),
            source=source,
            people=self.people,
            delivery=self._delivery,
            next_epoch=facts.next_epoch,
        )
        self.reach = Reach(clock)
        self._announcer = Announcer(
            facts=facts,
            rows=rows,
            clock=clock,
            people=self.people,
            quotes=self._quotes,
            portfolios=self.portfolios,
            reach=self.reach,
        )
        self._last_read = (False, 0)
        """Whether the database is out of reach, and how many sockets that costs their portfolios."""
        self._status_number = 0  # counts what was to be told by a status
        self._status_is_news = False

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def tally(self) -> Tally:
        """What was done since the start."""
        return self._delivery.tally

    # ---------- Joining and leaving ----------

    def join(self, outlet: Outlet, *, is_plain: bool, viewer: Viewer | None = None, address: str = "") -> Connection:
        """A new socket of the plain dialect or of ``tickfolio.v1``; one who has not signed in has an `address` alone."""
        asker = address if viewer is None else viewer.user
        session = (PlainSession if is_plain else V1Session)(
            knows=self._rows.__contains__,
            refusal=partial(self._instruments.refusal, asker=asker),
            limits=self._facts.limits,
        )
        connection = Connection(session=session, outlet=outlet, at=self._clock.monotonic(), viewer=viewer, asker=asker)
        self._connections[connection] = None
        self._count(connection, 1)
        if not self.people.join(connection):
            self._perform(connection, [TOO_MANY_SOCKETS])
        elif viewer is not None:
            # What the handshake read may be void by now, and nobody was here to hear of it.
            self._source.check_rights(viewer.user)
        return connection

    def leave(self, connection: Connection) -> None:
        """Forgets a socket that is gone; nothing of it stays."""
        if connection in self._connections:
            del self._connections[connection]
            self._count(connection, -1)
        self._delivery.forget(connection)
        self._instruments.leave(connection)
        self._quotes.leave(connection)
        self.portfolios.leave(connection)
        self.people.leave(connection)

    def _count(self, connection: Connection, by: int) -> None:
        if connection.session.is_plain:
            self.tally.plain_sockets += by
        else:
            self.tally.v1_sockets += by

    def monotonic(self) -> float:
        """Seconds that never run backwards: the moment that an answer of the database is of."""
        return self._clock.monotonic()

    def watched_symbols(self) -> frozenset[Symbol]:
        """Every symbol that some socket watches."""
        return self._quotes.watched_symbols()

    # ---------- Messages in ----------

    def receive_text(self, connection: Connection, text: str) -> None:
        """Carries out what a text message asks for, after those of the socket that still wait for an answer of the feeds."""
        if not self._instruments.is_waiting(connection):
            self._receive(connection, text)
        elif not self._instruments.queue(connection, text):
            self._perform(connection, [TOO_MANY_MESSAGES])

    def _receive(self, connection: Connection, text: str, *, is_again: bool = False) -> None:
        commands = connection.session.receive_text(text, at=self._clock.monotonic(), is_again=is_again)
        if commands and isinstance(commands[0], Seek):
            self._instruments.seek(connection, text, commands[0].symbols)
        else:
            self._perform(connection, commands)

    def instrument_answered(self, symbol: Symbol, refusal: ErrorCode | None) -> None:
        """The feeds said what a symbol is: it has a row by now, or is refused. Messages that waited for it go on."""
        for connection, texts in self._instruments.answered(symbol, refusal):
            for text in texts:
                if self._instruments.is_waiting(connection):
                    self._instruments.queue(connection, text)
                else:
                    self._receive(connection, text, is_again=True)

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
                self._answer(connection, encode(self._announcer.welcome(connection)))
            case SendStatus():
                self._answer(connection, encode(self._announcer.status(connection, request_id=command.request_id)))
            case Watch():
                self._watch(connection, command)
            case WatchPortfolios():
                self.portfolios.watch(connection, command)
            case UnwatchPortfolios():
                self._unwatch_portfolios(connection, command)
            case SendSnapshot() | SetHidden() | NoteAck():
                self._perform_on_scope(connection, command)
            case Leave():
                self._say_bye(connection, command)
            case Seek():  # it stands alone, and is dealt with where the message is at hand
                raise AssertionError("a message that must wait was carried out")
            case _:
                assert_never(command)

    def _perform_on_scope(self, connection: Connection, command: SendSnapshot | SetHidden | NoteAck) -> None:
        match command:
            case SendSnapshot() if command.scope == QUOTES:
                self._quotes.send_snapshot(connection)
            case SendSnapshot():
                self.portfolios.refresh(connection, command.scope)
            case SetHidden():
                self._set_hidden(connection, is_hidden=command.is_hidden)
            case NoteAck():
                self._note_ack(connection, command)
            case _:
                assert_never(command)

    def _answer(self, connection: Connection, payload: bytes) -> None:
        self._delivery.answer(connection, Frame(payload))

    def _watch(self, connection: Connection, command: Watch) -> None:
        if isinstance(connection.session, V1Session):
            resume = connection.session.resume.pop(QUOTES, None)
            self._quotes.watch(connection, command.symbols, request_id=command.request_id, resume=resume)
        else:
            for symbol in command.asked:
                self._quotes.watch_plain(connection, symbol)

    def _set_hidden(self, connection: Connection, *, is_hidden: bool) -> None:
        if connection.is_hidden != is_hidden:
            connection.is_hidden = is_hidden
            self._quotes.pace_changed(connection)
            self.portfolios.pace_changed(connection)

    def _unwatch_portfolios(self, connection: Connection, command: UnwatchPortfolios) -> None:
        for portfolio in command.portfolios:
            self.portfolios.unwatch(connection, portfolio)
        self._perform_one(connection, SendStatus(command.request_id))

    def _note_ack(self, connection: Connection, command: NoteAck) -> None:
        """Of what was sent only, and once: a client must neither fill memory with scopes that it makes up nor spoil what is measured."""
        scope, sequence = command.scope, command.sequence
        is_quotes = scope == QUOTES
        position = self._quotes.position(connection) if is_quotes else self.portfolios.position(connection, scope)
        if position is None:
            return
        acked = connection.acked.get(scope)
        before = acked.sequence if acked is not None and acked.epoch == position.epoch else 0
        if before < sequence <= position.sequence:
            connection.acked[scope] = ScopePosition(position.epoch, sequence)
            if command.painted_ms is not None:
                self.tally.tick_to_paint.observe(command.painted_ms / 1000)

    def _say_bye(self, connection: Connection, command: Leave) -> None:
        if not connection.session.is_plain:
            self._answer(connection, encode(Bye(code=command.reason, retry_after_ms=command.retry_after_ms)))
        connection.leave(code=command.close_code, reason=command.reason)

    def turn_away(self, connection: Connection, *, reason: str, retry_after_ms: int) -> None:
        """Closes a socket of whom those that judge them want to hear nothing for now."""
        self._perform(connection, [Leave(POLICY_VIOLATION, reason, retry_after_ms)])

    # ---------- What people may watch ----------

    def access_changed(self, user: int) -> None:
        """What a person may watch changed, or a session ended: it is read, if they have a socket here."""
        if user in self.people:
            self._source.check_rights(user)

    def rights_read(self, user: int, rights: Rights, *, asked: frozenset[str], as_of: float) -> None:
        """What a person may do, as of a monotonic moment.

        Closes the sockets of sessions that have ended, and takes away from the others what may no longer be seen.
        """
        change = self.people.rights_read(user, rights, asked=asked, as_of=as_of)
        if change is None:
            return
        for connection in change.signed_out:
            self._quotes.leave(connection)
            self.portfolios.leave(connection)
            self._perform(connection, [SIGNED_OUT])
        for connection in change.staying:
            try:
                self._narrow(connection, change)
            except MailboxFull:
                connection.leave(code=POLICY_VIOLATION, reason="reads_too_slowly")

    def _narrow(self, connection: Connection, change: Change) -> None:
        for portfolio in change.lost:
            self.portfolios.take_away(connection, portfolio)
        if change.is_news and isinstance(connection.session, V1Session) and connection.session.is_greeted:
            self._answer(connection, encode(Access(portfolios=self.people.visible(connection))))
        self.portfolios.settle_wishes(connection)

    # ---------- The sweep ----------

    def sweep(self, beat: Beat) -> None:
        """Sends every socket what changed for it since the last beat."""
        at = self._clock.monotonic()
        sent_at = self._now()
        self._judge_rights(at)
        keeps_house = beat.is_housekeeping and beat.part == 0
        if keeps_house:
            self._rows.mark_aged()
        self._rows.refresh()
        if beat.part == 0:
            self._delivery.pay_debts(self._pay)
        self._quotes.sweep(beat, at=at, sent_at=sent_at)
        self.portfolios.sweep(beat, at=at, sent_at=sent_at)
        if keeps_house or self._status_is_news:
            self._keep_alive(at)

    def _judge_rights(self, at: float) -> None:
        """Takes the portfolios of those whose rights count no more from them for now, and has that told, and its end."""
        unconfirmed = 0
        for connection in self.people.unconfirmed(at):
            self.portfolios.withhold(connection)
            unconfirmed += 1
        read = (len(self.people) > 0 and self.reach.is_lost, unconfirmed)
        if read != self._last_read:
            self._last_read = read
            self.status_changed()

    def begin_epoch(self) -> None:
        """Everything that was known is void: every page gets a snapshot of the new epoch."""
        self._quotes.begin_epoch()
        self.portfolios.begin_epoch()
        self.status_changed()

    def begin_run(self) -> None:
        """The market began anew: portfolios rest on how far it had come, and must be folded again."""
        self._quotes.begin_epoch()
        self.portfolios.begin_run()
        self.status_changed()

    def status_changed(self) -> None:
        """A feed's state changed, or whether portfolios can be read: every page is told on the next beat."""
        self._status_number += 1
        self._status_is_news = True

    def say_goodbye(self) -> None:
        """The server is about to stop: pages are told to come back soon."""
        bye = Frame(encode(Bye(code="restarting", retry_after_ms=RESTART_RETRY_MS)))
        for connection in list(self._connections):
            if not connection.session.is_plain:
                connection.send([bye], at=self._clock.monotonic())

    def _pay(self, connection: Connection) -> None:
        self._quotes.pay(connection)
        self.portfolios.pay(connection)

    def _keep_alive(self, at: float) -> None:
        self._status_is_news = False
        for connection in list(self._connections):
            if connection.is_stuck(at):
                self.tally.cut += not connection.is_cut
                connection.cut()
            elif isinstance(connection.session, V1Session):
                self._greet_or_beat(connection, at=at)

    def _greet_or_beat(self, connection: Connection, *, at: float) -> None:
        assert isinstance(connection.session, V1Session)
        if not connection.session.is_greeted:
            if at - connection.joined_at > HELLO_SECONDS:
                self._perform(connection, [Leave(close_code=POLICY_VIOLATION, reason="expected_hello")])
        elif connection.lacks_status(self._status_number, at=at):
            frame = Frame(encode(self._announcer.status(connection, request_id=None)))
            # One that a slow client cannot take is not kept for it, but made anew.
            if not connection.mailbox and connection.send([frame], at=at):
                connection.note_status(self._status_number, at=at)
                self._delivery.count([frame])

    def _now(self) -> str:
        return moment(self._clock.now())
