"""The scopes of portfolios: who watches which, and what each beat and each booking brings them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from zlib import crc32

from tickfolio.live.conflation import MAX_CONTROL_FRAMES
from tickfolio.live.connection import Connection
from tickfolio.live.delivery import Delivery
from tickfolio.live.pacer import Beat
from tickfolio.live.people import People
from tickfolio.live.portfolio_audience import PortfolioAudience, event_frame, scope_of, unavailable
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.portfolio_shelf import PortfolioShelf
from tickfolio.live.ports import LoadedPortfolio, PortfolioSource, Standing
from tickfolio.live.resuming import REMEMBERED_EVENTS, Lingering
from tickfolio.live.session import V1Session, WatchPortfolios, unknown_portfolio
from tickfolio.live.watched_portfolio import WatchedPortfolio
from tickfolio.live.wire.framing import Frame
from tickfolio.live.wire.messages import ResumePoint, ScopePosition
from tickfolio.live.wire.vocabulary import PORTFOLIO, Scope, portfolio_id
from tickfolio.live.wish import Wish

type _Pace = tuple[bool, bool]
"""Whether the members' pages are hidden, and whether they want the totals only."""
_PACES: list[_Pace] = [(False, False), (False, True), (True, False), (True, True)]


class PortfolioDesk:
    """Serves every socket that watches portfolios. Whoever watches one at the same pace and detail shares its frames."""

    def __init__(
        self,
        *,
        shelf: PortfolioShelf,
        source: PortfolioSource,
        people: People,
        delivery: Delivery,
        next_epoch: Callable[[], str],
    ) -> None:
        self.shelf = shelf
        self._source = source
        self._people = people
        self._delivery = delivery
        self._next_epoch = next_epoch
        self._audiences: dict[str, dict[_Pace, PortfolioAudience]] = {}
        self._audience_of: dict[Connection, dict[str, PortfolioAudience]] = {}
        self._waiting: dict[str, dict[Connection, int | None]] = {}
        """By portfolio, who is to get a snapshot as soon as it is loaded, and the request that it answers."""
        self._lingering: Lingering[tuple[str, _Pace], tuple[PortfolioAudience, PortfolioRows]] = Lingering()
        """Audiences without members, with the rows that they counted by."""
        self._unproven: dict[Connection, dict[str, Wish]] = {}
        """Wishes for portfolios that the person is not known to see, or no longer: answered when the rights have been read."""

    # ---------- Watching ----------

    def watch(self, connection: Connection, command: WatchPortfolios) -> None:
        """Takes a request: each portfolio is answered by its snapshot, once it is loaded, or by an error."""
        for portfolio in command.portfolios:
            wish = Wish(portfolio, command.totals_only, command.request_id)
            if self._people.may_watch(connection, portfolio) and self._is_confirmed(connection):
                self._grant(connection, wish)
            elif connection.viewer is None:
                self._refuse(connection, wish)
            else:
                self._unproven.setdefault(connection, {})[portfolio] = wish
                self._source.check_rights(connection.viewer.user)

    def unwatch(self, connection: Connection, portfolio: str) -> None:
        """The socket watches the portfolio no longer: nothing of it is sent any more."""
        self._unproven.get(connection, {}).pop(portfolio, None)
        self._waiting.get(portfolio, {}).pop(connection, None)
        self._leave_audience(connection, portfolio)
        connection.mailbox.forget(scope_of(portfolio))
        connection.acked.pop(scope_of(portfolio), None)

    def leave(self, connection: Connection) -> None:
        """The socket watches nothing any more; nothing of it stays."""
        for portfolio in list(self._audience_of.get(connection, ())):
            self.unwatch(connection, portfolio)
        self._unproven.pop(connection, None)

    def pace_changed(self, connection: Connection) -> None:
        """The page was hidden or shown: it moves to the audiences of the other pace."""
        for portfolio, audience in list(self._audience_of.get(connection, {}).items()):
            self._join_audience(connection, portfolio, totals_only=audience.totals_only)
            self._send_snapshot(connection, portfolio, request_id=None)

    def refresh(self, connection: Connection, scope: Scope) -> None:
        """Sends the whole of a scope that the socket watches."""
        if (portfolio := scope.removeprefix(PORTFOLIO)) in self._audience_of.get(connection, ()):
            self._send_snapshot(connection, portfolio, request_id=None)
        elif portfolio not in self._unproven.get(connection, ()):
            self._delivery.answer(connection, Frame(unknown_portfolio(portfolio, None).payload))

    def positions(self, connection: Connection) -> Iterator[tuple[Scope, ScopePosition]]:
        """By scope, where a socket stands that has got everything; without those that are not loaded yet."""
        for portfolio, audience in self._audience_of.get(connection, {}).items():
            if connection not in self._waiting.get(portfolio, ()):
                yield audience.scope, audience.position

    def position(self, connection: Connection, scope: Scope) -> ScopePosition | None:
        """Where a socket stands in that scope that has got everything; None where it does not watch it."""
        audience = self._audience_of.get(connection, {}).get(scope.removeprefix(PORTFOLIO))
        return None if audience is None else audience.position

    def take_away(self, connection: Connection, portfolio: str) -> None:
        """The person may no longer watch the portfolio, in any currency; a request that still waits for it is refused."""
        for watched in [each for each in self._audience_of.get(connection, ()) if portfolio_id(each) == portfolio]:
            self._take_away(connection, watched)

    def _take_away(self, connection: Connection, watched: str) -> None:
        request_id = self._waiting.get(watched, {}).get(connection)
        self.unwatch(connection, watched)
        _session(connection).forget_portfolio(watched)
        if request_id is not None:
            self._refuse(connection, Wish(watched, totals_only=False, request_id=request_id))

    def withhold(self, connection: Connection) -> None:
        """Nothing of any portfolio is sent until the person's rights have been read again; then each is told by a snapshot."""
        for portfolio in list(self._audience_of.get(connection, ())):
            self._withhold(connection, portfolio, request_id=None)

    def _withhold(self, connection: Connection, portfolio: str, *, request_id: int | None) -> None:
        self._wait(connection, portfolio, request_id=request_id)
        totals_only = self._audience_of[connection][portfolio].totals_only
        wish = Wish(portfolio, totals_only, self._waiting[portfolio][connection])
        self.unwatch(connection, portfolio)
        self._unproven.setdefault(connection, {})[portfolio] = wish
        self._delivery.tally.withheld += 1

    def settle_wishes(self, connection: Connection) -> None:
        """The person's rights have been read: what waited for that is granted or refused."""
        if not self._is_confirmed(connection):
            return  # it took so long that they are old again
        for wish in self._unproven.pop(connection, {}).values():
            if self._people.may_watch(connection, wish.portfolio):
                self._grant(connection, wish)
            else:
                self._refuse(connection, wish)

    def _is_confirmed(self, connection: Connection) -> bool:
        return self._people.is_confirmed(connection, at=self._delivery.monotonic())

    def _grant(self, connection: Connection, wish: Wish) -> None:
        held = self.shelf.want(wish.portfolio)
        if wish.portfolio not in self._audiences and held.rows is not None:
            # Nobody watched it lately, and what is not watched is not valued.
            self.shelf.mark_changed()
            self.shelf.value(held)
        self._join_audience(connection, wish.portfolio, totals_only=wish.totals_only)
        resume = _session(connection).resume.pop(scope_of(wish.portfolio), None)
        if resume is None or not self._send_missed(connection, held, resume, request_id=wish.request_id):
            self._send_snapshot(connection, wish.portfolio, request_id=wish.request_id)

    def _refuse(self, connection: Connection, wish: Wish) -> None:
        _session(connection).forget_portfolio(wish.portfolio)
        self._delivery.answer(connection, Frame(unknown_portfolio(wish.portfolio, wish.request_id).payload))

    def _join_audience(self, connection: Connection, portfolio: str, *, totals_only: bool) -> None:
        self._leave_audience(connection, portfolio)
        audiences = self._audiences.setdefault(portfolio, {})
        pace = (connection.is_hidden, totals_only)
        audience = audiences.get(pace)
        if audience is None:
            audience = audiences[pace] = self._audience_anew(portfolio, pace)
        audience.members[connection] = None
        self._audience_of.setdefault(connection, {})[portfolio] = audience

    def _audience_anew(self, portfolio: str, pace: _Pace) -> PortfolioAudience:
        """The one that lingers, where the rows are still those that it counted by, or a new one."""
        held = self.shelf.want(portfolio)
        lingering = self._lingering.take((portfolio, pace))
        if lingering is not None and lingering[1] is held.rows:
            # What changed while nobody was there is a frame like any other: who comes back has missed it.
            lingering[0].delta(held.rows, sent_at=self._delivery.now())
            return lingering[0]
        is_hidden, totals_only = pace
        audience = PortfolioAudience(
            scope_of(portfolio), epoch=self._next_epoch(), is_hidden=is_hidden, totals_only=totals_only
        )
        self._stand(audience, held)
        return audience

    def _leave_audience(self, connection: Connection, portfolio: str) -> None:
        watched = self._audience_of.get(connection, {})
        audience = watched.pop(portfolio, None)
        if audience is None:
            return
        if not watched:
            del self._audience_of[connection]
        audience.members.pop(connection, None)
        if not audience.members:
            audiences, pace = self._audiences[portfolio], (audience.is_hidden, audience.totals_only)
            del audiences[pace]
            held = self.shelf.get(portfolio)
            if held is not None and held.rows is not None:
                self._lingering.put((portfolio, pace), (audience, held.rows), at=self._delivery.monotonic())
            if not audiences:
                del self._audiences[portfolio]
                self._waiting.pop(portfolio, None)
                if held is not None:
                    held.idle_since = self._delivery.monotonic()

    def _stand(self, audience: PortfolioAudience, held: WatchedPortfolio) -> None:
        if held.rows is not None:
            audience.stand_at(held.rows.version)

    # ---------- What the source says ----------

    def standings_read(self, asked: frozenset[str], standings: Mapping[str, Standing]) -> None:
        """Where the portfolios stand in the database: what moved on is read again, what is gone is taken away."""
        self.shelf.standings_read(standings)
        for portfolio in asked.difference(standings):
            self._ask_who_watches(portfolio)

    def head_heard(self, portfolio: str, sequence: int) -> None:
        """Something was booked; where the portfolio is in memory it is read again."""
        self.shelf.head_heard(portfolio, sequence)

    def loaded(self, loaded: LoadedPortfolio) -> None:
        """A portfolio was read: those who waited get their snapshots, all others what changed, on the next beat."""
        held = self.shelf.loaded(loaded)
        if held is None or held.rows is not None:
            return
        self.shelf.mark_changed()
        if not self.shelf.value(held):
            self._say_unavailable(held.id)
            return
        for audience in self._audiences.get(held.id, {}).values():
            self._stand(audience, held)
        for connection, request_id in self._waiting.pop(held.id, {}).items():
            self._send_snapshot(connection, held.id, request_id=request_id)

    def failed(self, portfolio: str) -> None:
        """A portfolio could not be read: who waits for it is told, and goes on waiting."""
        held = self.shelf.failed(portfolio)
        if held is not None and held.rows is None:
            self._say_unavailable(portfolio)

    def gone(self, portfolio: str) -> None:
        """There is no such portfolio, or none in that currency: who waits is refused, who watches hears it from their rights."""
        self.shelf.failed(portfolio)
        self._ask_who_watches(portfolio)
        for connection in list(self._waiting.get(portfolio, ())):
            self._take_away(connection, portfolio)

    def _ask_who_watches(self, portfolio: str) -> None:
        for audience in self._audiences.get(portfolio, {}).values():
            for connection in audience.members:
                if connection.viewer is not None:
                    self._source.check_rights(connection.viewer.user)

    def _say_unavailable(self, portfolio: str) -> None:
        waiting = self._waiting.get(portfolio, {})
        for connection, request_id in waiting.items():
            if request_id is not None:
                self._delivery.tell(connection, unavailable(portfolio, request_id))
                waiting[connection] = None

    # ---------- Sending ----------

    def pay(self, connection: Connection) -> None:
        """Sends the snapshots that a socket is owed, as far as it takes them."""
        for portfolio, audience in list(self._audience_of.get(connection, {}).items()):
            if audience.scope in connection.mailbox.snapshots:
                request_id = connection.mailbox.snapshots[audience.scope]
                self._send_snapshot(connection, portfolio, request_id=request_id)

    def sweep(self, beat: Beat, *, at: float, sent_at: str) -> None:
        """Values what changed, once for all who watch, and sends every socket its deltas in one write."""
        self.shelf.mark_changed()
        batches: dict[Connection, list[tuple[Frame, Scope]]] = {}
        booked: list[WatchedPortfolio] = []
        for portfolio, audiences in self._audiences.items():
            held = self.shelf.get(portfolio) if beat.serves(crc32(portfolio.encode())) else None
            if held is None or held.rows is None or not self._is_valued(held, is_housekeeping=beat.is_housekeeping):
                continue
            for audience in audiences.values():
                if beat.includes_hidden or not audience.is_hidden:
                    self._collect(batches, audience, held, sent_at=sent_at)
            held.rows.forget_removed(before=self._oldest_version(portfolio))
            if held.events:
                booked.append(held)
        for connection, pairs in batches.items():
            frames, scopes = zip(*pairs, strict=True)
            self._delivery.deltas(connection, frames, scopes, at=at)
        for held in booked:
            self._tell_events(held)
        if beat.is_housekeeping:
            self.shelf.forget_idle(at)
            self._lingering.forget_old(at)

    def begin_epoch(self) -> None:
        """Everything that was known is void: every page gets a snapshot of a new epoch."""
        self._lingering.clear()
        for portfolio, audiences in self._audiences.items():
            for audience in audiences.values():
                audience.begin_epoch(self._next_epoch())
                for connection in audience.members:
                    self._owe_snapshot(connection, portfolio, audience.scope)

    def begin_run(self) -> None:
        """A replay began anew: every portfolio is read and folded again, and who watches waits for that."""
        self.shelf.begin_run()
        self.begin_epoch()

    def _is_valued(self, held: WatchedPortfolio, *, is_housekeeping: bool) -> bool:
        if not held.needs_valuation(is_housekeeping=is_housekeeping) or self.shelf.value(held):
            return True
        for audience in self._audiences[held.id].values():
            audience.begin_epoch(self._next_epoch())
            self._waiting.setdefault(held.id, {}).update(dict.fromkeys(audience.members))
        return False

    def _collect(
        self,
        batches: dict[Connection, list[tuple[Frame, Scope]]],
        audience: PortfolioAudience,
        held: WatchedPortfolio,
        *,
        sent_at: str,
    ) -> None:
        since, rows = audience.version, held.rows
        frame = None if rows is None else audience.delta(rows, sent_at=sent_at)
        if frame is None or rows is None:
            return
        for connection in audience.members:
            batches.setdefault(connection, []).append((frame, audience.scope))
        received = rows.received_since(since)
        if received is not None:
            self._delivery.sent_after(received, sockets=len(audience.members))

    def _tell_events(self, held: WatchedPortfolio) -> None:
        """Each event to each socket, in order; of too many at once the new head tells, in a snapshot."""
        events, held.events = held.events, []
        held.told.extend(events)
        audiences = self._audiences[held.id].values()
        members = [connection for audience in audiences for connection in audience.members]
        if len(events) > MAX_CONTROL_FRAMES:
            for connection in members:
                self._owe_snapshot(connection, held.id, scope_of(held.id))
            return
        scope = scope_of(held.id)
        for event in events:
            frame = event_frame(scope, event)
            for connection in members:
                self._delivery.tell(connection, frame, scope=scope)

    def _send_snapshot(self, connection: Connection, portfolio: str, *, request_id: int | None) -> None:
        held = self.shelf.get(portfolio)
        audience = self._audience_of[connection][portfolio]
        if not self._is_confirmed(connection):
            self._withhold(connection, portfolio, request_id=request_id)
        elif held is None or held.rows is None:
            self._wait(connection, portfolio, request_id=request_id)
        else:
            frame = audience.snapshot(held.rows, sent_at=self._delivery.now(), request_id=request_id)
            self._delivery.snapshot(connection, frame, scope=audience.scope, request_id=request_id)

    def _send_missed(
        self, connection: Connection, held: WatchedPortfolio, resume: ResumePoint, *, request_id: int | None
    ) -> bool:
        """Sends what came after `resume`, in one frame, and the events after it; False where only a snapshot will do."""
        audience = self._audience_of[connection][held.id]
        if held.rows is None or resume.epoch != audience.epoch:
            return False
        frame = audience.missed(held.rows, since=resume.sequence, sent_at=self._delivery.now(), request_id=request_id)
        later = [] if resume.ledger is None else [each for each in held.told if each.sequence > resume.ledger]
        if frame is None or len(later) == REMEMBERED_EVENTS:  # there may have been more
            return False
        frames = [frame, *(event_frame(audience.scope, event) for event in later)]
        self._delivery.missed(connection, frames, scope=audience.scope, request_id=request_id)
        return True

    def _oldest_version(self, portfolio: str) -> int:
        """The oldest version of its rows that somebody holds, or may come back with."""
        audiences = list(self._audiences[portfolio].values())
        audiences += [left[0] for pace in _PACES if (left := self._lingering.get((portfolio, pace))) is not None]
        return min(audience.oldest_version for audience in audiences)

    def _owe_snapshot(self, connection: Connection, portfolio: str, scope: Scope) -> None:
        held = self.shelf.get(portfolio)
        if held is None or held.rows is None:
            self._wait(connection, portfolio, request_id=None)
        else:
            self._delivery.owe_snapshot(connection, scope)

    def _wait(self, connection: Connection, portfolio: str, *, request_id: int | None) -> None:
        """What waits for the source is no debt of the socket's: it must not make its other frames late."""
        owed = connection.mailbox.snapshots.pop(scope_of(portfolio), None)
        waiting = self._waiting.setdefault(portfolio, {})
        kept = waiting.get(connection)
        waiting[connection] = next((one for one in (request_id, owed, kept) if one is not None), None)


def _session(connection: Connection) -> V1Session:
    assert isinstance(connection.session, V1Session)
    return connection.session
