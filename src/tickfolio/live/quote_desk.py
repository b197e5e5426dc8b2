"""The scope `quotes`, and the plain dialect: who watches which symbols, and what each beat brings them."""

from __future__ import annotations

from collections.abc import Callable

from tickfolio.domain.instruments import Symbol
from tickfolio.live.audience import Audience, AudienceKey
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.pacer import Beat
from tickfolio.live.rows import QuoteRows
from tickfolio.live.wire.messages import ScopePosition
from tickfolio.live.wire.vocabulary import QUOTES

_SCOPES = (QUOTES,)


class QuoteDesk:
    """Serves every socket that watches quotes. Sockets of one watch set and pace share their frames."""

    def __init__(self, *, rows: QuoteRows, delivery: Delivery, next_epoch: Callable[[], str]) -> None:
        self._rows = rows
        self._delivery = delivery
        self._next_epoch = next_epoch
        self._watchers: dict[Symbol, dict[Connection, None]] = {}
        self._audiences: dict[AudienceKey, Audience] = {}
        self._audience_of: dict[Connection, Audience] = {}
        self._plain_version = 0

    # ---------- Watching ----------

    def watch(self, connection: Connection, symbols: frozenset[Symbol], *, request_id: int | None) -> None:
        """The socket watches exactly `symbols` from now on, and gets a snapshot of them."""
        self._rows.refresh()
        self._join_audience(connection, symbols)
        self.send_snapshot(connection, request_id=request_id)

    def watch_plain(self, connection: Connection, symbol: Symbol) -> None:
        """A socket of the plain dialect watches one more symbol, and gets its quote."""
        self._rows.refresh()
        self._watchers.setdefault(symbol, {})[connection] = None
        connection.shown.setdefault(symbol, -1)
        self._send_plain(connection, [symbol], at=self._delivery.monotonic())

    def leave(self, connection: Connection) -> None:
        """The socket watches nothing any more; nothing of it stays."""
        self._leave_audience(connection)
        for symbol in connection.shown:
            watchers = self._watchers[symbol]
            watchers.pop(connection, None)
            if not watchers:
                del self._watchers[symbol]
        connection.shown.clear()

    def pace_changed(self, connection: Connection) -> None:
        """The page was hidden or shown: it moves to the audience of the other pace."""
        audience = self._audience_of.get(connection)
        if audience is not None:
            self.watch(connection, audience.symbols, request_id=None)

    def watched_symbols(self) -> frozenset[Symbol]:
        """Every symbol that some socket watches."""
        audiences = (audience.symbols for audience in self._audiences.values())
        return frozenset(self._watchers).union(*audiences)

    def position(self, connection: Connection) -> ScopePosition | None:
        """Where a socket stands that has got everything; None where it watches nothing."""
        audience = self._audience_of.get(connection)
        return None if audience is None else ScopePosition(audience.epoch, audience.sequence)

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

    def _leave_audience(self, connection: Connection) -> None:
        audience = self._audience_of.pop(connection, None)
        if audience is not None:
            audience.members.pop(connection, None)
            if not audience.members:
                del self._audiences[audience.symbols, audience.is_hidden]

    # ---------- Sending ----------

    def send_snapshot(self, connection: Connection, *, request_id: int | None = None) -> None:
        """Sends the whole of what the socket watches."""
        audience = self._audience_of.get(connection)
        if audience is None:
            audience = self._new_audience(frozenset(), is_hidden=connection.is_hidden)
        self._rows.refresh()
        frame = audience.snapshot(self._rows, sent_at=self._delivery.now(), request_id=request_id)
        self._delivery.snapshot(connection, frame, scope=QUOTES, request_id=request_id)

    def pay(self, connection: Connection) -> None:
        """Sends what a socket is owed, as far as it takes it."""
        mailbox = connection.mailbox
        if QUOTES in mailbox.snapshots:
            self.send_snapshot(connection, request_id=mailbox.snapshots[QUOTES])
        if mailbox.symbols:
            owed = sorted(mailbox.symbols)
            mailbox.symbols.clear()
            self._send_plain(connection, owed, at=self._delivery.monotonic())

    def sweep(self, beat: Beat, *, at: float, sent_at: str) -> None:
        """Sends every socket the quotes that changed since its last frame."""
        self._sweep_plain(at)
        for audience in self._audiences.values():
            if beat.includes_hidden or not audience.is_hidden:
                self._sweep_audience(audience, at=at, sent_at=sent_at)

    def begin_epoch(self) -> None:
        """Everything that was known is void: every page gets a snapshot of a new epoch."""
        for audience in self._audiences.values():
            audience.begin_epoch(self._next_epoch())
            for connection in audience.members:
                self._delivery.owe_snapshot(connection, QUOTES)

    def _sweep_audience(self, audience: Audience, *, at: float, sent_at: str) -> None:
        frame = audience.delta(self._rows, sent_at=sent_at)
        if frame is not None:
            frames = [frame]
            for connection in audience.members:
                self._delivery.deltas(connection, frames, _SCOPES, at=at)

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

    def _send_plain(self, connection: Connection, symbols: list[Symbol], *, at: float) -> None:
        frames = [self._rows.plain_frame(symbol) for symbol in symbols]
        if connection.mailbox.controls or not connection.send(frames, at=at):
            connection.mailbox.owe_symbols(symbols)
            self._delivery.note_debts(connection)
            return
        self._delivery.frames_sent += len(frames)
        for symbol in symbols:
            connection.shown[symbol] = self._rows.plain_version(symbol)
