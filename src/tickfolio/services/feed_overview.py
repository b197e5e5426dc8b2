"""How the feeds do, as the engine recorded it last: for the operator's page and for the metrics."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from tickfolio.domain.market.plausibility import Doubt
from tickfolio.feeds.feed import FeedReport
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import FeedCondition, FeedEvent, HeldPriceRecord
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.exchange_rates import RatesSeen, rates_seen
from tickfolio.services.feed_descriptions import FeedDescription, feed_description
from tickfolio.services.history_progress import Histories, history_progress
from tickfolio.services.market import market_state
from tickfolio.services.market_hours import hours_running_out
from tickfolio.services.operators import require_operator

MOST_EVENTS = 200
REPORT_IS_OLD = timedelta(seconds=30)
"""The engine reports every few seconds: after this long without a word there is none."""


@dataclass(frozen=True, slots=True)
class FeedSeen:
    """What a feed's last report says, when that was (real clock, UTC), and what the feed is.

    Attributes:
        description: None where this version of the product has no feed of that name.
    """

    report: FeedReport
    reported_at: datetime
    description: FeedDescription | None


@dataclass(frozen=True, slots=True)
class HeldSeen:
    """A price in quarantine, per unit and in the instrument's own quote unit.

    Attributes:
        unit: what the price is in, such as ``EUR`` or ``GBp``.
        reference: the last price that was believed.
        count: how many prices of this doubt came, the first one included.
        released_at: when an operator believed it, which the engine has not heard yet; None where nobody has.
    """

    symbol: str
    name: str
    unit: str
    price_places: int
    price: Decimal
    reference: Decimal
    doubt: Doubt
    source: str
    source_time: datetime
    held_at: datetime
    count: int
    released_at: datetime | None
    released_by: str


@dataclass(frozen=True, slots=True)
class EventSeen:
    """Something that happened to a feed or a route; `kind` is ``state``, ``move``, ``held`` or ``released``."""

    id: int
    at: datetime
    kind: str
    feed: str
    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedOverview:
    """All that the operator's page shows at the real moment `at`.

    Attributes:
        feeds: in the order of their names; empty on a replay, and before an engine has run.
        events: the newest first, `MOST_EVENTS` of them at most.
        calendars: the exchanges whose table of hours runs out before long, with its last day.
        histories: how far the finished days have been fetched; None on a replay, which fetches none.
        rates: the newest exchange rates; None on a replay, which has those that ship.
    """

    at: datetime
    is_replay: bool
    feeds: tuple[FeedSeen, ...]
    held: tuple[HeldSeen, ...]
    events: tuple[EventSeen, ...]
    calendars: Mapping[str, date]
    histories: Histories | None = None
    rates: RatesSeen | None = None

    @property
    def reported_at(self) -> datetime | None:
        """When an engine reported last; None where none ever did."""
        return max((seen.reported_at for seen in self.feeds), default=None)

    @property
    def is_reported(self) -> bool:
        """Whether an engine reports at all: if not, what is shown is of the past."""
        return self.reported_at is not None and self.at - self.reported_at <= REPORT_IS_OLD


def feed_overview(*, actor: Person) -> FeedOverview:
    """How the feeds do.

    Raises:
        NotFound: the actor is no operator.
    """
    require_operator(actor=actor)
    is_replay = market_state().is_replay
    return FeedOverview(
        at=SystemClock().now(),
        is_replay=is_replay,
        feeds=() if is_replay else feeds_seen(),
        held=() if is_replay else held_seen(),
        events=() if is_replay else _events(),
        calendars={} if is_replay else hours_running_out(),
        histories=None if is_replay else history_progress(),
        rates=None if is_replay else rates_seen(),
    )


def feeds_seen() -> tuple[FeedSeen, ...]:
    """The last report of each feed, by name; without those that another version of the product wrote in another form."""
    seen = []
    for row in FeedCondition.objects.order_by("name"):
        with contextlib.suppress(msgspec.ValidationError):
            report = msgspec.json.decode(row.report, type=FeedReport)
            seen.append(FeedSeen(report, row.reported_at.astimezone(UTC), feed_description(row.name)))
    return tuple(seen)


def held_seen() -> tuple[HeldSeen, ...]:
    """The prices in quarantine, the one that waits longest first."""
    rows = HeldPriceRecord.objects.select_related("instrument", "released_by").order_by("held_at", "instrument__symbol")
    return tuple(_held(row) for row in rows)


def _held(row: HeldPriceRecord) -> HeldSeen:
    instrument = instrument_from(row.instrument)
    assert row.price is not None
    assert row.reference is not None
    return HeldSeen(
        symbol=instrument.symbol,
        name=instrument.name,
        unit=instrument.quoted_in,
        price_places=instrument.price_places,
        price=row.price,
        reference=row.reference,
        doubt=Doubt(row.doubt),
        source=row.source,
        source_time=row.source_time.astimezone(UTC),
        held_at=row.held_at.astimezone(UTC),
        count=row.count,
        released_at=None if row.released_at is None else row.released_at.astimezone(UTC),
        released_by="" if row.released_by is None else row.released_by.email,
    )


def _events() -> tuple[EventSeen, ...]:
    return tuple(
        EventSeen(row.pk, row.at.astimezone(UTC), row.kind, row.feed, row.symbol, row.text)
        for row in FeedEvent.objects.order_by("-at", "-id")[:MOST_EVENTS]
    )
