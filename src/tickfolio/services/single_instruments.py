"""What the operator's page says of single instruments: own orders of feeds, and what is traded no more or seems to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.delistings import Delisting, PerhapsDelisted, delistings, perhaps_delisted
from tickfolio.services.feed_orders import OwnOrder, own_orders, pricing_feeds
from tickfolio.services.feed_overview import feeds_seen
from tickfolio.services.history_progress import history_progress
from tickfolio.services.market import market_state
from tickfolio.services.operators import require_operator


@dataclass(frozen=True, slots=True)
class SingleInstruments:
    """All that the page shows.

    Attributes:
        running: the feeds of the instance that say prices as they are made, by name.
        possible: all feeds of the product that do.
        orders, delisted, suspects: empty on a replay, which asks no feed.
    """

    is_replay: bool
    running: tuple[str, ...]
    possible: tuple[str, ...]
    orders: tuple[OwnOrder, ...] = ()
    delisted: tuple[Delisting, ...] = ()
    suspects: tuple[PerhapsDelisted, ...] = ()


def single_instruments(*, actor: Person) -> SingleInstruments:
    """What the operator decided of single instruments, and what may want a decision.

    Raises:
        NotFound: the actor is no operator.
    """
    require_operator(actor=actor)
    possible = pricing_feeds()
    if market_state().is_replay:
        return SingleInstruments(is_replay=True, running=(), possible=possible)
    seen = feeds_seen()
    refused: dict[Symbol, str] = {
        symbol: f"{each.report.name}: {reason}" for each in seen for symbol, reason in each.report.refused.items()
    }
    return SingleInstruments(
        is_replay=False,
        running=tuple(each.report.name for each in seen if each.report.name in possible),
        possible=possible,
        orders=own_orders(),
        delisted=delistings(),
        suspects=_suspects(refused),
    )


def _suspects(refused: Mapping[Symbol, str]) -> tuple[PerhapsDelisted, ...]:
    return perhaps_delisted(history_progress().instruments, refused, today=SystemClock().now().date())
