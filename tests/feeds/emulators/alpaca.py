"""Alpaca on loopback: its stream in JSON, and its answers about prices, days and corporate actions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from websockets.datastructures import Headers

from tests.feeds.emulators.emulator import Answer, Client, Emulator, Frame, Listed

KEY, SECRET = "PKTEST", "not-a-secret"
NEW_YORK = ZoneInfo("America/New_York")
SYMBOL_LIMIT = 30


def stamp(at: datetime) -> str:
    """A time as Alpaca writes it, with nine digits of a second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def trade(symbol: str, price: str | Decimal, at: datetime, **more: object) -> str:
    """A trade as the stream writes it; `more` replaces fields."""
    fields = {"i": 1, "x": "V", "s": 100, "c": ["@"], "z": "C", **more}
    rest = "".join(f",{json.dumps(name)}:{json.dumps(value)}" for name, value in fields.items())
    return f'{{"T":"t","S":{json.dumps(symbol)},"p":{price},"t":"{stamp(at)}"{rest}}}'


class AlpacaEmulator(Emulator):
    """The vendor, with one plan.

    Attributes:
        ws_path: the stream that the plan offers; snapshots must be asked of the same tape.
        page_size: how many bars or actions are in a page.
        connection_limit: how many connections a key may have.
    """

    ws_path = "/v2/iex"
    page_size = 10_000
    connection_limit = 1

    # ---------- The stream ----------

    def tick_frame(self, listed: Listed, client: Client) -> Frame:
        identifier = client.notes["id"] = int(str(client.notes.get("id", 0))) + 1
        return f"[{trade(listed.symbol, listed.price, listed.at, i=identifier)}]"

    async def greeted(self, client: Client) -> None:
        await client.say('[{"T":"success","msg":"connected"}]')

    async def heard(self, client: Client, message: Frame) -> None:
        try:
            asked = json.loads(message)
            action = asked["action"]
        except (ValueError, KeyError, TypeError):
            await self._fail(client, 400, "invalid syntax")
            return
        if action == "auth":
            await self._signed_in(client, asked)
        elif not client.is_welcome:
            await self._fail(client, 401, "not authenticated")
        elif action in ("subscribe", "unsubscribe"):
            await self._subscribed(client, action, set(asked.get("trades", [])))
        else:
            await self._fail(client, 400, "invalid syntax")

    async def _signed_in(self, client: Client, asked: Mapping[str, object]) -> None:
        if client.is_welcome:
            await self._fail(client, 403, "already authenticated")
        elif (asked.get("key"), asked.get("secret")) != (KEY, SECRET):
            await self._fail(client, 402, "auth failed")
        elif sum(one.is_welcome for one in self.clients) >= self.connection_limit:
            await self._fail(client, 406, "connection limit exceeded")
        else:
            client.is_welcome = True
            await client.say('[{"T":"success","msg":"authenticated"}]')

    async def _subscribed(self, client: Client, action: str, symbols: set[str]) -> None:
        known = {symbol for symbol in symbols if symbol in self.listed}
        streamed = client.symbols | known if action == "subscribe" else client.symbols - symbols
        if len(streamed) > SYMBOL_LIMIT:
            await self._fail(client, 405, "symbol limit exceeded")
            return
        client.symbols = streamed
        trades = sorted(streamed)
        echo = {"T": "subscription", "trades": trades, "quotes": [], "bars": [], "updatedBars": [], "dailyBars": []}
        await client.say(
            json.dumps([echo | {"statuses": [], "lulds": [], "corrections": trades, "cancelErrors": trades}])
        )

    async def _fail(self, client: Client, code: int, text: str) -> None:
        await client.say(json.dumps([{"T": "error", "code": code, "msg": text}]))

    # ---------- Answers ----------

    def answer(self, path: str, query: Mapping[str, str], headers: Headers) -> Answer:
        if (headers.get("APCA-API-KEY-ID"), headers.get("APCA-API-SECRET-KEY")) != (KEY, SECRET):
            return Answer(b'{"message": "forbidden."}\n', 403)
        symbols = query.get("symbols", "").split(",")
        if wrong := next((symbol for symbol in symbols if "0" in symbol and symbol not in self.listed), None):
            return Answer(json.dumps({"message": f"invalid symbol: {wrong}"}).encode(), 400)
        match path:
            case "/v2/stocks/snapshots":
                if query.get("feed") != self.ws_path.rpartition("/")[2]:
                    return Answer(b'{"message":"subscription does not permit querying recent SIP data"}', 403)
                bodies = [self._snapshot(self.listed[symbol]) for symbol in symbols if symbol in self.listed]
                return Answer(f"{{{','.join(bodies)}}}".encode())
            case "/v2/stocks/bars":
                return self._bars(symbols[0], query)
            case "/v1/corporate-actions":
                return self._actions(symbols[0], query)
            case _:
                return Answer(b'{"message":"Not Found"}', 404)

    def _snapshot(self, listed: Listed) -> str:
        day = listed.at.astimezone(NEW_YORK).date()
        bar = _bar(day, *(str(listed.price),) * 4)
        before = _bar(date.fromordinal(day.toordinal() - 1), *(str(listed.previous_close),) * 4)
        latest = f'{{"t":"{stamp(listed.at)}","x":"V","p":{listed.price},"s":100,"c":["@"],"i":7,"z":"C"}}'
        return f'"{listed.symbol}":{{"latestTrade":{latest},"dailyBar":{bar},"minuteBar":null,"prevDailyBar":{before}}}'

    def _bars(self, symbol: str, query: Mapping[str, str]) -> Answer:
        listed = self.listed.get(symbol)
        assert (query["timeframe"], query["adjustment"], query["feed"]) == ("1Day", "raw", "sip")
        first, last = date.fromisoformat(query["start"]), datetime.fromisoformat(query["end"])
        days = [] if listed is None else [one for one in listed.days if first <= one.day and _midnight(one.day) <= last]
        start = int(query.get("page_token", "0"))
        shown = [
            _bar(one.day, str(one.open), str(one.high), str(one.low), str(one.close))
            for one in days[start : start + self.page_size]
        ]
        page = _page(start, self.page_size, len(days))
        bars = f'"{symbol}":[{",".join(shown)}]' if shown else ""
        return Answer(f'{{"bars":{{{bars}}},"next_page_token":{page}}}'.encode())

    def _actions(self, symbol: str, query: Mapping[str, str]) -> Answer:
        listed = self.listed.get(symbol)
        dividends: list[str] = []
        forward: list[str] = []
        reverse: list[str] = []
        for day, amount in sorted(listed.dividends.items() if listed else ()):
            shown = f'{{"id":"d{day}","symbol":"{symbol}","cusip":"0","rate":{amount},"special":false,"foreign":false,'
            dividends.append(f'{shown}"process_date":"{day}","ex_date":"{day}","payable_date":"{day}"}}')
        for day, (new, old) in sorted(listed.splits.items() if listed else ()):
            shown = f'{{"id":"s{day}","symbol":"{symbol}","new_rate":{new},"old_rate":{old},'
            (forward if new > old else reverse).append(f'{shown}"process_date":"{day}","ex_date":"{day}"}}')
        start = int(query.get("page_token", "0"))
        kinds = {"cash_dividends": dividends, "forward_splits": forward, "reverse_splits": reverse}
        everything = [(kind, one) for kind, actions in kinds.items() for one in actions]
        part = everything[start : start + self.page_size]
        named = [
            f'"{kind}":[{",".join(one for of, one in part if of == kind)}]' for kind in kinds if kind in dict(part)
        ]
        page = _page(start, self.page_size, len(everything))
        return Answer(f'{{"corporate_actions":{{{",".join(named)}}},"next_page_token":{page}}}'.encode())


def _bar(day: date, opened: str, high: str, low: str, close: str) -> str:
    start = _midnight(day).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f'{{"t":"{start}","o":{opened},"h":{high},"l":{low},"c":{close},"v":1000,"n":9,"vw":{close}}}'


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=NEW_YORK).astimezone(UTC)


def _page(start: int, size: int, count: int) -> str:
    return f'"{start + size}"' if start + size < count else "null"
