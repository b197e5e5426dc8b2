"""Finnhub on loopback: trades over the socket, and its answers over HTTP, both with a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request

from tests.feeds.emulators.emulator import Answer, Client, Emulator, Frame, Listed

KEY = "sandbox-hunter2"


def trade(symbol: str, price: object, milliseconds: int, volume: int = 1) -> str:
    """A trade as the stream writes it; the price is a number of JSON."""
    return f'{{"s":{json.dumps(symbol)},"p":{price},"t":{milliseconds},"v":{volume},"c":null}}'


def trades(*written: str) -> str:
    """A message of several trades."""
    return f'{{"type":"trade","data":[{",".join(written)}]}}'


class FinnhubEmulator(Emulator):
    """The vendor with its free plan.

    Attributes:
        symbol_limit: how many symbols are streamed at once.
        connection_limit: how many connections a key may have; one more is closed at once.
    """

    heartbeat_seconds = 0.1
    symbol_limit = 50
    connection_limit: int | None = None

    def refusal(self, request: Request) -> int | None:
        token = parse_qs(urlsplit(request.path).query).get("token", [""])[0]
        return None if token == KEY else 401

    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        return trades(trade(listed.symbol, listed.price, int(listed.at.timestamp() * 1000)))

    async def greeted(self, client: Client) -> None:
        if self.connection_limit is not None and len(self.clients) > self.connection_limit:
            await client.connection.close(1008, "too many connections")

    async def heartbeat(self, client: Client) -> None:
        await client.say('{"type":"ping"}')

    async def heard(self, client: Client, message: Frame) -> None:
        try:
            asked = json.loads(message)
            kind, symbol = asked["type"], asked["symbol"]
        except (ValueError, KeyError):
            await client.say(json.dumps({"type": "error", "msg": "Invalid message"}))
            return
        if kind == "unsubscribe":
            client.symbols.discard(symbol)
        elif len(client.symbols) >= self.symbol_limit:
            await client.say(json.dumps({"type": "error", "msg": "Subscribing to too many symbols"}))
        elif symbol in self.listed:  # an unknown one is not answered
            client.symbols.add(symbol)

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        if headers.get("X-Finnhub-Token") != KEY:
            return _json({"error": "Invalid API key."}, status=401)
        listed = self.listed.get(query.get("symbol", ""))
        match path.removeprefix("/api/v1"):
            case "/quote":
                return _json(_quote(listed))
            case "/stock/profile2":
                return _json({} if listed is None else _profile(listed))
            case "/search":
                return _json(self._found(query.get("q", "").upper()))
            case _:
                return _json({"error": "You don't have access to this resource."}, status=403)

    def _found(self, text: str) -> dict[str, object]:
        found = [one for one in self.listed.values() if text in one.symbol or text in one.name.upper()]
        result = [
            {
                "description": one.name.upper(),
                "displaySymbol": one.symbol,
                "symbol": one.symbol,
                "type": "Common Stock" if one.kind == "EQUITY" else "ETP",
            }
            for one in found
        ]
        return {"count": len(result), "result": result}


def _quote(listed: Listed | None) -> dict[str, object]:
    if listed is None:
        return {"c": 0, "d": None, "dp": None, "h": 0, "l": 0, "o": 0, "pc": 0, "t": 0}
    price, close = float(listed.price), float(listed.previous_close)
    return {
        "c": price,
        "d": 0,
        "dp": 0,
        "h": price,
        "l": price,
        "o": price,
        "pc": close,
        "t": int(listed.at.timestamp()),
    }


def _profile(listed: Listed) -> dict[str, str]:
    if listed.kind != "EQUITY":
        return {}
    exchange = listed.exchange or "NASDAQ NMS - GLOBAL MARKET"
    return {
        "ticker": listed.symbol,
        "name": listed.name,
        "currency": listed.currency,
        "exchange": exchange,
        "country": "US",
    }


def _json(value: object, *, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)
