"""Finnhub's stream of trades: one connection's side of it.

**Source**: https://finnhub.io/docs/api/websocket-trades; threads of users for what it leaves open (pings, errors).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import price
from tickfolio.feeds.stream import ALIVE, Refused, Rejected, StreamEvent, StreamFrame, Unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = 120


class _Trade(msgspec.Struct):
    s: str
    p: Decimal
    t: int


class _Message(msgspec.Struct):
    type: str = ""
    data: list[msgspec.Raw] | None = None
    msg: str = ""


_MESSAGE = msgspec.json.Decoder(_Message)
_TRADE = msgspec.json.Decoder(_Trade)


class FinnhubCodec:
    """One connection. Ready at once: the key is in the address, and a wrong one has the handshake refused.

    `key` is taken only to leave it out of what is told of Finnhub's errors.
    """

    is_ready = True

    def __init__(self, *, key: str = "") -> None:
        self._key = key
        self._unpriced: dict[Symbol, None] = {}
        """What was asked for and had no trade yet, in the order of asking."""

    def opened(self) -> Sequence[StreamFrame]:
        """Nothing."""
        return ()

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        """One symbol a message, the fewer first, so that a full plan has room for the more."""
        for symbol in remove:
            self._unpriced.pop(symbol, None)
        self._unpriced.update(dict.fromkeys(add))
        return [_request("unsubscribe", symbol) for symbol in remove] + [
            _request("subscribe", symbol) for symbol in add
        ]

    def keep_alive(self) -> Sequence[StreamFrame]:
        """Nothing: Finnhub's pings want no answer."""
        return ()

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        """The trades of a message in their order; one that cannot be read does not hide the others."""
        try:
            message = _MESSAGE.decode(frame)
        except (msgspec.DecodeError, UnicodeError):
            return [Unreadable(f"no message of Finnhub's: {frame[:60]!r}")]
        match message.type:
            case "trade":
                return [self._trade(raw, at) for raw in message.data or ()] or [ALIVE]
            case "ping":
                return [ALIVE]
            case "error":
                return [self._error(message.msg)]
            case kind:
                return [Unreadable(f"expected a message of type trade, ping or error, was {kind[:40]!r}")]

    def _trade(self, raw: msgspec.Raw, at: datetime) -> StreamEvent:
        try:
            trade = _TRADE.decode(raw)
            quote = FeedQuote(
                symbol=Symbol(trade.s),
                price=price(trade.p, of=f"price of {trade.s[:20]}"),
                source_time=moment(trade.t),
                received_time=at,
            )
        except (msgspec.DecodeError, UnicodeError):
            return Unreadable(f"no trade: {bytes(raw)[:60]!r}")
        except FeedDataError as error:
            return Unreadable(str(error))
        self._unpriced.pop(quote.symbol, None)
        return quote

    def _error(self, text: str) -> StreamEvent:
        shown = f"Finnhub says: {self._without_key(text)[:_SHOWN]}"
        plain = text.lower()
        if "too many symbols" in plain and self._unpriced:
            # It names none, and says so once for each that is too many: those that were asked for last.
            last, _ = self._unpriced.popitem()
            return Refused({last: shown})
        if "api key" in plain or "token" in plain:
            return Rejected(shown)
        return Unreadable(shown)

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text


def moment(milliseconds: int) -> datetime:
    """A time of Finnhub's, in milliseconds since 1970, in UTC.

    Raises:
        FeedDataError: it is none.

    >>> moment(1575526691134).isoformat()
    '2019-12-05T06:18:11.134000+00:00'
    """
    if milliseconds > 0:
        try:
            return _EPOCH + timedelta(milliseconds=milliseconds)
        except OverflowError:
            pass
    raise FeedDataError(f"Expected a time in milliseconds since 1970, was {milliseconds}.")


def _request(kind: str, symbol: Symbol) -> str:
    return msgspec.json.encode({"type": kind, "symbol": symbol}).decode()
