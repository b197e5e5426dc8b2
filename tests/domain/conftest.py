"""Coverage is measured on the first examples of a law only: to trace each of hundreds takes as long as to try them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from typing import Any

import pytest
from coverage import Coverage

TRACED = 200
"""How many examples of a law are traced. All others are tried as well, and what only they reach counts as not reached."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Lets the tracer rest from the example on that is one too many, until the test is over."""
    law = getattr(getattr(item, "obj", None), "hypothesis", None)
    tracer = Coverage.current()
    if law is None or tracer is None:
        return (yield)
    tried = law.inner_test
    law.inner_test, rest = _counted(tried, tracer)
    try:
        return (yield)
    finally:
        law.inner_test = tried
        rest()


def _counted(tried: Callable[..., Any], tracer: Coverage) -> tuple[Callable[..., Any], Callable[[], None]]:
    """A law's function that stops the tracer after so many calls, and what starts it again if it did."""
    calls = 0

    @functools.wraps(tried)
    def counts(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == TRACED + 1:
            tracer.stop()
        return tried(*arguments, **named)

    def starts_again() -> None:
        if calls > TRACED:
            tracer.start()

    return counts, starts_again
