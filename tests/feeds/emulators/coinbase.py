"""Coinbase Advanced Trade on loopback: tickers, heartbeats, and the public answers over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal

from websockets.datastructures import Headers

from tests.feeds.emulators.emulator import Answer, Client, Emulator, Frame, Listed

PRODUCTS = "/api/v3/brokerage/market/products"


def stamp(at: datetime) -> str:
    """A time as Coinbase writes it, with nine digits of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def envelope(channel: str, events: list[object], *, number: int, at: datetime) -> str:
    """A message of a channel."""
    return json.dumps(
        {"channel": channel, "client_id": "", "timestamp": stamp(at), "sequence_num": number, "events": events}
    )


def ticker(product: str, price: Decimal | str) -> dict[str, str]:
    """A ticker; all its numbers are strings."""
    return {"type": "ticker", "product_id": product, "price": str(price), "volume_24_h": "1", "best_bid": str(price)}


class CoinbaseEmulator(Emulator):
    """The vendor. It counts the messages of each connection, and can skip numbers (`skips`)."""

    heartbeat_seconds = 0.05
    skips = 0

    def number(self, client: Client) -> int:
        """The number of the next message to a client."""
        number = int(str(client.notes.get("number", 0))) + self.skips
        self.skips = 0
        client.notes["number"] = number + 1
        return number

    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        events: list[object] = [{"type": "update", "tickers": [ticker(listed.symbol, listed.price)]}]
        return envelope("ticker", events, number=self.number(client), at=listed.at)

    async def heard(self, client: Client, message: Frame) -> None:
        try:
            asked = json.loads(message)
            kind, channel, products = asked["type"], asked["channel"], asked.get("product_ids", [])
        except (ValueError, KeyError):
            await client.say(json.dumps({"type": "error", "message": "failure to parse"}))
            return
        if channel == "heartbeats":
            client.notes["beats"] = True
        elif kind == "subscribe":
            known = [product for product in products if product in self.listed]
            client.symbols.update(known)
            told: list[object] = [ticker(product, self.listed[product].price) for product in known]
            now, number = datetime.now(UTC), self.number(client)
            await client.say(envelope("ticker", [{"type": "snapshot", "tickers": told}], number=number, at=now))
        else:
            client.symbols.difference_update(products)
        streamed: dict[str, list[str]] = {}
        if client.symbols:
            streamed["ticker"] = sorted(client.symbols)
        if client.notes.get("beats"):
            streamed["heartbeats"] = ["heartbeats"]
        events: list[object] = [{"subscriptions": streamed}]
        await client.say(envelope("subscriptions", events, number=self.number(client), at=datetime.now(UTC)))

    async def heartbeat(self, client: Client) -> None:
        if client.notes.get("beats"):
            now = datetime.now(UTC)
            counter = int(str(client.notes.get("number", 0)))
            events: list[object] = [{"current_time": f"{now} UTC m=+1", "heartbeat_counter": counter}]
            await client.say(envelope("heartbeats", events, number=self.number(client), at=now))

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        if path == PRODUCTS:
            return _json({"products": [self._product(one) for one in self.listed.values()]})
        symbol, _, question = path.removeprefix(f"{PRODUCTS}/").partition("/")
        listed = self.listed.get(symbol)
        if listed is None:
            return _json({"error": "NOT_FOUND", "error_details": "valid product_id is required"}, status=404)
        match question:
            case "ticker":
                trade = {"trade_id": "1", "price": str(listed.price), "size": "1", "time": stamp(listed.at)}
                return _json({"trades": [trade], "best_bid": str(listed.price), "best_ask": str(listed.price)})
            case "candles":
                return _json({"candles": _candles(listed, query)})
            case _:
                return _json(self._product(listed))

    def _product(self, listed: Listed) -> dict[str, str]:
        base, _, quote = listed.symbol.partition("-")
        return {
            "product_id": listed.symbol,
            "price": str(listed.price),
            "base_name": listed.name,
            "base_currency_id": base,
            "quote_currency_id": quote,
            "quote_increment": "0.01",
        }


def _candles(listed: Listed, query: Mapping[str, str]) -> list[dict[str, str]]:
    begin, end = int(query["start"]), int(query["end"])
    candles = []
    for bar in sorted(listed.days, key=lambda one: one.day, reverse=True):
        start = int(datetime.combine(bar.day, time(), tzinfo=UTC).timestamp())
        if begin <= start <= end:
            prices = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close, "volume": bar.volume}
            candles.append({"start": str(start), **{name: str(value) for name, value in prices.items()}})
    return candles[:350]


def _json(value: object, *, status: int = 200) -> Answer:
    return Answer(json.dumps(value).encode(), status)
