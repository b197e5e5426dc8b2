"""Questions to the process that reads the feeds."""

from __future__ import annotations

import asyncio

import pytest

from tests.live.market import AAPL, SetClock, instrument
from tests.runtime.test_remote_market import market
from tickfolio.errors import FeedUnavailable
from tickfolio.live.bus.port import Answered, Asked, QuestionKind
from tickfolio.runtime.remote_desk import MOST_QUESTIONS, RemoteDesk


class Asking:
    """A desk, and the questions that it published."""

    def __init__(self, *, seconds: float = 20) -> None:
        self.asked: list[Asked] = []
        self.market = market(SetClock())
        self.desk = RemoteDesk(self.market, publish=self.asked.append, seconds=seconds)

    async def next_question(self) -> Asked:
        async with asyncio.timeout(20):
            while not self.asked:
                await asyncio.sleep(0)
        return self.asked.pop()


async def test_what_is_found_is_known_from_then_on() -> None:
    asking = Asking()
    finding = asyncio.create_task(asking.desk.find(AAPL))
    question = await asking.next_question()
    assert (question.kind, question.text) == (QuestionKind.FIND, AAPL)
    asking.desk.take(Answered("another's question"))
    asking.desk.take(Answered(question.question, (instrument(),)))
    asking.desk.take(Answered(question.question, (instrument(),)))
    assert await finding == instrument()
    assert asking.market.instruments() == (instrument(),)


async def test_what_is_only_described_is_not() -> None:
    asking = Asking()
    describing = asyncio.create_task(asking.desk.describe(AAPL))
    question = await asking.next_question()
    asking.desk.take(Answered(question.question, (instrument(),)))
    assert await describing == instrument()
    assert question.kind is QuestionKind.DESCRIBE
    assert asking.market.instruments() == ()


async def test_what_nobody_knows_is_none() -> None:
    asking = Asking()
    finding = asyncio.create_task(asking.desk.find(AAPL))
    asking.desk.take(Answered((await asking.next_question()).question))
    assert await finding is None


async def test_a_search_has_all_answers() -> None:
    asking = Asking()
    searching = asyncio.create_task(asking.desk.search("apple"))
    question = await asking.next_question()
    asking.desk.take(Answered(question.question, (instrument(),)))
    assert await searching == (instrument(),)
    assert (question.kind, question.text) == (QuestionKind.SEARCH, "apple")


async def test_feeds_that_could_not_say_are_unavailable_with_their_own_words() -> None:
    asking = Asking()
    finding = asyncio.create_task(asking.desk.find(AAPL))
    asking.desk.take(Answered((await asking.next_question()).question, failure="The budget is spent."))
    with pytest.raises(FeedUnavailable, match="The budget is spent"):
        await finding


async def test_where_nobody_answers_it_is_said_what_to_look_at() -> None:
    with pytest.raises(FeedUnavailable, match="Is `tickfolio feeds` running"):
        await Asking(seconds=0.01).desk.find(AAPL)


async def test_no_more_than_so_much_is_asked_at_once() -> None:
    asking = Asking()
    waiting = [asyncio.create_task(asking.desk.find(AAPL)) for _ in range(MOST_QUESTIONS)]
    await asyncio.sleep(0)
    with pytest.raises(FeedUnavailable, match="too much is asked for at once"):
        await asking.desk.find(AAPL)
    await asking.desk.stop()
    assert all(
        isinstance(each, asyncio.CancelledError) for each in await asyncio.gather(*waiting, return_exceptions=True)
    )
