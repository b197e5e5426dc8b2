import asyncio
import threading

from tickfolio.live.bus.port import AccessChanged, BusMessage, PortfolioChanged
from tickfolio.runtime import wake

PORTFOLIO = "3d7d6a54-7a4c-4c15-9a5e-3d5f7c2f8a10"


async def test_wake_up_from_another_thread_is_published_on_the_loop() -> None:
    heard: list[tuple[BusMessage, int]] = []
    is_complete = asyncio.Event()

    def publish(message: BusMessage) -> None:
        heard.append((message, threading.get_ident()))
        if len(heard) == 2:
            is_complete.set()

    wake.waker.attach(asyncio.get_running_loop(), publish)
    try:
        await asyncio.to_thread(wake.portfolio_changed, PORTFOLIO, 7)
        await asyncio.to_thread(wake.access_changed, 5)
        await asyncio.wait_for(is_complete.wait(), 5)
    finally:
        wake.waker.detach(publish)
    here = threading.get_ident()
    assert heard == [(PortfolioChanged(PORTFOLIO, 7), here), (AccessChanged(5), here)]


def test_without_an_engine_nothing_happens() -> None:
    waker = wake.Waker()
    waker.publish(AccessChanged(5))


def test_loop_that_has_just_been_closed_is_no_error() -> None:
    heard: list[BusMessage] = []
    loop = asyncio.new_event_loop()
    loop.close()
    waker = wake.Waker()
    waker.attach(loop, heard.append)
    waker.publish(AccessChanged(5))
    assert heard == []


async def test_after_the_engine_has_left_nothing_is_published() -> None:
    heard: list[BusMessage] = []
    waker = wake.Waker()
    waker.attach(asyncio.get_running_loop(), heard.append)
    waker.detach(heard.append)
    waker.publish(AccessChanged(5))
    await asyncio.sleep(0)
    assert heard == []
