"""What a socket is told of the instance: its welcome, and the status that repeats how everything stands."""

from __future__ import annotations

from datetime import timedelta

from tickfolio.live.connection import Connection
from tickfolio.live.facts import Facts
from tickfolio.live.people import People
from tickfolio.live.portfolio_desk import PortfolioDesk
from tickfolio.live.ports import RealClock
from tickfolio.live.quote_desk import QuoteDesk
from tickfolio.live.reach import Reach
from tickfolio.live.rows import QuoteRows
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.messages import ScopePosition, Status, Welcome
from tickfolio.live.wire.portfolio_messages import PortfoliosReport
from tickfolio.live.wire.vocabulary import QUOTES, PortfoliosStateName, Scope

HEARTBEAT_LIMIT_MS = 3000


class Announcer:
    """Composes it for one socket at a time, from what the parts of the hub know."""

    def __init__(
        self,
        *,
        facts: Facts,
        rows: QuoteRows,
        clock: RealClock,
        people: People,
        quotes: QuoteDesk,
        portfolios: PortfolioDesk,
        reach: Reach,
    ) -> None:
        self._facts = facts
        self._rows = rows
        self._clock = clock
        self._people = people
        self._quotes = quotes
        self._portfolios = portfolios
        self._reach = reach

    def welcome(self, connection: Connection) -> Welcome:
        """The answer to a `hello`."""
        facts = self._facts
        return Welcome(
            epoch=facts.epoch,
            build=facts.build,
            server_time=moment(self._clock.now()),
            market_time=moment(facts.market_now()),
            is_replay=facts.is_replay,
            heartbeat_ms=HEARTBEAT_LIMIT_MS,
            limits=facts.limits,
            symbols=self._listed(connection),
            portfolios=self._people.visible(connection),
        )

    def status(self, connection: Connection, *, request_id: int | None) -> Status:
        """The heartbeat, and the answer to the ping `request_id`."""
        return Status(
            epoch=self._facts.epoch,
            scopes=self._positions(connection),
            server_time=moment(self._clock.now()),
            market_time=moment(self._facts.market_now()),
            feeds=self._facts.feeds,
            id=request_id,
            portfolios=None if connection.viewer is None else self._report(connection),
        )

    def _listed(self, connection: Connection) -> list[str]:
        """The instruments that the welcome names; whoever knows the symbol of another one may watch that too."""
        symbols, viewer = self._rows.symbols(), connection.viewer
        if self._facts.lists_all:
            return list(symbols)
        return [] if viewer is None else [symbol for symbol in symbols if symbol in viewer.symbols]

    def _positions(self, connection: Connection) -> dict[Scope, ScopePosition]:
        position = self._quotes.position(connection)
        quotes = {} if position is None else {QUOTES: position}
        return {**quotes, **dict(self._portfolios.positions(connection))}

    def _report(self, connection: Connection) -> PortfoliosReport:
        at = self._clock.monotonic()
        if not self._people.is_confirmed(connection, at=at):
            return self._since("withheld", at - self._people.confirmed_at(connection))
        if self._reach.is_lost:
            return self._since("behind", self._reach.silence)
        return PortfoliosReport(state="current", since=None)

    def _since(self, state: PortfoliosStateName, seconds: float) -> PortfoliosReport:
        return PortfoliosReport(state=state, since=moment(self._clock.now() - timedelta(seconds=seconds)))
