"""Alpaca's answers about the latest prices, and what all of its answers share.

**Source**: https://docs.alpaca.markets/reference/stocksnapshots-1
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.alpaca.conditions import sets_last_price
from tickfolio.feeds.door import clamped
from tickfolio.feeds.feed import FeedQuote, Snapshot
from tickfolio.feeds.numbers import price

CURRENCY = "USD"
NEW_YORK = ZoneInfo("America/New_York")
SNAPSHOTS = "/v2/stocks/snapshots"
UNKNOWN = "Alpaca does not know it"
_SYMBOL = re.compile(r"[A-Z][A-Z0-9]{0,11}(\.[A-Z0-9]{1,5})?\Z")


class _Trade(msgspec.Struct):
    p: Decimal
    t: str
    z: str = ""
    c: list[str] | None = None


class Bar(msgspec.Struct):
    """Prices of a minute or of a day, with its beginning."""

    t: str
    o: Decimal
    h: Decimal
    l: Decimal  # noqa: E741  # as Alpaca writes it
    c: Decimal
    v: Decimal | None = None


class _Snapshot(msgspec.Struct, rename="camel"):
    latest_trade: _Trade | None = None
    minute_bar: Bar | None = None
    daily_bar: Bar | None = None
    prev_daily_bar: Bar | None = None


_SNAPSHOTS = msgspec.json.Decoder(dict[str, _Snapshot | None])


def is_symbol(text: str) -> bool:
    """Whether Alpaca may have a share of that symbol: letters and digits, with a class after a point.

    >>> is_symbol("BRK.B"), is_symbol("BTC-USD")
    (True, False)
    """
    return _SYMBOL.match(text) is not None


def moment(text: str) -> datetime:
    """A time of Alpaca's (RFC 3339, up to 9 digits of a second) in UTC, cut to microseconds.

    Raises:
        FeedDataError: it is none.

    >>> moment("2026-11-27T14:30:00.123456789Z").isoformat()
    '2026-11-27T14:30:00.123456+00:00'
    """
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise FeedDataError(f"Expected a time with its offset, was {text[:40]!r}.")


# ---------- The latest prices ----------


def snapshots_query(symbols: Sequence[Symbol], *, tape: str) -> dict[str, str]:
    """The question for the latest trades of `symbols`."""
    return {"symbols": ",".join(symbols), "feed": tape}


def parse_snapshots(body: bytes, symbols: Sequence[Symbol], *, at: datetime) -> Snapshot:
    """The last sale of each of `symbols`, received at `at`; those that Alpaca does not know are refused.

    One that is known and has no last sale is left out and not refused: it may have one later. One that cannot be read failed.

    Raises:
        FeedDataError: it is no such answer, or nothing of it can be read.
    """
    snapshots = _snapshots(body)
    quotes: list[FeedQuote] = []
    failed: set[Symbol] = set()
    unreadable_one: FeedDataError | None = None
    for symbol in symbols:
        snapshot = snapshots.get(symbol)
        try:
            quote = None if snapshot is None else _last_sale(symbol, snapshot, at)
        except FeedDataError as error:
            unreadable_one = error
            failed.add(symbol)
            continue
        if quote is not None:
            quotes.append(quote)
    if unreadable_one is not None and not quotes:
        raise unreadable_one
    refused = {symbol: UNKNOWN for symbol in symbols if snapshots.get(symbol) is None}
    return Snapshot(tuple(quotes), refused, frozenset(failed))


def parse_instrument(body: bytes, symbol: Symbol) -> Instrument | None:
    """What a snapshot says of `symbol`; None where Alpaca knows none.

    It has no name and no kind. Tape C holds what Nasdaq lists; the other exchanges have the New York Stock Exchange's hours.

    Raises:
        FeedDataError: it is no such answer.
    """
    snapshot = _snapshots(body).get(symbol)
    if snapshot is None:
        return None
    tape = snapshot.latest_trade.z if snapshot.latest_trade is not None else ""
    return Instrument(symbol=symbol, name=symbol, mic="XNAS" if tape == "C" else "XNYS", currency=Currency(CURRENCY))


def _snapshots(body: bytes) -> dict[str, _Snapshot | None]:
    try:
        return _SNAPSHOTS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable("snapshots", body, error) from None


def _last_sale(symbol: Symbol, snapshot: _Snapshot, at: datetime) -> FeedQuote | None:
    """The latest trade where it makes a last price, else the close of the last minute that had one, as of its beginning."""
    trade, bar = snapshot.latest_trade, snapshot.minute_bar
    if trade is not None and sets_last_price(trade.c or (), tape=trade.z):
        paid, made_at = trade.p, moment(trade.t)
    elif bar is not None:
        paid, made_at = bar.c, moment(bar.t)
    else:
        return None
    quote = FeedQuote(
        symbol=symbol,
        price=price(paid, of=f"price of {symbol}"),
        source_time=made_at,
        received_time=at,
        previous_close=_previous_close(snapshot, day_of(made_at)),
        currency=CURRENCY,
        is_snapshot=True,
    )
    return clamped(quote)


def _previous_close(snapshot: _Snapshot, day: date) -> Decimal | None:
    """The close before `day`: the day's bar need not be there yet, and then the newest is of the day before."""
    bars = [bar for bar in (snapshot.daily_bar, snapshot.prev_daily_bar) if bar is not None]
    earlier = [bar for bar in bars if day_of(moment(bar.t)) < day]
    return price(earlier[0].c, of="previous close") if earlier else None


def day_of(at: datetime) -> date:
    """New York's day of a moment."""
    return at.astimezone(NEW_YORK).date()


def unreadable(what: str, body: bytes, error: Exception) -> FeedDataError:
    """The error of an answer that cannot be read."""
    return FeedDataError(f"Expected Alpaca's {what}, was {body[:60]!r}: {error}")
