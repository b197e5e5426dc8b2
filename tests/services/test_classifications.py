"""What the instruments of a portfolio are, and what its members say they are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, instrument
from tests.services.ledger_entries import Book, add, book, person, purchase, share
from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.errors import InvalidDraft, NotAllowed, NotFound, VersionConflict
from tickfolio.persistence.models import FormerSymbol, InstrumentRecord
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.classifications import Chosen, Classification, classification_change, classifications_of
from tickfolio.services.instruments import instrument_register
from tickfolio.services.portfolios import portfolio_view

pytestmark = pytest.mark.django_db
MSFT = Symbol("MSFT")


@pytest.fixture
def mine() -> Book:
    made = book(person("alice"))
    instrument_register(instrument=instrument(AAPL), country="US", sector="Information Technology")
    add(made, purchase(made))
    return made


def of(mine: Book, symbol: str = "AAPL", *, actor: Person | None = None) -> Classification:
    found = classifications_of(actor=actor or mine.owner, portfolio_id=mine.portfolio_id)
    return {str(key): each for key, each in found.items()}[symbol]


def say(mine: Book, *, version: int = 0, symbol: str = "AAPL", actor: Person | None = None, **chosen: str) -> None:
    classification_change(
        actor=actor or mine.owner,
        portfolio_id=mine.portfolio_id,
        symbol=symbol,
        chosen=Chosen(**chosen),
        expected_version=version,
    )


def test_what_is_known_of_an_instrument_is_told_and_what_is_not_is_empty(mine: Book) -> None:
    instrument_register(instrument=instrument(MSFT))
    add(mine, purchase(mine, symbol=MSFT))
    found = classifications_of(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert list(found) == ["AAPL", "MSFT"]
    apple, other = found[AAPL], found[MSFT]
    assert (apple.sector, apple.country, apple.currency) == ("Information Technology", "US", "USD")
    assert (apple.instrument_class, apple.class_label, apple.tag) == (InstrumentClass.EQUITY, "", "")
    # Not the one of the shipped list: that is traded in another place.
    assert (other.sector, other.country) == ("", "")


def test_what_a_feed_does_not_say_the_shipped_list_does_of_the_very_same_listing(mine: Book) -> None:
    add(mine, purchase(mine, symbol=IBM))
    assert InstrumentRecord.objects.get(symbol="IBM").sector == ""
    assert (of(mine, "IBM").sector, of(mine, "IBM").country) == ("Information Technology", "US")


def test_what_was_never_booked_is_not_told(mine: Book) -> None:
    assert list(classifications_of(actor=mine.owner, portfolio_id=mine.portfolio_id)) == ["AAPL"]
    with pytest.raises(NotFound, match="of that symbol"):
        say(mine, symbol="IBM", sector="Services")


def test_members_say_otherwise_and_take_it_back(mine: Book) -> None:
    before = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    say(mine, class_label="  Old   friends ", sector="Gadgets", country="ie", tag="core")
    said = of(mine)
    assert (said.class_label, said.sector, said.country, said.tag) == ("Old friends", "Gadgets", "IE", "core")
    assert said.said.version == 1
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head == before + 1
    say(mine, version=1)
    assert (of(mine).sector, of(mine).country, of(mine).tag) == ("Information Technology", "US", "")
    assert of(mine).said.version == 2


def test_saying_the_same_again_changes_nothing(mine: Book) -> None:
    say(mine, tag="core")
    head = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    say(mine, version=1, tag="core")
    assert of(mine).said.version == 1
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head == head


def test_who_saw_an_older_version_is_told(mine: Book) -> None:
    say(mine, tag="core")
    with pytest.raises(VersionConflict) as refused:
        say(mine, version=0, tag="other")
    assert refused.value.current_version == 1
    assert of(mine).tag == "core"


def test_each_field_says_what_it_cannot_be(mine: Book) -> None:
    with pytest.raises(InvalidDraft) as refused:
        say(mine, class_label="x" * 41, sector="y" * 61, country="XX", tag="a\u200bb")
    assert refused.value.errors == {
        "class_label": "Expected at most 40 characters, was 41.",
        "sector": "Expected at most 60 characters, was 61.",
        "country": "Expected a country’s two letters by ISO 3166 such as CH, was 'XX'.",
        "tag": "Expected letters that can be printed, was a character that cannot.",
    }


def test_an_instrument_that_only_the_portfolio_knows_has_nothing_of_a_feeds_namesake(mine: Book) -> None:
    add(mine, purchase(mine, symbol="HOUSE", currency="EUR", price="100", quantity="1", creates_instrument=True))
    instrument_register(instrument=instrument("HOUSE"), country="DE", sector="Real Estate")  # type: ignore[arg-type]
    assert (of(mine, "HOUSE").sector, of(mine, "HOUSE").country, of(mine, "HOUSE").currency) == ("", "", "EUR")
    say(mine, symbol="HOUSE", sector="Real Estate")
    assert of(mine, "HOUSE").sector == "Real Estate"


def test_a_symbol_that_an_instrument_had_once_finds_its_sector(mine: Book) -> None:
    record = InstrumentRecord.objects.get(symbol="AAPL")
    record.symbol = "FRUIT"
    record.save()
    FormerSymbol.objects.create(instrument=record, symbol="AAPL", valid_until="2012-01-01")
    assert of(mine).sector == "Information Technology"


def test_an_editor_may_a_viewer_sees_and_to_others_it_is_not_there(mine: Book) -> None:
    editor, viewer, stranger = share(mine, "eve", Role.EDITOR), share(mine, "vera", Role.VIEWER), person("charlie")
    say(mine, actor=editor, tag="core")
    assert of(mine, actor=viewer).tag == "core"
    with pytest.raises(NotAllowed):
        say(mine, actor=viewer, version=1, tag="mine")
    with pytest.raises(NotFound):
        say(mine, actor=stranger, version=1)
    with pytest.raises(NotFound):
        classifications_of(actor=stranger, portfolio_id=mine.portfolio_id)


def test_two_portfolios_say_different_things_of_one_instrument(mine: Book) -> None:
    other = book(mine.owner, name="Short term")
    add(other, purchase(other, quantity="1", price=str(Decimal(1))))
    say(mine, tag="core")
    assert of(other).tag == ""
