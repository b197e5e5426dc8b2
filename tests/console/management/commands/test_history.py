"""`tickfolio history` as an operator uses it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tests.services.recorded_days import FRIDAY, MONDAY, NOW, WEDNESDAY, clock, history
from tickfolio.services.history_tasks import history_answered, history_postpone, history_wanted

__all__ = ["clock"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def said(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command("history", *words, stdout=out, **options)
    return out.getvalue()


def test_it_tells_how_far_each_has_come_and_has_it_fetched_anew_or_no_more() -> None:
    assert said() == "No history has been asked for yet.\n"
    mine = book(person("alice"))
    add(mine, deposit(mine))
    add(mine, purchase(mine))
    wanted = history_wanted(frozenset({AAPL}), frozenset(), NOW)
    assert wanted is not None
    history_answered(wanted, "first", history({FRIDAY: "100", MONDAY: "101"}), NOW)
    history_postpone(wanted, "Busy.", NOW + timedelta(minutes=5))
    since = date(2010, 3, 1)
    line = (
        f"AAPL: waiting, 2 days up to {MONDAY} since {since}, asked up to {wanted.last}. "
        "Busy. Not before 2026-06-10 21:05 UTC.\n"
    )
    assert said() == line + "0 done, 1 waiting, 0 failed, 0 cancelled; 2 days in all.\n"
    assert said("--cancel", "--symbol", "aapl").splitlines()[0] == "1 will be fetched no more."
    assert history_wanted(frozenset({AAPL}), frozenset(), NOW) is None
    assert said("--again").splitlines()[:2] == [
        "1 will be fetched anew.",
        f"AAPL: waiting, 2 days up to {MONDAY} since {since}.",
    ]
    assert history_wanted(frozenset({AAPL}), frozenset(), NOW) == wanted


def test_what_is_not_fetched_is_an_error() -> None:
    with pytest.raises(CommandError, match="Expected an instrument whose days are fetched, was IBM"):
        said("--symbol", IBM)
    with pytest.raises(CommandError, match="Expected"):
        said("--symbol", "no such symbol")
    with pytest.raises(CommandError, match="not allowed with"):
        said("--again", "--cancel")
    assert WEDNESDAY > MONDAY
