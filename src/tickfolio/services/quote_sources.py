"""Where the prices of one instrument come from: the feed in use, those that stand by, and who told of its finished days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from django.conf import settings

from tickfolio.domain.instruments import Instrument, Publication, Symbol
from tickfolio.domain.market.quotes import Quality, Quote
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedReport
from tickfolio.persistence.selectors.instrument_pages import newest_closes
from tickfolio.services.feed_descriptions import TITLES, feed_description
from tickfolio.services.feed_orders import own_orders
from tickfolio.services.feed_overview import feeds_seen
from tickfolio.services.instrument_candles import finished_bars
from tickfolio.services.price_history import REPLAY_SOURCE
from tickfolio.services.valuations import RecordedMarket
from tickfolio.words import marked_phrase

REPLAY_TITLES = {"replay": marked_phrase("Replay"), REPLAY_SOURCE: marked_phrase("Daily history of the replay")}


class SourceUse(Enum):
    """What a source is for the instrument now."""

    IN_USE = marked_phrase("in use")
    IN_RESERVE = marked_phrase("in reserve")
    REFUSES = marked_phrase("refuses")
    FINISHED_DAYS = marked_phrase("finished days")


@dataclass(frozen=True, slots=True)
class QuoteSource:
    """One source.

    Attributes:
        name: as quotes carry it.
        quality: of its price; None of a feed that stands by, whose price nobody asks for.
        source_time: when the market made the price; None of the close of a day, and without a price.
        day: of a close.
        state: how a feed does by its last report; None of what is no feed, and where none was ever reported.
        reason: why it says no price, where it has said so.
    """

    name: str
    title: str
    use: SourceUse
    quality: Quality | None = None
    price: Decimal | None = None
    source_time: datetime | None = None
    day: date | None = None
    state: FeedState | None = None
    reason: str = ""


def quote_sources(symbol: Symbol, market: RecordedMarket) -> tuple[QuoteSource, ...]:
    """The sources of an instrument that is known: what is in use first, then the feeds in the order in which they would follow."""
    instrument, quote = market.instruments[symbol], market.quotes.get(symbol)
    feeds = () if settings.TICKFOLIO_IS_REPLAY else _feeds(instrument)
    in_use = () if quote is None else (_in_use(quote, market.quality(symbol), feeds),)
    standing = tuple(feed for feed in feeds if quote is None or feed.name != quote.source)
    return (*in_use, *standing, *_finished(instrument))


def _in_use(quote: Quote, quality: Quality, feeds: tuple[QuoteSource, ...]) -> QuoteSource:
    feed = next((each for each in feeds if each.name == quote.source), None)
    return QuoteSource(
        name=quote.source,
        title=title_of(quote.source),
        use=SourceUse.IN_USE,
        quality=quality,
        price=quote.price,
        source_time=quote.source_time,
        state=None if feed is None else feed.state,
    )


def _feeds(instrument: Instrument) -> tuple[QuoteSource, ...]:
    """The feeds of the instance that have prices of the instrument, the preferred one first."""
    if instrument.publication is Publication.MANUAL:
        return ()
    reports = {seen.report.name: seen.report for seen in feeds_seen()}
    own = next((order.feeds for order in own_orders() if order.symbol == instrument.symbol), ())
    running = [name for name in own if name in reports] or list(settings.TICKFOLIO_FEEDS)
    described = ((name, feed_description(name)) for name in running)
    able = [name for name, feed in described if feed is not None and feed.capabilities.streams(instrument)]
    return tuple(_feed(name, instrument.symbol, reports.get(name)) for name in able)


def _feed(name: str, symbol: Symbol, report: FeedReport | None) -> QuoteSource:
    reason = "" if report is None else report.refused.get(symbol, "")
    return QuoteSource(
        name=name,
        title=title_of(name),
        use=SourceUse.REFUSES if reason else SourceUse.IN_RESERVE,
        state=None if report is None else report.state,
        reason=reason,
    )


def _finished(instrument: Instrument) -> tuple[QuoteSource, ...]:
    if settings.TICKFOLIO_IS_REPLAY:
        bars = finished_bars(instrument)
        closes = [(REPLAY_SOURCE, bars[-1].day, bars[-1].close)] if bars else []
    else:
        closes = [(close.source, close.day, close.price) for close in newest_closes(instrument.symbol)]
    return tuple(
        QuoteSource(
            name=name,
            title=title_of(name),
            use=SourceUse.FINISHED_DAYS,
            quality=Quality.CLOSED,
            price=price,
            day=day,
        )
        for name, day, price in closes
    )


def title_of(name: str) -> str:
    """What people call a source.

    >>> title_of("yahoo"), title_of("replay"), title_of("another")
    ('Yahoo Finance', 'Replay', 'Another')
    """
    return TITLES.get(name) or REPLAY_TITLES.get(name) or name.capitalize()
