from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book, book, person
from tests.web.test_fast_entry import entry
from tests.web.visits import set_market_clock
from tickfolio.persistence.selectors.instruments import InstrumentMatch
from tickfolio.web.fast_entry_texts import badges_of, choice_of, faults_of, total_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def badges(mine: Book, text: str) -> list[str]:
    return [f"{badge.state}: {badge.text}" for badge in badges_of(entry(mine, text))]


def test_badges_stand_in_the_order_of_the_line_then_what_is_assumed_then_what_is_missing(alices: Book) -> None:
    assert badges(alices, "dividend 45.5 tax 6.83") == [
        "read: Dividend", "read: 45.50 USD", "read: tax 6.83 USD", "assumed: 21 May 2012, today", "assumed: in Broker",
        "fault: instrument",
    ]  # fmt: skip
    assert badges(alices, "10") == ["read: 10", "fault: type"]


def test_a_part_that_is_wrong_stands_as_it_was_typed(alices: Book) -> None:
    assert badges(alices, "deposit 1,23,4 in nowhere")[1:3] == ["fault: 1,23,4", "fault: in nowhere"]


def test_each_fault_is_told_once_and_a_price_that_is_missing_with_why_none_is_suggested(alices: Book) -> None:
    assert faults_of(entry(alices, "buy 1 IBM on 1990-01-02")) == (
        "Expected a number such as 12.5; the field is empty. No price to suggest: no price of IBM is known for 1990-01-02.",
    )
    assert faults_of(entry(alices, "")) == ()


def test_a_settled_currency_and_its_rate_are_told_and_no_total_is_guessed(alices: Book) -> None:
    said = entry(alices, "buy 1 IBM at 190 in EUR rate 0.78")
    assert badges(alices, "buy 1 IBM at 190 in EUR rate 0.78")[4:6] == ["read: settled in EUR", "read: rate 0.78"]
    assert (total_text(said), said.is_ready) == ("", True)


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("buy 2 IBM at 190 fee 1", "−381.00 USD"),
        ("sell 2 IBM total 380 tax 3", "+377.00 USD"),
        ("dividend IBM 10 tax 1.5", "+8.50 USD"),
        ("withdrawal 20", "−20.00 USD"),
        ("buy 2 IBM on 1990-01-02", ""),
        ("buy", ""),
    ],
)
def test_what_it_comes_to_is_told_with_its_sign(alices: Book, line: str, total: str) -> None:
    assert total_text(entry(alices, line)) == total


def test_a_choice_that_is_a_word_as_well_is_put_with_its_mark() -> None:
    assert choice_of(InstrumentMatch("ON", "Onsemi", "XNAS", "USD"))["put"] == "$ON"
    assert choice_of(InstrumentMatch("HOUSE", "House", "", "XXX"))["venue"] == ""
