"""Yahoo on loopback: the streamer in both its versions, charts and the search."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from websockets.datastructures import Headers

from tests.feeds.emulators.emulator import Answer, Bar, Client, Emulator, Frame, Listed

NEW_YORK = ZoneInfo("America/New_York")
OPENS, CLOSES = time(9, 30), time(16)
QUOTE_TYPES = {"EQUITY": 8, "ETF": 20, "MUTUALFUND": 11, "INDEX": 9, "CURRENCY": 14, "CRYPTOCURRENCY": 41}
FIELDS = {
    "id": (1, "text"),
    "price": (2, "float"),
    "time": (3, "signed"),
    "currency": (4, "text"),
    "exchange": (5, "text"),
    "quote_type": (6, "number"),
    "market_hours": (7, "number"),
    "change_percent": (8, "float"),
    "day_volume": (9, "signed"),
    "day_high": (10, "float"),
    "change": (12, "float"),
    "short_name": (13, "text"),
    "previous_close": (16, "float"),
    "price_hint": (27, "signed"),
    "vol_24hr": (28, "signed"),
    "circulating_supply": (32, "double"),
}
type Value = str | int | float | Decimal


def pricing_bytes(**fields: Value) -> bytes:
    """A `PricingData` with these fields, in the order of their numbers; those of no value are left out, as proto3 does."""
    written = sorted((*FIELDS[name], value) for name, value in fields.items() if value)
    return b"".join(_field(number, kind, value) for number, kind, value in written)


def framed(message: bytes, *, version: str = "2") -> str:
    """A frame with a message, as a version of the streamer writes it."""
    text = base64.b64encode(message).decode()
    return json.dumps({"type": "pricing", "message": text}, separators=(",", ":")) if version == "2" else text


def message_in(frame: Frame) -> bytes:
    """The message in a frame of either version."""
    text = frame if isinstance(frame, str) else frame.decode()
    return base64.b64decode(json.loads(text)["message"] if text.startswith("{") else text)


def float32(value: Decimal | Fraction | float) -> float:
    """The binary number of 32 bits that is nearest."""
    (kept,) = struct.unpack("<f", struct.pack("<f", float(value)))
    assert isinstance(kept, float)
    return kept


class YahooEmulator(Emulator):
    """Unknown symbols are silent on the stream and a 404 of the charts."""

    market_hours = 1
    now = staticmethod(lambda: datetime.now(UTC))

    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        message = self.pricing(listed)
        asked = client.connection.request
        query = {} if asked is None else parse_qs(urlsplit(asked.path).query)
        return framed(message, version=query.get("version", ["1"])[0])

    def pricing(self, listed: Listed) -> bytes:
        """The message of the latest price."""
        return pricing_bytes(
            id=listed.symbol,
            price=listed.price,
            time=int(listed.at.timestamp() * 1000),
            currency=listed.currency,
            exchange=listed.exchange or "NMS",
            quote_type=QUOTE_TYPES[listed.kind],
            market_hours=self.market_hours,
            change=float(listed.price) - float(listed.previous_close),
            change_percent=(float(listed.price) / float(listed.previous_close) - 1) * 100,
            day_volume=sum(bar.volume for bar in listed.days),
            price_hint=listed.places,
        )

    async def heard(self, client: Client, message: Frame) -> None:
        asked = json.loads(message)
        client.symbols.difference_update(asked.get("unsubscribe", ()))
        client.symbols.update(symbol for symbol in asked.get("subscribe", ()) if symbol in self.listed)

    # ---------- HTTP ----------

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        if "Mozilla" not in headers.get("User-Agent", ""):
            return Answer(b"Too Many Requests\r\n", 429, "text/plain")
        if path == "/v1/finance/search":
            return _json({"quotes": [*self._found(query["q"]), {"index": "x", "name": "No symbol Inc."}]})
        symbol = unquote(path.removeprefix("/v8/finance/chart/"))
        if symbol not in self.listed:
            words = "No data found, symbol may be delisted"
            return _json({"chart": {"result": None, "error": {"code": "Not Found", "description": words}}}, status=404)
        return _json({"chart": {"result": [self._chart(self.listed[symbol], query)], "error": None}})

    def _found(self, text: str) -> list[dict[str, object]]:
        return [
            {
                "exchange": one.exchange or "NMS",
                "shortname": one.name[:16],
                "longname": one.name,
                "quoteType": one.kind,
                "symbol": one.symbol,
                "isYahooFinance": True,
            }
            for one in self.listed.values()
            if text.lower() in f"{one.symbol} {one.name}".lower() or (one.isin and text.upper() == one.isin)
        ]

    def _chart(self, listed: Listed, query: Mapping[str, str]) -> dict[str, object]:
        chart: dict[str, object] = {"meta": self._meta(listed)}
        bars: Sequence[Bar] = ()
        if "period1" in query:
            begin = datetime.fromtimestamp(int(query["period1"]), UTC)
            end = datetime.fromtimestamp(int(query["period2"]), UTC)
            bars = [bar for bar in listed.days if begin <= opening(bar.day) < end]
            chart["events"] = _events(listed, begin, end)
        if bars:
            # The running day comes last, at the time of its latest price.
            price = listed.price
            rows = [_row(listed, bar) for bar in bars] + [[float32(price)] * 4 + [0]]
            chart["timestamp"] = [*(_seconds(opening(bar.day)) for bar in bars), _seconds(self.now())]
            names = ("open", "high", "low", "close", "volume")
            quote = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        else:
            quote = {}
        return {**chart, "indicators": {"quote": [quote], "adjclose": [{}]}}

    def _meta(self, listed: Listed) -> dict[str, object]:
        today = self.now().astimezone(NEW_YORK).date()
        return {
            "currency": listed.currency,
            "symbol": listed.symbol,
            "exchangeName": listed.exchange or "NMS",
            "instrumentType": listed.kind,
            "regularMarketTime": _seconds(listed.at),
            "exchangeTimezoneName": NEW_YORK.key,
            "regularMarketPrice": float(listed.price),
            "regularMarketVolume": sum(bar.volume for bar in listed.days),
            "chartPreviousClose": float(listed.previous_close),
            "priceHint": listed.places,
            "longName": listed.name,
            "shortName": listed.name[:16],
            "currentTradingPeriod": {
                "regular": {"start": _seconds(opening(today)), "end": _seconds(_local(today, CLOSES))}
            },
            "dataGranularity": "1d",
        }


def opening(day: date) -> datetime:
    """When New York opens."""
    return _local(day, OPENS)


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=NEW_YORK)


def _row(listed: Listed, bar: Bar) -> list[float | int]:
    ratio = _ratio_after(listed, bar.day)
    prices = [float32(Fraction(price) / ratio) for price in (bar.open, bar.high, bar.low, bar.close)]
    return [*prices, round(bar.volume * ratio)]


def _ratio_after(listed: Listed, day: date) -> Fraction:
    ratio = Fraction(1)
    for ex_date, (new, old) in listed.splits.items():
        if ex_date > day:
            ratio *= Fraction(new, old)
    return ratio


def _events(listed: Listed, begin: datetime, end: datetime) -> dict[str, object]:
    dividends = {
        str(_seconds(opening(day))): {
            "amount": round(float(Fraction(amount) / _ratio_after(listed, day)), 6),
            "date": _seconds(opening(day)),
        }
        for day, amount in listed.dividends.items()
        if begin <= opening(day) < end
    }
    splits = {
        str(_seconds(opening(day))): {
            "date": _seconds(opening(day)),
            "numerator": float(new),
            "denominator": float(old),
            "splitRatio": f"{new}:{old}",
        }
        for day, (new, old) in listed.splits.items()
        if begin <= opening(day) < end
    }
    return {"dividends": dividends, "splits": splits}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _json(value: object, *, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)


def _field(number: int, kind: str, value: Value) -> bytes:
    match kind:
        case "text":
            raw = str(value).encode()
            return _varint(number << 3 | 2) + _varint(len(raw)) + raw
        case "float":
            return _varint(number << 3 | 5) + struct.pack("<f", float(value))
        case "double":
            return _varint(number << 3 | 1) + struct.pack("<d", float(value))
        case "signed":
            whole = int(value)
            return _varint(number << 3) + _varint(whole << 1 if whole >= 0 else (-whole << 1) - 1)
        case _:
            return _varint(number << 3) + _varint(int(value))


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)
