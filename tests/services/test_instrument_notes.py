"""The note of a portfolio about an instrument."""

from __future__ import annotations

import pytest

from tests.live.market import AAPL, IBM
from tests.services.ledger_entries import Book, book, person, share
from tests.services.recorded_days import MONDAY
from tickfolio.errors import InvalidValue, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.instrument_notes import MAX_TEXT, NO_NOTE, NoteSeen, note_of, note_write
from tickfolio.services.instruments import instrument_rename

pytestmark = pytest.mark.django_db
HOSTILE = ("<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{ 7|add:7 }}", "' OR 1=1 --")


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def write(mine: Book, text: str, version: int = 0, *, actor: Person | None = None, symbol: str = AAPL) -> NoteSeen:
    return note_write(
        actor=actor or mine.owner,
        portfolio_id=mine.portfolio_id,
        symbol=symbol,
        text=text,
        expected_version=version,
    )


def read(mine: Book, *, actor: Person | None = None, symbol: str = AAPL) -> NoteSeen:
    return note_of(actor=actor or mine.owner, portfolio_id=mine.portfolio_id, symbol=symbol)


def test_a_note_is_written_over_and_over_and_says_by_whom(mine: Book) -> None:
    assert read(mine) == NO_NOTE
    first = write(mine, "  Bought for good.\r\n\r\nSee the report.  ")
    assert (first.text, first.version, first.changed_by) == (
        "Bought for good.\n\nSee the report.",
        1,
        "alice@example.org",
    )
    second = write(mine, "Sold half.", 1)
    assert (second.version, read(mine)) == (2, second)
    assert read(mine, symbol=IBM) == NO_NOTE


def test_an_empty_text_is_no_note_and_keeps_counting(mine: Book) -> None:
    write(mine, "Bought for good.")
    assert (write(mine, " ", 1).text, read(mine).version) == ("", 2)


def test_nobody_writes_over_what_they_have_not_seen(mine: Book) -> None:
    write(mine, "Bought for good.")
    with pytest.raises(VersionConflict):
        write(mine, "Mine.")
    with pytest.raises(VersionConflict):
        write(mine, "Mine.", 2)
    assert read(mine).text == "Bought for good."


def test_members_read_it_editors_write_it_and_others_know_nothing_of_it(mine: Book) -> None:
    editor, viewer, other = share(mine, "emma", Role.EDITOR), share(mine, "vera", Role.VIEWER), person("oscar")
    write(mine, "Bought for good.", actor=editor)
    assert read(mine, actor=viewer).changed_by == "emma@example.org"
    with pytest.raises(NotAllowed):
        write(mine, "Mine.", 1, actor=viewer)
    with pytest.raises(NotFound):
        write(mine, "Mine.", 1, actor=other)
    with pytest.raises(NotFound):
        read(mine, actor=other)


def test_each_portfolio_has_its_own(mine: Book) -> None:
    another = book(mine.owner, name="Trading")
    write(mine, "Of the one.")
    assert read(another) == NO_NOTE
    write(another, "Of the other.")
    assert (read(mine).text, read(another).text) == ("Of the one.", "Of the other.")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_code_is_kept_as_it_was_typed(mine: Book, text: str) -> None:
    assert write(mine, text).text == text


@pytest.mark.parametrize("text", ["a" * (MAX_TEXT + 1), "turned \u202e around", "bell \x07", "null \x00"])
def test_a_text_that_is_too_long_or_cannot_be_seen_is_refused(mine: Book, text: str) -> None:
    with pytest.raises(InvalidValue):
        write(mine, text)
    assert read(mine) == NO_NOTE
    assert write(mine, "a" * MAX_TEXT).version == 1


def test_an_instrument_that_nobody_knows_has_none(mine: Book) -> None:
    with pytest.raises(InvalidValue):
        write(mine, "Mine.", symbol="NOBODY")


def test_it_stays_with_an_instrument_that_changes_its_symbol(mine: Book) -> None:
    write(mine, "Bought for good.")
    instrument_rename(symbol=AAPL, new_symbol="PEAR", since=MONDAY)  # type: ignore[arg-type]  # a symbol
    assert read(mine, symbol="PEAR").text == "Bought for good."
