"""The note of a portfolio about an instrument."""

from __future__ import annotations

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import Book, add, book, person, purchase, share
from tests.services.recorded_days import MONDAY
from tickfolio.domain.instruments import Symbol
from tickfolio.errors import InvalidValue, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.models import InstrumentRecord
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.instrument_notes import MAX_TEXT, NO_NOTE, NoteSeen, note_of, note_write
from tickfolio.services.instruments import instrument_rename
from tickfolio.services.manual_prices import offered_take
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
WINE = Symbol("WINE")
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


# ---------- Of an instrument that only the portfolio knows ----------


def with_wine(mine: Book) -> Book:
    """Has the portfolio book a cask of wine that no feed knows."""
    add(mine, purchase(mine, symbol=WINE, currency="USD", creates_instrument=True, instrument_name="A cask"))
    return mine


def test_an_instrument_of_the_portfolios_own_has_one_too(mine: Book) -> None:
    with_wine(mine)
    assert read(mine, symbol=WINE) == NO_NOTE
    first = write(mine, "  In the cellar.  ", symbol="wine")
    assert (first.text, first.version, first.changed_by) == ("In the cellar.", 1, "alice@example.org")
    with pytest.raises(VersionConflict):
        write(mine, "Mine.", symbol=WINE)
    assert (write(mine, "Drunk.", 1, symbol=WINE).version, read(mine, symbol=WINE).text) == (2, "Drunk.")
    other = book(person("oscar"))
    with pytest.raises(InvalidValue):
        write(other, "Mine.", symbol=WINE)
    with pytest.raises(NotFound):
        read(mine, actor=other.owner, symbol=WINE)
    with pytest.raises(NotFound):
        write(mine, "Mine.", 2, actor=other.owner, symbol=WINE)
    with pytest.raises(NotAllowed):
        write(mine, "Mine.", 2, actor=share(mine, "vera", Role.VIEWER), symbol=WINE)


def test_it_is_none_of_what_a_feed_offers_by_the_symbol_until_that_is_taken(mine: Book) -> None:
    write(with_wine(mine), "Of ours.", symbol=WINE)
    instruments_register(instruments=[instrument(WINE)])
    other = book(person("oscar"))
    write(other, "Of the offered one.", symbol=WINE)
    assert (read(mine, symbol=WINE).text, read(other, symbol=WINE).text) == ("Of ours.", "Of the offered one.")
    offered_take(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=WINE)
    assert (read(mine, symbol=WINE).text, read(mine, symbol=WINE).version) == ("Of ours.", 1)
    assert write(mine, "Still ours.", 1, symbol=WINE).version == 2
    assert read(other, symbol=WINE).text == "Of the offered one."


@pytest.mark.parametrize(
    ("ours", "both"), [("Of ours.", "Of ours.\n\nOf before."), ("", "Of before."), (None, "Of before.")]
)
def test_where_both_were_written_both_are_kept(mine: Book, ours: str | None, both: str) -> None:
    instruments_register(instruments=[instrument(WINE)])
    write(mine, "Of before.", symbol=WINE)
    InstrumentRecord.objects.filter(symbol=WINE).update(symbol="CASK")  # else it would not be booked as one's own
    with_wine(mine)
    InstrumentRecord.objects.filter(symbol="CASK").update(symbol=WINE)
    assert read(mine, symbol=WINE) == NO_NOTE
    if ours is not None:
        write(mine, "First.", symbol=WINE)
        write(mine, ours, 1, symbol=WINE)
    offered_take(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=WINE)
    found = read(mine, symbol=WINE)
    assert (found.text, found.version) == (both, 1 if ours is None else 3)
