"""Whatever somebody does, who has a page open holds afterwards what a page holds that is opened then, to the last column.

Every address that takes a form is one that does something (rules.py). The pages hear what the engine hears after the commit;
nobody looks at the database for what was not told, but for the few in `UNTOLD`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from django.test import TestCase

from tests.security.least import Least
from tests.security.probes import ids_of
from tests.security.routes import Route, routes
from tests.security.rules import ADDRESSES
from tests.security.sockets import LiveWorld
from tests.security.world import Who, World, undone
from tickfolio.client.conversation import Conversation
from tickfolio.live.bus.port import AccessChanged, BusMessage, PortfolioChanged
from tickfolio.live.wire.messages import ClientMessage
from tickfolio.runtime import wake

DOING = [route for route in routes() if ADDRESSES[route.pattern].post is not None]
WATCHERS = (Who.OWNER, Who.VIEWER, Who.OTHER)
UNTOLD = {"preferences/"}
"""Of another time zone, in which days begin at other moments, no wake-up tells: pages have it with the next look, seconds later."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody knows: prices, and of each portfolio its figures, its place in the ledger and whether it is taken away."""

    quotes: object
    portfolios: object


class Page:
    """The reference client on a socket of somebody, who watches all that Alice and Charlie have."""

    def __init__(self, live: LiveWorld, who: Who) -> None:
        self._live = live
        self._socket = live.open(who)
        self._conversation = Conversation()
        self.ids = [live.world.alices.portfolio, live.world.charlies.portfolio]
        self._say(self._conversation.subscribe(["AAPL", "IBM"], portfolios=self.ids))
        self.read()

    @property
    def is_closed(self) -> bool:
        """Whether the server has closed it."""
        return self._socket.outlet.closed_with is not None

    def read(self) -> None:
        """Takes what has come, and asks for what is missing."""
        for payload in self._socket.outlet.take():
            self._say(self._conversation.heard(payload)[1])

    def held(self) -> Held:
        """All that it holds now."""
        states = self._conversation.portfolios.items()
        figures = {id_: (state.rows, state.totals, state.ledger if state.totals else 0) for id_, state in states}
        return Held(self._conversation.quotes.rows, figures)

    def _say(self, messages: Iterable[ClientMessage]) -> None:
        for message in messages:
            self._live.market.hub.receive_text(self._socket.connection, msgspec.json.encode(message).decode())
            self._live.settle()
            self.read()


@contextmanager
def hearing(live: LiveWorld) -> Iterator[None]:
    """What services say after a commit reaches the engine at once, as over the bus."""

    def publish(message: BusMessage) -> None:
        match message:
            case PortfolioChanged():
                live.market.hub.portfolios.head_heard(message.portfolio, message.sequence)
            case AccessChanged():
                live.market.hub.access_changed(message.user)

    loop = SimpleNamespace(call_soon_threadsafe=lambda call, message: call(message))
    wake.waker.attach(cast("Any", loop), publish)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            yield
    finally:
        wake.waker.detach(publish)


@pytest.mark.parametrize("route", DOING, ids=lambda route: route.pattern)
@pytest.mark.django_db
def test_pages_hold_after_what_was_done_what_pages_hold_that_come_then(world: World, route: Route) -> None:
    rule = ADDRESSES[route.pattern]
    who = Who.OPERATOR if rule.post is Least.OPERATOR else Who.OWNER
    with undone():
        live = LiveWorld(world)
        pages = {each: Page(live, each) for each in WATCHERS}
        form, address = rule.form(world), route.address(ids_of(world, rule, world.alices, who))
        with hearing(live):
            answer = world.client(who).post(address, dict(form))
        assert answer.status_code in (200, 302, 303)
        if route.pattern in UNTOLD:
            live.look()
        live.settle()
        for page in pages.values():
            page.read()
        anew = LiveWorld(world)
        for watcher, page in pages.items():
            if not page.is_closed:
                assert page.held() == Page(anew, watcher).held(), watcher
