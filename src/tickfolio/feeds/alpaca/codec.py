"""Alpaca's stream, version 2, in JSON: one connection's side of it.

**Source**: https://docs.alpaca.markets/docs/real-time-stock-pricing-data and streaming-market-data; its Go library for the
order of keys, for corrections and for cancels.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from tickfolio.domain.instruments import Symbol
from tickfolio.errors import FeedDataError
from tickfolio.feeds.alpaca.answers import CURRENCY, is_symbol, moment
from tickfolio.feeds.alpaca.conditions import sets_last_price
from tickfolio.feeds.feed import FeedQuote
from tickfolio.feeds.numbers import price
from tickfolio.feeds.stream import ALIVE, Ended, Missed, Refused, Rejected, Reply, StreamEvent, StreamFrame, Unreadable

SYMBOLS_A_FRAME = 400
_REMEMBERED = 4  # trades of a symbol, in case the last ones are cancelled
_FATAL = {402, 409, 410, 411}
_NOT_TAKEN = {400, 405}
_TOO_MANY = 405
_ALREADY_SIGNED_IN = 403
# How long Alpaca is left alone after an error: it frees a dropped connection's place after a while only.
_PAUSES = {406: timedelta(seconds=15), 407: timedelta(seconds=1), 408: timedelta(minutes=5)}
_PAUSE = timedelta(seconds=5)


class _Trade(msgspec.Struct, tag_field="T", tag="t"):
    S: str
    p: Decimal
    t: str
    i: int = 0
    x: str = ""
    z: str = ""
    c: list[str] | None = None


class _Correction(msgspec.Struct, tag_field="T", tag="c"):
    S: str
    oi: int
    ci: int
    cp: Decimal
    x: str = ""
    z: str = ""
    cc: list[str] | None = None


class _Cancel(msgspec.Struct, tag_field="T", tag="x"):
    S: str
    i: int
    x: str = ""


class _Success(msgspec.Struct, tag_field="T", tag="success"):
    msg: str


class _Failure(msgspec.Struct, tag_field="T", tag="error"):
    code: int
    msg: str = ""


class _Subscription(msgspec.Struct, tag_field="T", tag="subscription"):
    trades: list[str] | None = None


class _Kind(msgspec.Struct):
    T: str


type _Message = _Trade | _Correction | _Cancel | _Success | _Failure | _Subscription

_FRAME = msgspec.json.Decoder(list[_Message])
_PARTS = msgspec.json.Decoder(list[msgspec.Raw])
_PART = msgspec.json.Decoder(_Message)
_KIND = msgspec.json.Decoder(_Kind)
_READ_HERE = {"t", "c", "x", "success", "error", "subscription"}


@dataclass(frozen=True, slots=True)
class _Sale:
    """A trade that made a last price."""

    id: int
    exchange: str
    price: Decimal
    at: datetime


class AlpacaCodec:
    """One connection. Ready once Alpaca has accepted the key."""

    def __init__(self, *, key: str, secret: str) -> None:
        self._key = key
        self._secret = secret
        self._is_ready = False
        # What was asked for and not answered yet, oldest first; Alpaca answers each request with the whole set.
        self._asked: deque[Sequence[Symbol]] = deque()
        self._wanted: set[Symbol] = set()
        self._sales: dict[str, deque[_Sale]] = {}

    @property
    def is_ready(self) -> bool:
        """Whether the key was accepted."""
        return self._is_ready

    def opened(self) -> Sequence[StreamFrame]:
        """The key; a message and no part of the address, so that no log holds it."""
        return [_written({"action": "auth", "key": self._key, "secret": self._secret})]

    def change(self, *, add: Sequence[Symbol], remove: Sequence[Symbol]) -> Sequence[StreamFrame]:
        """Trades of fewer symbols, then of more."""
        self._wanted.difference_update(remove)
        self._wanted.update(add)
        frames = [self._request("unsubscribe", part) for part in _parts(remove)]
        return frames + [self._request("subscribe", part) for part in _parts(add)]

    def keep_alive(self) -> Sequence[StreamFrame]:
        """Nothing: the websocket's own pings are enough."""
        return []

    def received(self, frame: StreamFrame, *, at: datetime) -> Sequence[StreamEvent]:
        """What an array of messages says; one that cannot be read does not spoil the others."""
        try:
            messages = _FRAME.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._one_by_one(frame, at)
        return [event for message in messages for event in self._events(message, at)] or [ALIVE]

    # ---------- Asking ----------

    def _request(self, action: str, symbols: Sequence[Symbol]) -> StreamFrame:
        self._asked.append(symbols if action == "subscribe" else ())
        # A symbol that cannot be Alpaca's would have the whole request refused; the answer will lack it.
        return _written({"action": action, "trades": [symbol for symbol in symbols if is_symbol(symbol)]})

    # ---------- Reading ----------

    def _one_by_one(self, frame: StreamFrame, at: datetime) -> Sequence[StreamEvent]:
        try:
            parts = _PARTS.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return [Unreadable(f"no array of messages: {frame[:60]!r}")]
        events: list[StreamEvent] = []
        for part in parts:
            try:
                events.extend(self._events(_PART.decode(part), at))
            except (msgspec.DecodeError, UnicodeDecodeError):
                events.append(_unknown(bytes(part)))
        return events

    def _events(self, message: _Message, at: datetime) -> Sequence[StreamEvent]:
        match message:
            case _Trade():
                return self._traded(message, at)
            case _Correction():
                return self._corrected(message, at)
            case _Cancel():
                return self._cancelled(message.S, message.i, message.x, at)
            case _Success():
                self._is_ready = self._is_ready or message.msg == "authenticated"
                return [ALIVE]
            case _Subscription():
                return self._subscribed(frozenset(message.trades or ()))
            case _Failure():
                return self._failed(message)

    def _traded(self, trade: _Trade, at: datetime) -> Sequence[StreamEvent]:
        if not sets_last_price(trade.c or (), tape=trade.z):
            return [ALIVE]
        try:
            sale = _Sale(trade.i, trade.x, price(trade.p, of=f"price of {trade.S[:20]}"), moment(trade.t))
        except FeedDataError as error:
            return [Unreadable(str(error))]
        self._sales.setdefault(trade.S, deque(maxlen=_REMEMBERED)).append(sale)
        return [_quote(trade.S, sale.price, sale.at, at)]

    # ---------- Corrections: a last price that was wrong must not stand ----------

    def _corrected(self, correction: _Correction, at: datetime) -> Sequence[StreamEvent]:
        sales = self._sales.get(correction.S)
        if not sales or (sales[-1].id, sales[-1].exchange) != (correction.oi, correction.x):
            return self._cancelled(correction.S, correction.oi, correction.x, at)
        if not sets_last_price(correction.cc or (), tape=correction.z):
            return self._cancelled(correction.S, correction.oi, correction.x, at)
        try:
            right = price(correction.cp, of=f"corrected price of {correction.S[:20]}")
        except FeedDataError as error:
            return [Unreadable(str(error)), Missed(1)]
        sale = _Sale(correction.ci, correction.x, right, sales[-1].at)
        sales[-1] = sale
        # Of the same moment as the wrong one: a later price of one moment is the newer one.
        return [_quote(correction.S, sale.price, sale.at, at)]

    def _cancelled(self, symbol: str, trade: int, exchange: str, at: datetime) -> Sequence[StreamEvent]:
        """A trade never was. Where it made the last price, the one before it is the last price again."""
        sales = self._sales.get(symbol)
        if not sales:
            return [Missed(1)]
        if (sales[-1].id, sales[-1].exchange) == (trade, exchange):
            wrong = sales.pop()
            before = [_quote(symbol, sales[-1].price, wrong.at, at)] if sales else []
            return [*before, Missed(1)]
        for sale in [one for one in sales if (one.id, one.exchange) == (trade, exchange)]:
            sales.remove(sale)
        return [ALIVE]

    # ---------- Answers to requests ----------

    def _subscribed(self, streamed: frozenset[str]) -> Sequence[StreamEvent]:
        asked = self._asked.popleft() if self._asked else ()
        missing = [symbol for symbol in asked if symbol not in streamed]
        return [Refused(dict.fromkeys(missing, "Alpaca does not stream it"))] if missing else [ALIVE]

    def _failed(self, failure: _Failure) -> Sequence[StreamEvent]:
        said = f"Alpaca's error {failure.code}: {failure.msg[:80]}"
        if failure.code in _FATAL:
            return [Rejected(said)]
        if failure.code == _ALREADY_SIGNED_IN:
            self._is_ready = True
            return [ALIVE]
        if failure.code in _NOT_TAKEN:
            asked = self._asked.popleft() if self._asked else ()
            if failure.code == _TOO_MANY and len(asked) > 1:
                # The whole request is refused for the last of its symbols: the halves find how many there is room for.
                still = [symbol for symbol in asked if symbol in self._wanted]
                halves = still[: len(still) // 2], still[len(still) // 2 :]
                return [Reply([self._request("subscribe", half) for half in halves if half])]
            return [Refused(dict.fromkeys(asked, said))] if asked else [Unreadable(said)]
        return [Ended(said, after=_PAUSES.get(failure.code, _PAUSE))]


def _quote(symbol: str, paid: Decimal, source_time: datetime, at: datetime) -> FeedQuote:
    return FeedQuote(symbol=Symbol(symbol), price=paid, source_time=source_time, received_time=at, currency=CURRENCY)


def _unknown(part: bytes) -> StreamEvent:
    """A kind of message that was not asked for is a sign of life; one that should be readable is not."""
    try:
        kind = _KIND.decode(part).T
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Unreadable(f"no message of Alpaca's: {part[:60]!r}")
    return Unreadable(f"a message of another form: {part[:60]!r}") if kind in _READ_HERE else ALIVE


def _written(message: dict[str, str | list[Symbol]]) -> str:
    return msgspec.json.encode(message).decode()


def _parts(symbols: Sequence[Symbol]) -> list[Sequence[Symbol]]:
    return [symbols[start : start + SYMBOLS_A_FRAME] for start in range(0, len(symbols), SYMBOLS_A_FRAME)]
