"""What a page's own thread does in each of its frames, by Chromium's trace: for `./dev bench web`.

A frame is one of the main thread that painted something: from its first callback over style, layout and paint to its commit.
That is what the goal is about. The time between two frames is not: a browser without a screen makes at most sixty a second, so
it is never below 16.7 ms, and no message that a page sends itself is answered before the frame after. Of each frame there are two
times: what passed, and what the thread was at work. They differ where other programs have the processor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

CATEGORIES = ("devtools.timeline", "cc", "__metadata")
MAIN_THREAD = "CrRendererMain"
FRAME, CALLBACK, PAINT = "ProxyMain::BeginMainFrame", "FireAnimationFrame", "Paint"
END_MS = 100

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, in ms."""

    passed: float
    at_work: float
    is_written: bool
    """Whether the page's scripts wrote in it; in others a tint ended."""


def traced(session: CDPSession, page: Page, length: float) -> list[Frame]:
    """The frames of the next `length` ms; `session` is one of the whole browser."""
    events, ended = list[Event](), list[bool]()
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    config = {"includedCategories": CATEGORIES}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    page.wait_for_timeout(length)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(END_MS)
    return list(frames_in(events))


def frames_in(events: Iterable[Event]) -> Iterator[Frame]:
    """The frames of the page that did most: a browser has other pages of its own."""
    kept = [event for event in events if event.get("ph") in ("X", "M")]
    main = {_thread(event) for event in kept if event["name"] == "thread_name" and event["args"]["name"] == MAIN_THREAD}
    parts = [event for event in kept if event["ph"] == "X" and _thread(event) in main]
    if not parts:
        return
    [(busiest, _)] = Counter(map(_thread, parts)).most_common(1)
    own = sorted(
        (event for event in parts if _thread(event) == busiest), key=lambda event: (event["ts"], -event["dur"])
    )
    frame: Event | None = None
    names = set[str]()
    for event in own:
        if event["name"] == FRAME:
            yield from _frame(frame, names)
            frame, names = event, set()
        elif frame is not None and event["ts"] < frame["ts"] + frame["dur"]:
            names.add(event["name"])
    yield from _frame(frame, names)


def _frame(frame: Event | None, names: set[str]) -> Iterator[Frame]:
    if frame is not None and PAINT in names:
        yield Frame(frame["dur"] / 1000, frame.get("tdur", frame["dur"]) / 1000, CALLBACK in names)


def _thread(event: Event) -> tuple[int, int]:
    return event["pid"], event["tid"]
