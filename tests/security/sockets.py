"""Sockets on the running engine, without a network: real sessions, real rights and real ledgers out of the database."""

from __future__ import annotations

import json
from typing import Any

from tests.live.market import RecordingOutlet, SetClock, beat, engine, tick
from tests.security.world import Who, World
from tickfolio.config.composition import portfolio_memory
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.viewer import NO_RIGHTS
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.runtime.portfolio_reader import PortfolioReader
from tickfolio.services.watching import portfolio_standings, rights_of, viewer_by_session, viewer_by_token


class DatabaseSource(PortfolioReader):
    """The product's reader, which reads when the test says so, in the test's own thread and transaction."""

    def __init__(self) -> None:
        super().__init__(portfolio_memory(), calendar_of=lambda instrument: exchange_calendar(instrument.mic))
        self._portfolios: list[tuple[str, int | None, LivePortfolio | None]] = []
        self._users: list[int] = []

    def load(self, portfolio: str, *, known_head: int | None, spare: LivePortfolio | None) -> None:
        self._portfolios.append((portfolio, known_head, spare))

    def check_rights(self, user: int) -> None:
        self._users.append(user)

    def answer(self) -> None:
        """Answers all that was asked, and what the answers lead to."""
        while self._users or self._portfolios:
            users, self._users = self._users, []
            portfolios, self._portfolios = self._portfolios, []
            for user in users:
                self._answer_rights(user)
            for asked in portfolios:
                self._answer_portfolio(*asked)

    def _answer_rights(self, user: int) -> None:
        assert self._hub is not None
        sessions = self._hub.people.sessions().get(user)
        if sessions is not None:
            rights = rights_of({user: sessions}).get(user, NO_RIGHTS)
            self._hub.rights_read(user, rights, asked=sessions, as_of=self._hub.monotonic())

    def _answer_portfolio(self, portfolio: str, known_head: int | None, spare: LivePortfolio | None) -> None:
        assert self._hub is not None
        loaded = self._read(portfolio, known_head, spare)
        if loaded is None:
            self._hub.portfolios.gone(portfolio)
        else:
            self._hub.portfolios.loaded(loaded)


class LiveWorld:
    """A running engine, and the sockets that people open on it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.source = DatabaseSource()
        self.market = engine(SetClock(), source=self.source)
        self.source.attach(self.market.hub, self.market.market)
        self.market.accept(tick("501.50"))
        self.sockets: list[Socket] = []
        self._beats = 0

    def open(self, who: Who) -> Socket:
        """A greeted socket of somebody, by their session."""
        self.sockets.append(socket := Socket(self, who))
        return socket

    def open_by_token(self, token: str) -> Socket:
        """A greeted socket of a program, by a token in its handshake."""
        self.sockets.append(socket := Socket(self, token=token))
        return socket

    def settle(self) -> None:
        """Lets everything that waits come about: questions to the database, and eight beats."""
        for _ in range(8):
            self.source.answer()
            self._beats += 1
            self.market.beat(beat(self._beats))

    def look(self) -> None:
        """Compares what is watched with the database, as the engine does every few seconds."""
        watched = self.market.hub.portfolios.shelf.ids()
        self.market.hub.portfolios.standings_read(watched, portfolio_standings(watched))

    def booked(self, portfolio: str, head: int) -> None:
        """What the engine hears after a commit, and what follows."""
        self.market.hub.portfolios.head_heard(portfolio, head)
        self.settle()


class Socket:
    """One person's socket, from the page's side."""

    def __init__(self, live: LiveWorld, who: Who = Who.ANONYMOUS, *, token: str = "") -> None:
        self.live = live
        self.outlet = RecordingOutlet()
        key = live.world.sessions.get(who)
        viewer = viewer_by_token(token) if token else None if key is None else viewer_by_session(key)
        self.connection = live.market.hub.join(self.outlet, is_plain=False, viewer=viewer)
        self.welcome = self.ask({"type": "hello"})[0]

    def ask(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """What comes after a message, all that waits included."""
        self.live.market.hub.receive_text(self.connection, json.dumps(message))
        self.live.settle()
        return self.heard()

    def heard(self) -> list[dict[str, Any]]:
        """What came since the last call."""
        return [json.loads(payload) for payload in self.outlet.take()]
