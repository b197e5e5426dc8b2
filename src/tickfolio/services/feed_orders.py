"""The feeds of single instruments, where the operator wants others than the instance has, or in another order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.errors import InvalidValue
from tickfolio.feeds.feed import Operation
from tickfolio.feeds.registry import FEED_NAMES
from tickfolio.persistence.mappers import instrument_from
from tickfolio.persistence.models import FeedCondition, InstrumentRecord
from tickfolio.persistence.selectors.market import record_of
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.feed_descriptions import feed_description
from tickfolio.services.operators import require_operator_or_console
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An instrument with an order of feeds of its own, the preferred one first.

    Attributes:
        unused: those of them that the engine does not have, by its last report; none where none ever reported.
    """

    symbol: Symbol
    name: str
    feeds: tuple[str, ...]
    unused: tuple[str, ...]


def pricing_feeds() -> tuple[str, ...]:
    """The feeds that say prices as they are made: those that may stand in an order."""
    described = ((name, feed_description(name)) for name in FEED_NAMES)
    return tuple(name for name, feed in described if feed is not None and feed.capabilities.can(Operation.STREAM))


def named_feeds(text: str) -> tuple[str, ...]:
    """The feeds of an order as people write it, with commas between them.

    >>> named_feeds(" Alpaca, yahoo,")
    ('alpaca', 'yahoo')
    """
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


def own_orders() -> tuple[OwnOrder, ...]:
    """The instruments with an order of their own, by symbol; two queries."""
    running = frozenset(FeedCondition.objects.values_list("name", flat=True))
    rows = InstrumentRecord.objects.exclude(feeds="").order_by("symbol").values_list("symbol", "name", "feeds")
    return tuple(_order(symbol, name, tuple(feeds.split(",")), running) for symbol, name, feeds in rows)


@transaction.atomic
def feed_order_change(*, actor: Actor, symbol: Symbol, feeds: Sequence[str]) -> OwnOrder:
    """Gives an instrument an order of its own; with no feed at all it has the instance's again. The engine follows within seconds.

    Raises:
        NotFound: the actor is no operator.
        InvalidValue: nobody knows the instrument, or a feed is none, is named twice or has no prices of it.
    """
    require_operator_or_console(actor=actor)
    record = record_of(symbol)
    if record is None:
        raise InvalidValue(
            phrase("Expected an instrument that was booked or looked up here, was {symbol}.", symbol=symbol)
        )
    _require_feeds(feeds, instrument_from(record))
    InstrumentRecord.objects.filter(pk=record.pk).update(feeds=",".join(feeds))
    running = frozenset(FeedCondition.objects.values_list("name", flat=True))
    return _order(record.symbol, record.name, tuple(feeds), running)


def _order(symbol: str, name: str, feeds: tuple[str, ...], running: frozenset[str]) -> OwnOrder:
    return OwnOrder(Symbol(symbol), name, feeds, tuple(one for one in feeds if running and one not in running))


def _require_feeds(feeds: Sequence[str], instrument: Instrument) -> None:
    known = pricing_feeds()
    for feed in feeds:
        if feed not in known:
            raise InvalidValue(
                phrase("Expected feeds of {known}, was {feed}.", known=", ".join(known), feed=repr(feed[:20]))
            )
        described = feed_description(feed)
        assert described is not None
        if not described.capabilities.covers(instrument):
            raise InvalidValue(
                phrase(
                    "Expected feeds that have prices of {symbol}, was {feed}: it has none of its kind ({value}) or "
                    "of its exchange ({mic}).",
                    symbol=instrument.symbol,
                    feed=feed,
                    value=instrument.instrument_class.value,
                    mic=instrument.mic,
                )
            )
    if len(set(feeds)) < len(feeds):
        raise InvalidValue(phrase("Expected each feed once, was {feeds}.", feeds=", ".join(feeds)))
