"""What each instrument of a portfolio is: class, sector, country, currency, and what its members say otherwise.

What nobody knows and nobody said is empty: pages call it unclassified. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from tickfolio.domain.instruments import PRIVATE_MIC, InstrumentClass, Symbol
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.errors import InvalidDraft, NotFound, VersionConflict
from tickfolio.feeds.listings.catalogue import by_symbol
from tickfolio.persistence.models import InstrumentClassification
from tickfolio.persistence.selectors.classifications import Said, said_of_instruments, sectors_and_countries
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.countries import countries
from tickfolio.services.ledgers import book_of
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.words import marked_phrase, phrase

MOST_CHARACTERS = {"class_label": 40, "sector": 60, "tag": 40}
"""How long what is said in people's own words may be."""
SECTORS = (
    marked_phrase("Communication Services"),
    marked_phrase("Consumer Discretionary"),
    marked_phrase("Consumer Staples"),
    "Energy",
    "Financials",
    marked_phrase("Health Care"),
    "Industrials",
    marked_phrase("Information Technology"),
    "Materials",
    marked_phrase("Real Estate"),
    "Utilities",
)
"""The words that the shipped list of instruments has; a portfolio may use others."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What members say an instrument is. What is empty is left to what is known.

    Attributes:
        class_label: in their own words, such as "Real estate".
        country: two letters of ISO 3166.
        tag: whatever they sort by.
    """

    class_label: str = ""
    sector: str = ""
    country: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """What an instrument of a portfolio is.

    Attributes:
        instrument_class: by the feed, or by whoever first booked it.
        class_label: the members' own word for it; empty where the class counts.
        sector: empty where nobody knows; the members' word goes before the feed's, and that before the shipped list's. The
            same holds for `country`.
        currency: that it is traded in, never its hundredths.
        said: the members' own words among these, `version` of which must be named to change them.
    """

    symbol: Symbol
    name: str
    instrument_class: InstrumentClass
    class_label: str
    sector: str
    country: str
    currency: str
    tag: str
    said: Said


def classifications_of(*, actor: Actor, portfolio_id: str) -> Mapping[Symbol, Classification]:
    """Every instrument that was ever booked in a portfolio, by symbol, in the order of the symbols.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    held = book_of(actor=actor, portfolio_id=portfolio_id)
    return classifications_in(held.book, actor=actor, portfolio_id=held.portfolio_id)


def classifications_in(book: PortfolioBook, *, actor: Actor, portfolio_id: str) -> Mapping[Symbol, Classification]:
    """The same, for who has the ledger in hand."""
    symbols = sorted(booked_in(book))
    known = sectors_and_countries(symbols)
    said = said_of_instruments(portfolio_id, actor=actor)
    return {
        symbol: _classified(book, symbol, known.get(symbol, ("", "")), said.get(symbol, Said())) for symbol in symbols
    }


def booked_in(book: PortfolioBook) -> set[Symbol]:
    """The symbols that the transactions of a book name, those that follow from corporate actions among them."""
    return {symbol for each in book.transactions for symbol in symbols_of(each) if symbol in book.instruments}


def classification_change(
    *, actor: Actor, portfolio_id: str, symbol: str, chosen: Chosen, expected_version: int
) -> None:
    """Says what an instrument is, for everybody who sees the portfolio.

    Args:
        expected_version: of what was said when it was read; 0 where nobody had said anything.

    Raises:
        NotFound, NotAllowed: as everywhere; also where the portfolio has no such instrument.
        InvalidDraft: a field holds what it cannot.
        VersionConflict: somebody said something else meanwhile.
    """
    operation = Operation.CLASSIFICATION_CHANGE
    access = require(actor=actor, portfolio_id=portfolio_id, operation=operation)
    # Before the row is held: within a database transaction the ledger in memory is of no use.
    if symbol not in booked_in(book_of(actor=actor, portfolio_id=access.portfolio_id).book):
        raise NotFound(phrase("Expected an instrument of the portfolio, found none of that symbol."))
    wanted = chosen_read(chosen)
    with held_portfolio(actor=actor, portfolio_id=access.portfolio_id, operation=operation) as held:
        before = said_of_instruments(access.portfolio_id, actor=actor).get(Symbol(symbol), Said())
        if before.version != expected_version:
            raise VersionConflict(expected=expected_version, current=before.version)
        if all(getattr(wanted, each.name) == getattr(before, each.name) for each in fields(Chosen)):
            return
        classification_keep(held, symbol, wanted, version=before.version + 1)


def classification_keep(held: HeldPortfolio, symbol: str, wanted: Chosen, *, version: int) -> None:
    """Keeps what was read by `chosen_read`, as this version."""
    said = {**asdict(wanted), "version": version, "changed_at": held.at, "changed_by_id": held.recorder_id}
    rows = InstrumentClassification.objects.for_actor(held.actor).filter(portfolio_id=held.row.pk, symbol=symbol)
    if not rows.update(**said):
        InstrumentClassification(portfolio_id=held.row.pk, symbol=symbol, **said).save()
    held.announce(Kind.PORTFOLIO_CHANGED)


def _classified(book: PortfolioBook, symbol: Symbol, known: tuple[str, str], said: Said) -> Classification:
    instrument = book.instrument(symbol)
    # What only the portfolio knows may have the symbol of something else that a feed offers.
    sector, country = ("", "") if instrument.mic == PRIVATE_MIC else known
    listing = by_symbol(symbol)
    if listing is not None and (listing.mic, listing.currency) == (instrument.mic, instrument.currency.code):
        sector, country = sector or listing.sector, country or listing.country
    return Classification(
        symbol=symbol,
        name=instrument.name,
        instrument_class=instrument.instrument_class,
        class_label=said.class_label,
        sector=said.sector or sector,
        country=said.country or country,
        currency=instrument.currency.code,
        tag=said.tag,
        said=said,
    )


def chosen_read(chosen: Chosen) -> Chosen:
    """What was chosen in its one spelling.

    Raises:
        InvalidDraft: a field holds what it cannot.
    """
    said = {each.name: " ".join(getattr(chosen, each.name).split()) for each in fields(Chosen)}
    errors = {
        name: phrase("Expected at most {most} characters, was {said}.", most=most, said=len(said[name]))
        for name, most in MOST_CHARACTERS.items()
        if len(said[name]) > most
    }
    errors |= {
        name: phrase("Expected letters that can be printed, was a character that cannot.")
        for name, text in said.items()
        if name not in errors and not text.isprintable()
    }
    country = said["country"].upper()
    if country and country not in countries():
        errors["country"] = phrase(
            "Expected a country’s two letters by ISO 3166 such as CH, was {country}.", country=repr(country[:20])
        )
    if errors:
        raise InvalidDraft(errors)
    return Chosen(**said | {"country": country})
