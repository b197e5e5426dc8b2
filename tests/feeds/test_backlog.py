from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.feeds.made_up import settle
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.backlog import Backlog
from tickfolio.feeds.feed import FeedQuote

AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def quote(symbol: str, price: int) -> FeedQuote:
    return FeedQuote(Symbol(symbol), Decimal(price), source_time=AT, received_time=AT)


def told(quotes: list[FeedQuote]) -> list[str]:
    return [f"{one.symbol}{one.price}" for one in quotes]


async def all_of(backlog: Backlog) -> list[FeedQuote]:
    backlog.close()
    return [one async for one in backlog.read()]


async def test_within_its_room_everything_comes_in_order() -> None:
    backlog = Backlog(room=4)
    backlog.put([quote("A", 1), quote("B", 2)])
    backlog.put([quote("A", 3), quote("A", 4)])
    assert len(backlog) == 4
    assert told(await all_of(backlog)) == ["A1", "B2", "A3", "A4"]
    assert backlog.dropped == 0


async def test_beyond_its_room_each_symbol_stands_where_its_newest_price_stood() -> None:
    backlog = Backlog(room=4)
    backlog.put([quote("A", 1), quote("B", 2), quote("C", 3), quote("B", 4), quote("A", 5)])
    assert backlog.dropped == 2
    assert told(await all_of(backlog)) == ["C3", "B4", "A5"]


async def test_more_symbols_than_room_are_all_kept() -> None:
    backlog = Backlog(room=2)
    for price in (1, 2, 3):
        backlog.put([quote(symbol, price) for symbol in "ABCDE"])
    assert told(await all_of(backlog))[-5:] == ["A3", "B3", "C3", "D3", "E3"]


@given(puts=st.lists(st.lists(st.sampled_from("ABCDEFG"), max_size=6), max_size=60), room=st.integers(1, 8))
def test_it_never_grows_beyond_its_bound_and_loses_no_newest_price(puts: list[list[str]], room: int) -> None:
    async def check() -> None:
        backlog = Backlog(room=room)
        newest: dict[str, int] = {}
        count = 0
        for part in puts:
            quotes = []
            for symbol in part:
                count += 1
                newest[symbol] = count
                quotes.append(quote(symbol, count))
            backlog.put(quotes)
            assert len(backlog) <= max(room, 2 * len(newest))
        left = await all_of(backlog)
        assert count == len(left) + backlog.dropped
        assert {one.symbol: int(one.price) for one in left} == newest
        assert [one.price for one in left] == sorted(one.price for one in left)

    asyncio.run(check())


async def test_who_waits_gets_what_comes_and_ends_with_the_last() -> None:
    backlog = Backlog()
    got: list[FeedQuote] = []

    async def read() -> None:
        async for one in backlog.read():
            got.append(one)  # noqa: PERF401  # one by one, as they come

    reader = asyncio.create_task(read())
    await settle()
    backlog.put([quote("A", 1)])
    await settle()
    assert told(got) == ["A1"]
    backlog.put([quote("A", 2)])
    backlog.close()
    await asyncio.wait_for(reader, 60)
    assert told(got) == ["A1", "A2"]
