from typing import Any

import pytest

from benchmarks.web_trace import CALLBACK, FRAME, MAIN_THREAD, PAINT, Frame, frames_in, traced

PAGE, OTHER, COMPOSITOR = 1, 2, 3


def part(name: str, at: int, ms: float, *, work: float | None = None, thread: int = PAGE) -> dict[str, Any]:
    times = {"ts": at * 1000, "dur": ms * 1000} | ({} if work is None else {"tdur": work * 1000})
    return {"ph": "X", "name": name, "pid": 7, "tid": thread, **times}


def called(thread: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": "thread_name", "pid": 7, "tid": thread, "args": {"name": name}}


EVENTS = [
    called(PAGE, MAIN_THREAD),
    called(OTHER, MAIN_THREAD),
    called(COMPOSITOR, "Compositor"),
    part(PAINT, 12, 2),
    part(CALLBACK, 10, 1),
    part(FRAME, 10, 9, work=6),
    part(FRAME, 30, 4, work=3),
    part(PAINT, 31, 1),
    # Nothing was painted in the first, and nothing of it is of the second.
    part(FRAME, 50, 1, work=1),
    part(PAINT, 70, 1),
    *(part("Task", 80 + at, 1) for at in range(5)),
    # Another page of the browser, and another thread.
    part(FRAME, 11, 99, thread=OTHER),
    part(PAINT, 12, 1, thread=OTHER),
    *(part(PAINT, 10, 1, thread=COMPOSITOR) for _ in range(50)),
]


def test_frames_are_those_of_the_page_that_painted() -> None:
    assert list(frames_in(EVENTS)) == [
        Frame(passed=9, at_work=6, is_written=True),
        Frame(passed=4, at_work=3, is_written=False),
    ]


def test_without_a_page_there_is_none() -> None:
    assert list(frames_in([])) == []


def test_a_trace_is_waited_for_to_its_end() -> None:
    class Browser:
        def __init__(self) -> None:
            self.told: dict[str, Any] = {}
            self.sent: list[str] = []

        def on(self, name: str, work: Any) -> None:
            self.told[name] = work

        def send(self, name: str, _config: object = None) -> None:
            self.sent.append(name)

    class Page:
        waited = 0.0

        def wait_for_timeout(self, ms: float) -> None:
            self.waited += ms
            if browser.sent[-1] == "Tracing.end":
                browser.told["Tracing.dataCollected"]({"value": EVENTS})
                browser.told["Tracing.tracingComplete"]({})

    browser, page = Browser(), Page()
    frames = traced(browser, page, 5_000)  # type: ignore[arg-type]  # stand-ins for a browser's
    assert [frame.passed for frame in frames] == [9, 4]
    assert page.waited == pytest.approx(5_100)
