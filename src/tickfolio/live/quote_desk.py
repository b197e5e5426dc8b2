"""The scope `quotes`, and the plain dialect: who watches which symbols, and what each beat brings them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

from tickfolio.domain.instruments import Symbol
from tickfolio.live.audience import Audience, AudienceKey
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.pacer import Beat
from tickfolio.live.resuming import Lingering
from tickfolio.live.rows import QuoteRows
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import ResumePoint, ScopePosition
from tickfolio.live.wire.vocabulary import QUOTES

_SCOPES = (QUOTES,)


class QuoteDesk:
    """Serves every socket that watches quotes. Sockets of one watch set and pace share their frames."""

    def __init__(self, *, rows: QuoteRows, delivery: Delivery, next_epoch: Callable[[], str]) -> None:
        self._rows = rows
        self._delivery = delivery
        self._next_epoch = next_epoch
        self._watchers: dict[Symbol, dict[Connection, None]] = {}
        """Plain dialect: by symbol who watches it."""
        self._ahead: dict[Symbol, dict[Connection, int]] = {}
        """By symbol who was sent it outside of a sweep since its last one, and the version of the row then."""
        self._audiences: dict[AudienceKey, Audience] = {}
        self._audience_of: dict[Connection, Audience] = {}
        self._audiences_by_symbol: dict[Symbol, dict[Audience, None]] = {}
        self._dirty: dict[Audience, None] = {}
        """Those of whose symbols one changed since their last frame."""
        self._swept_version = 0
        self._lingering: Lingering[AudienceKey, Audience] = Lingering()
        self._plain_version = 0
        self._turn = 0

    # ---------- Watching ----------

    def watch(
        self,
        connection: Connection,
        symbols: frozenset[Symbol],
        *,
        request_id: int | None,
        resume: ResumePoint | None = None,
    ) -> None:
        """The socket watches exactly `symbols` from now on; it gets a snapshot of them, or what it missed since `resume`."""
        self._rows.refresh()
        self._join_audience(connection, symbols)
        if resume is None or not self._send_missed(connection, resume, request_id=request_id):
            self.send_snapshot(connection, request_id=request_id)

    def watch_plain(self, connection: Connection, symbol: Symbol) -> None:
        """A socket of the plain dialect watches one more symbol, and gets its quote."""
        self._rows.refresh()
        self._watchers.setdefault(symbol, {})[connection] = None
        connection.plain_symbols.add(symbol)
        self._send_plain(connection, [symbol], at=self._delivery.monotonic())

    def leave(self, connection: Connection) -> None:
        """The socket watches nothing any more; nothing of it stays."""
        self._leave_audience(connection)
        for symbol in connection.plain_symbols:
            watchers = self._watchers[symbol]
            watchers.pop(connection, None)
            self._ahead.get(symbol, {}).pop(connection, None)
            if not watchers:
                del self._watchers[symbol]
                self._ahead.pop(symbol, None)
        connection.plain_symbols.clear()
        connection.mailbox.symbols.clear()

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
            audience = self._audiences[key] = self._audience_anew(key)
            for symbol in symbols:
                self._audiences_by_symbol.setdefault(symbol, {})[audience] = None
        audience.members[connection] = None
        self._audience_of[connection] = audience

    def _audience_anew(self, key: AudienceKey) -> Audience:
        """The one that lingers, brought up to now, or a new one."""
        audience = self._lingering.take(key)
        if audience is None:
            return self._new_audience(key[0], is_hidden=key[1])
        # What changed while nobody was there is a frame like any other: who comes back has missed it.
        audience.delta(self._rows, sent_at=self._delivery.now())
        return audience

    def _new_audience(self, symbols: frozenset[Symbol], *, is_hidden: bool) -> Audience:
        self._turn += 1
        return Audience(
            epoch=self._next_epoch(),
            symbols=symbols,
            is_hidden=is_hidden,
            version=self._rows.version,
            turn=self._turn,
        )

    def _leave_audience(self, connection: Connection) -> None:
        audience = self._audience_of.pop(connection, None)
        if audience is not None:
            audience.members.pop(connection, None)
            if not audience.members:
                key = audience.symbols, audience.is_hidden
                del self._audiences[key]
                self._forget(audience)
                self._lingering.put(key, audience, at=self._delivery.monotonic())

    def _forget(self, audience: Audience) -> None:
        self._dirty.pop(audience, None)
        for symbol in audience.symbols:
            audiences = self._audiences_by_symbol[symbol]
            del audiences[audience]
            if not audiences:
                del self._audiences_by_symbol[symbol]

    # ---------- Sending ----------

    def send_snapshot(self, connection: Connection, *, request_id: int | None = None) -> None:
        """Sends the whole of what the socket watches."""
        audience = self._audience_of.get(connection)
        if audience is None:
            audience = self._new_audience(frozenset(), is_hidden=connection.is_hidden)
        self._rows.refresh()
        frame = audience.snapshot(self._rows, sent_at=self._delivery.now(), request_id=request_id)
        self._delivery.snapshot(connection, frame, scope=QUOTES, request_id=request_id)

    def _send_missed(self, connection: Connection, resume: ResumePoint, *, request_id: int | None) -> bool:
        audience = self._audience_of[connection]
        if resume.epoch != audience.epoch:
            return False
        frame = audience.missed(self._rows, since=resume.sequence, sent_at=self._delivery.now(), request_id=request_id)
        if frame is None:
            return False
        self._delivery.snapshot(connection, frame, scope=QUOTES, request_id=request_id)
        return True

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
        if beat.part == 0:
            self._sweep_plain(at)
        self._find_dirty()
        for audience in list(self._dirty):
            if beat.serves(audience.turn) and (beat.includes_hidden or not audience.is_hidden):
                del self._dirty[audience]
                self._sweep_audience(audience, at=at, sent_at=sent_at)
        if beat.is_housekeeping:
            self._lingering.forget_old(at)

    def begin_epoch(self) -> None:
        """Everything that was known is void: every page gets a snapshot of a new epoch."""
        self._lingering.clear()
        for audience in self._audiences.values():
            audience.begin_epoch(self._next_epoch())
            for connection in audience.members:
                self._delivery.owe_snapshot(connection, QUOTES)

    def _find_dirty(self) -> None:
        for symbol in self._rows.changed_since(self._swept_version) if self._audiences else ():
            for audience in self._audiences_by_symbol.get(symbol, ()):
                if audience not in self._dirty:
                    self._dirty[audience] = None
                    audience.note_unchanged(self._swept_version)
        self._swept_version = self._rows.version

    def _sweep_audience(self, audience: Audience, *, at: float, sent_at: str) -> None:
        frame = audience.delta(self._rows, sent_at=sent_at)
        if frame is not None:
            frames = [frame]
            indebted = self._delivery.indebted
            for connection in audience.members:
                if indebted and connection in indebted and QUOTES in connection.mailbox.snapshots:
                    self._delivery.tally.skips += 1  # it is owed the whole already
                else:
                    self._delivery.deltas(connection, frames, _SCOPES, at=at)
            if audience.received_at is not None:
                self._delivery.sent_after(audience.received_at, sockets=len(audience.members))

    def _sweep_plain(self, at: float) -> None:
        changed = self._rows.plain_changed(since=self._plain_version)
        self._plain_version = self._rows.version
        if len(changed) == 1:
            self._sweep_symbol(changed[0], at=at)
        else:
            self._sweep_symbols(changed, at=at)

    def _sweep_symbol(self, symbol: Symbol, *, at: float) -> None:
        """One symbol alone: what follows is done for each of its watchers, so it touches as little of them as it can."""
        watchers = self._watchers.get(symbol)
        if watchers is None:
            return
        frames, lacking = [self._rows.plain_frame(symbol)], self._lacking(symbol, watchers)
        indebted, owed = self._delivery.indebted, 0
        for connection in lacking:
            if (indebted and connection in indebted) or not (
                connection.write(frames) or connection.send(frames, at=at)
            ):
                self._owe_plain(connection, [symbol])
                owed += 1
        self._delivery.count(frames, sockets=len(lacking) - owed)

    def _lacking(self, symbol: Symbol, watchers: Collection[Connection]) -> Collection[Connection]:
        """Who was not sent the row of `symbol` as it is now."""
        ahead = self._ahead.pop(symbol, None)
        if not ahead:
            return watchers
        version = self._rows.plain_version(symbol)
        return [each for each in watchers if ahead.get(each, -1) < version]

    def _sweep_symbols(self, symbols: list[Symbol], *, at: float) -> None:
        """Several symbols: all that is new for a socket goes in one write."""
        touched: defaultdict[Connection, list[Frame]] = defaultdict(list)
        symbol_of: dict[Frame, Symbol] = {}
        for symbol in symbols:
            if watchers := self._watchers.get(symbol):
                frame, lacking = self._rows.plain_frame(symbol), self._lacking(symbol, watchers)
                symbol_of[frame] = symbol
                self._delivery.count([frame], sockets=len(lacking))
                for connection in lacking:
                    touched[connection].append(frame)
        indebted = self._delivery.indebted
        for connection, news in touched.items():
            if connection in indebted or not (connection.write(news) or connection.send(news, at=at)):
                self._delivery.count(news, sockets=-1)
                self._owe_plain(connection, [symbol_of[frame] for frame in news])

    def _send_plain(self, connection: Connection, symbols: list[Symbol], *, at: float) -> None:
        frames = [self._rows.plain_frame(symbol) for symbol in symbols]
        if connection.mailbox.controls or not connection.send(frames, at=at):
            self._owe_plain(connection, symbols)
            return
        self._delivery.count(frames)
        for symbol in symbols:
            self._ahead.setdefault(symbol, {})[connection] = self._rows.plain_version(symbol)

    def _owe_plain(self, connection: Connection, symbols: list[Symbol]) -> None:
        connection.mailbox.owe_symbols(symbols)
        self._delivery.note_debts(connection)
        self._delivery.tally.skips += len(symbols)
