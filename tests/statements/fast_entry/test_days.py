from datetime import date, time

import pytest

from tests.statements.fast_entry.lines import TODAY
from tickfolio.statements.fast_entry.days import read_day, read_time
from tickfolio.statements.fast_entry.tokens import tokens_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("vorgestern", date(2026, 4, 18)),
        ("monday", TODAY),
        ("Dienstag", date(2026, 4, 14)),
        ("2026-04-16", date(2026, 4, 16)),
        ("16.4.", date(2026, 4, 16)),
        ("16.4.2025", date(2025, 4, 16)),
        ("16.4.25", date(2025, 4, 16)),
        ("16.4.95", date(1995, 4, 16)),
        ("16/4", date(2026, 4, 16)),
        ("4/16/2025", date(2025, 4, 16)),
        ("4/4/2025", date(2025, 4, 4)),
        ("16 apr", date(2026, 4, 16)),
        ("Apr 16", date(2026, 4, 16)),
        ("16th april 2024", date(2024, 4, 16)),
        ("16. Mai", date(2025, 5, 16)),
        ("29 feb", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_and_without_a_year_it_is_the_last_such_day(text: str, day: date) -> None:
    found = read_day(tokens_of(text), today=TODAY, is_led=False)
    assert found is not None
    assert (found.value, found.count) == (day, len(text.split()))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("3/4/2026", "Expected a day such as 2012-05-21, was 3/4/2026, which may be two days."),
        ("31.2.2026", "Expected a day that there is, was 31.2.2026."),
        ("31 feb", "Expected a day that there is, was 31 feb."),
        ("0000-01-01", "Expected a day that there is, was 0000-01-01."),
    ],
)
def test_a_day_that_is_none_or_may_be_two_is_refused(text: str, fault: str) -> None:
    found = read_day(tokens_of(text), today=TODAY, is_led=False)
    assert found is not None
    assert (found.value, found.fault) == (None, fault)


def test_a_number_is_a_day_and_a_symbol_a_month_only_after_a_word_that_says_so() -> None:
    for text in ("16.4", "10 MAR"):
        assert read_day(tokens_of(text), today=TODAY, is_led=False) is None
        assert read_day(tokens_of(text), today=TODAY, is_led=True) is not None
    assert read_day(tokens_of('"today"'), today=TODAY, is_led=False) is None
    assert read_day([], today=TODAY, is_led=True) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30", time(9, 30)),
        ("09:30:05", time(9, 30, 5)),
        ("3pm", time(15)),
        ("12am", time(0)),
        ("3:30PM", time(15, 30)),
    ],
)
def test_a_time_is_read(text: str, clock: time) -> None:
    found = read_time(tokens_of(text))
    assert found is not None
    assert found.value == clock


@pytest.mark.parametrize("text", ["25:00", "9:60", "13pm", "0am"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    found = read_time(tokens_of(text))
    assert found is not None
    assert (found.value, found.fault) == (None, f"Expected a time such as 15:30, was {text}.")


def test_a_word_is_no_time() -> None:
    assert [read_time(tokens_of(text)) for text in ("10", "AAPL", "", '"9:30"')] == [None] * 4
