"""How often Python looks for cycles."""

from __future__ import annotations

import gc
import threading

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.runtime.collector import COLLECT_AFTER, collect_rarely, not_collecting


def test_cycles_are_looked_for_rarely() -> None:
    before = gc.get_threshold()
    try:
        collect_rarely()
        assert gc.get_threshold() == COLLECT_AFTER
        assert gc.isenabled()
    finally:
        gc.set_threshold(*before)


def test_the_collector_rests_and_is_as_before_afterwards() -> None:
    assert gc.isenabled()
    with not_collecting():
        assert not gc.isenabled()
        with not_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(InvalidValue), not_collecting():
        raise InvalidValue("none")
    assert gc.isenabled()


def test_one_that_was_switched_off_stays_so() -> None:
    gc.disable()
    try:
        with not_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_rests_until_the_last_thread_is_done() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def read() -> None:
        with not_collecting():
            begun.set()
            may_end.wait(timeout=30)

    other = threading.Thread(target=read)
    with not_collecting():
        other.start()
        assert begun.wait(timeout=30)
    assert not gc.isenabled()
    may_end.set()
    other.join()
    assert gc.isenabled()
