"""The shipped list, and what somebody finds in it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tickfolio.domain.instruments import InstrumentClass, Symbol, is_isin, normalise_symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.listings.catalogue import Catalogue, Listing, by_isin, by_symbol, find, shipped

ALL = tuple(listing for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for listing in find(letter, 10_000))


def listing(symbol: str, name: str, mic: str = "XNYS", isin: str = "") -> Listing:
    return Listing(Symbol(symbol), name, mic, "USD", "1", "equity", 2, isin, "US", "")


def symbols(text: str, *listings: Listing, limit: int = 9) -> list[str]:
    return [each.symbol for each in Catalogue(listings).find(text, limit)]


# ---------- Finding ----------


def test_the_best_match_comes_first() -> None:
    isin = "US0378331005"
    found = symbols(
        "us0378331005",
        listing("A", "The US0378331005 company"),
        listing("B", "Grous0378331005"),
        listing("C", "Anything", isin=isin),
        listing("US0378331005", "Something"),
        listing("US0378331005X", "Something"),
    )
    assert found == ["US0378331005", "C", "US0378331005X", "A", "B"]


def test_capitals_accents_and_double_blanks_do_not_matter() -> None:
    bank = listing("GLE.PA", "Société Générale")
    for text in ("societe  gen", "SOCIÉTÉ", "générale", " gle.pa "):
        assert symbols(text, bank) == ["GLE.PA"]


def test_of_as_good_ones_the_most_liquid_market_comes_first() -> None:
    rows = [listing(f"{mic}1", "Same", mic) for mic in ("OTCM", "XFRA", "XHEL", "XNYS", "XLIS", "XLON")]
    assert symbols("same", *rows) == ["XNYS1", "XLON1", "XHEL1", "XLIS1", "XFRA1", "OTCM1"]
    assert symbols("same", *rows, limit=2) == ["XNYS1", "XLON1"]


@pytest.mark.parametrize("text", ["", "  ", "zzzzzz", "%", "\x00", "a" * 500])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert find(text, 5) == ()


def test_a_catalogue_knows_symbols_and_isins() -> None:
    one, other = listing("A.F", "A", "XFRA", "US0378331005"), listing("A", "A", "XNAS", "US0378331005")
    catalogue = Catalogue([one, other])
    assert (len(catalogue), catalogue.by_symbol("A"), catalogue.by_symbol("B")) == (2, other, None)
    assert (catalogue.by_isin("US0378331005"), catalogue.by_isin("US0378331006")) == ((other, one), ())


# ---------- The list that ships ----------


def test_well_known_shares_are_in_it() -> None:
    apple, vodafone = by_symbol("AAPL"), by_symbol("VOD.L")
    assert apple is not None
    assert vodafone is not None
    assert (apple.mic, apple.isin, apple.country, apple.sector) == (
        "XNAS",
        "US0378331005",
        "US",
        "Information Technology",
    )
    pence = vodafone.instrument()
    assert (pence.mic, pence.currency, pence.quote_unit) == ("XLON", Currency("GBP"), Decimal(100))
    assert [each.symbol for each in by_isin("US0378331005")] == ["AAPL", "APC.F"]
    assert find("nestle", 1)[0].symbol == "NESN.SW"
    assert by_symbol("aapl") is None


def test_it_has_more_than_two_thousand_listings_of_several_exchanges() -> None:
    assert len(shipped()) > 2500
    assert {"XNYS", "XNAS", "XLON", "XETR", "XPAR", "XTKS", "XSWX", "XMIL", "XMAD"} <= {each.mic for each in ALL}


def test_every_listing_is_an_instrument() -> None:
    assert len({each.symbol for each in ALL}) == len(shipped())
    for each in ALL:
        instrument = each.instrument()
        assert instrument.symbol == normalise_symbol(each.symbol)
        assert instrument.instrument_class is InstrumentClass.EQUITY
        assert len(each.mic) == 4
        assert not each.isin or is_isin(each.isin)
        assert each.name.strip() == each.name
        assert len(each.country) in (0, 2)
        assert len(each.sector) <= 60


def test_no_two_listings_claim_to_be_the_same_instrument() -> None:
    found = [(each.isin, each.mic, each.currency) for each in shipped().find("", 1) or ALL if each.isin]
    assert len({(*identity,) for identity in found}) == len({each.symbol for each in ALL if each.isin})


def test_london_quotes_in_pence_and_nobody_else_does() -> None:
    assert {(each.mic == "XLON", each.quote_unit) for each in ALL} == {(True, "100"), (False, "1")}
