"""Faults of the product itself, each of which the simulation must notice: a simulation that cannot fail says nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tickfolio.client.conversation import Conversation
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.feeds import intake, latest_prices
from tickfolio.live.bus.recent import Recent
from tickfolio.live.conflation import Mailbox
from tickfolio.live.connection import Connection
from tickfolio.live.hub import Hub
from tickfolio.live.people import People
from tickfolio.live.portfolio_desk import PortfolioDesk
from tickfolio.live.portfolio_rows import PortfolioRows
from tickfolio.live.portfolio_shelf import PortfolioShelf
from tickfolio.live.quote_desk import QuoteDesk
from tickfolio.live.resuming import Lingering, Marks
from tickfolio.live.watched_portfolio import WatchedPortfolio
from tickfolio.live.wire import apply

type Mutant = Callable[[pytest.MonkeyPatch], None]


def _does_nothing(*_arguments: Any, **_named: Any) -> None:
    """In place of what the product does."""


def pages_ask_for_nothing_that_they_miss(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Conversation, "_refreshes", lambda _self: iter(()))


def pages_do_not_compare_where_they_stand(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(apply, "_is_behind", lambda *_where: False)


def whoever_reads_slowly_is_owed_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Mailbox, "owe_snapshot", _does_nothing)


def whoever_comes_back_missed_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Marks, "version_at", lambda marks, _sequence: marks._versions[-1])


def an_epoch_begins_and_nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tickfolio.live.delivery.Delivery.owe_snapshot", _does_nothing)


def what_the_bus_lost_is_not_said_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recent, "again", lambda _self: iter(()))


def nobody_looks_whether_a_wakeup_was_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PortfolioShelf, "standings_read", _does_nothing)


def what_is_taken_away_goes_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PortfolioDesk, "take_away", _does_nothing)


def sessions_do_not_end(patch: pytest.MonkeyPatch) -> None:
    reads = People.rights_read

    def forgives(self: People, user: int, rights: Any, *, asked: frozenset[str], as_of: float) -> Any:
        return reads(self, user, rights, asked=asked & rights.sessions, as_of=as_of)

    patch.setattr(People, "rights_read", forgives)


def told_events_are_forgotten(patch: pytest.MonkeyPatch) -> None:
    begins = WatchedPortfolio.__init__

    def remembers_none(self: WatchedPortfolio, portfolio: str) -> None:
        begins(self, portfolio)
        self.told = type(self.told)(maxlen=0)

    patch.setattr(WatchedPortfolio, "__init__", remembers_none)


def rows_that_went_are_not_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PortfolioRows, "removed_keys", lambda _self, *, since: [])


def wild_prices_are_believed(patch: pytest.MonkeyPatch) -> None:
    def no_doubt(*_price: Any, **_reference: Any) -> Doubt | None:
        return None

    patch.setattr(intake, "doubt_of", no_doubt)


def nobody_asks_the_vendor_for_the_latest_price(patch: pytest.MonkeyPatch) -> None:
    async def asks_nothing(_self: Any) -> None:
        return None

    patch.setattr(latest_prices.LatestPrices, "next_answer", asks_nothing)


def audiences_linger_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Lingering, "forget_old", _does_nothing)


def sockets_that_left_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(QuoteDesk, "leave", _does_nothing)


def whoever_hears_something_is_told_no_state(patch: pytest.MonkeyPatch) -> None:
    """Feeds are told of by news and into silence only, which never comes to a busy market: a fault that the simulation found."""
    joins = Hub.join

    def knows_everything(self: Hub, outlet: Any, **of_it: Any) -> Connection:
        connection = joins(self, outlet, **of_it)
        connection.note_status(self._status_number, at=float("inf"))
        return connection

    patch.setattr(Hub, "join", knows_everything)


MUTANTS: tuple[tuple[Mutant, int], ...] = (
    (pages_ask_for_nothing_that_they_miss, 1),
    (pages_do_not_compare_where_they_stand, 4),
    (whoever_reads_slowly_is_owed_nothing, 1),
    (whoever_comes_back_missed_nothing, 1),
    (an_epoch_begins_and_nobody_is_told, 1),
    (what_the_bus_lost_is_not_said_again, 7),
    (nobody_looks_whether_a_wakeup_was_lost, 2),
    (what_is_taken_away_goes_on, 0),
    (sessions_do_not_end, 3),
    (told_events_are_forgotten, 16),
    (rows_that_went_are_not_told, 0),
    (wild_prices_are_believed, 4),
    (nobody_asks_the_vendor_for_the_latest_price, 4),
    (audiences_linger_for_ever, 0),
    (sockets_that_left_are_kept, 0),
    (whoever_hears_something_is_told_no_state, 8),
)
"""Each with a seed that notices it."""
