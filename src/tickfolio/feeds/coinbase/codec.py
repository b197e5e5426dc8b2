"""Coinbase's market-data stream: one connection's side of it.

**Source**: https://docs.cdp.coinbase.com/advanced-trade/docs/ws-overview and ws-channels; captured messages for what the
documentation leaves open (the heartbeat's counter is a string there and a number on the wire).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import price
from tickfolio.feeds.stream import ALIVE, Ended, Missed, Refused, StreamEvent, StreamFrame, Unreadable

PRODUCTS_A_FRAME = 100
TICKER, HEARTBEATS = "ticker", "heartbeats"
_PRODUCT = re.compile(r"[A-Z0-9]+-[A-Z0-9]+")


class _Ticker(msgspec.Struct):
    product_id: str
    price: str


class _Event(msgspec.Struct):
    type: str = ""
    tickers: list[_Ticker] | None = None


class _Envelope(msgspec.Struct):
    channel: str = ""
    timestamp: str = ""
    sequence_num: int | None = None
    events: list[_Event] | None = None
    type: str = ""
    message: str = ""


_FRAME = msgspec.json.Decoder(_Envelope)


class CoinbaseCodec:
    """One connection. Ready at once: public channels need no key."""

    is_ready = True

    def __init__(self) -> None:
        self._next: int | None = None
        self._asked: set[str] = set()

    def opened(self) -> Sequence[StreamFrame]:
        """Heartbeats: without them Coinbase closes a channel that has had no update for a minute or so."""
        return [_request("subscribe", HEARTBEATS, ())]

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        """Tickers of fewer products, then of more; one channel a message."""
        self._asked.difference_update(remove)
        self._asked.update(add)
        frames = [_request("unsubscribe", TICKER, part) for part in _parts(remove)]
        return frames + [_request("subscribe", TICKER, part) for part in _parts(add)]

    def keep_alive(self) -> Sequence[StreamFrame]:
        """Nothing: heartbeats come from the other side."""
        return ()

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        """What an envelope says, a gap before it included."""
        try:
            envelope = _FRAME.decode(frame)
        except (msgspec.DecodeError, UnicodeError):
            return [Unreadable(f"no envelope: {frame[:60]!r}")]
        if envelope.type == "error":
            return self._error(envelope.message)
        if not envelope.channel:
            return [Unreadable(f"an envelope without a channel: {frame[:60]!r}")]
        events: list[StreamEvent] = self._gap(envelope.sequence_num)
        if envelope.channel == TICKER:
            events += self._tickers(envelope, at)
        else:
            events.append(ALIVE)
        return events

    def _gap(self, number: int | None) -> list[StreamEvent]:
        """Every message of a connection is counted: a number that is skipped is a message that was lost."""
        if number is None:
            return []
        expected = self._next
        # A number that was said before, or late, is no reason to count again from there.
        self._next = number + 1 if expected is None else max(expected, number + 1)
        if expected is None or number <= expected:
            return []
        return [Missed(number - expected)]

    def _tickers(self, envelope: _Envelope, at: datetime) -> list[StreamEvent]:
        try:
            moment = time_of(envelope.timestamp)
        except FeedDataError as error:
            return [Unreadable(str(error))]
        return [
            _quote(ticker, moment, at)
            for event in envelope.events or ()
            if event.type != "snapshot"  # the last trade, however old it is, without its time
            for ticker in event.tickers or ()
        ] or [ALIVE]

    def _error(self, message: str) -> list[StreamEvent]:
        named = sorted(self._asked.intersection(_PRODUCT.findall(message)))
        if named:
            return [Refused({Symbol(product): message[:120] for product in named})]
        return [Ended(f"Coinbase says: {message[:120]}")]


def time_of(text: str) -> datetime:
    """A time of Coinbase's (RFC 3339, up to nine digits of a second) in UTC, cut to microseconds.

    Raises:
        FeedDataError: it is none.

    >>> time_of("2026-04-07T14:30:10.123456789Z").isoformat()
    '2026-04-07T14:30:10.123456+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise FeedDataError(f"Expected a time with its offset, was {text[:40]!r}.")


def quote_currency(product: str) -> str:
    """What a product is priced in: the part after the last hyphen.

    >>> quote_currency("BTC-USD")
    'USD'
    """
    return product.rpartition("-")[2]


def _quote(ticker: _Ticker, moment: datetime, at: datetime) -> StreamEvent:
    try:
        last: Decimal = price(ticker.price, of=f"price of {ticker.product_id[:20]}")
    except FeedDataError as error:
        return Unreadable(str(error))
    return FeedQuote(
        symbol=Symbol(ticker.product_id),
        price=last,
        source_time=moment,
        received_time=at,
        session=MarketSession.CONTINUOUS,
        currency=quote_currency(ticker.product_id),
    )


def _request(kind: str, channel: str, products: Sequence[str]) -> str:
    named = {"product_ids": list(products)} if products else {}
    return msgspec.json.encode({"type": kind, "channel": channel, **named}).decode()


def _parts(products: Sequence[Symbol]) -> list[Sequence[Symbol]]:
    return [products[start : start + PRODUCTS_A_FRAME] for start in range(0, len(products), PRODUCTS_A_FRAME)]
