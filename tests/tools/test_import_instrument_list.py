"""What of the source of the shipped list is taken over, and how it is written."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from typing import Any

import pytest

from tools.import_instrument_list import (
    HEADING,
    Row,
    country_of,
    frankfurt_line,
    home_isin,
    listings_of,
    name_of,
    packed,
    sector_of,
    without_doubtful_isins,
)

APPLE_ISIN, ABB_ISIN = "US0378331005", "CH0012221716"


def stock(name: str, symbol: str, *symbols: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "symbol": symbol,
        "symbols": [{"yahoo": yahoo, "google": google} for yahoo, google in symbols],
        **more,
    }


def rows(company: dict[str, Any], *indices: str) -> dict[str, Row]:
    return {row.symbol: row for row in listings_of(company, set(indices))}


def test_an_american_share_has_its_exchange_and_its_line_in_frankfurt() -> None:
    apple = stock("Apple Inc.", "AAPL", ("APC.F", "FRA:APC"), ("AAPL", "NASDAQ:AAPL"), isins=[APPLE_ISIN])
    found = rows({**apple, "country": "United States"}, "S&P 500")
    assert {symbol: (row.mic, row.currency, row.isin) for symbol, row in found.items()} == {
        "AAPL": ("XNAS", "USD", APPLE_ISIN),
        "APC.F": ("XFRA", "EUR", APPLE_ISIN),
    }


def test_an_exchange_that_is_not_named_is_taken_from_the_article_or_not_at_all() -> None:
    named = stock("A. O. Smith", "AOS", ("AOS", "AOS"), metadata={"traded_as": "NYSE : AOS S&P 500 component"})
    assert rows(named, "S&P 500")["AOS"].mic == "XNYS"
    other = stock("Adeia", "ADEA", ("ADEA", "ADEA"), metadata={"traded_as": "NYSE : XPER"})
    assert rows(other, "S&P 600") == {}
    assert rows(named, "DAX") == {}


def test_london_is_quoted_in_pence_and_its_foreign_lines_are_left_out() -> None:
    found = rows(stock("Vodafone", "VOD.L", ("0A6W.L", "LON:0A6W"), isins=["GB00BH4HKS39"]))
    assert {symbol: (row.quote_unit, row.isin) for symbol, row in found.items()} == {"VOD.L": (100, "GB00BH4HKS39")}
    assert rows(stock("Adesso", "0N5I.L", ("0N5I.L", "LON:0N5I"))) == {}


def test_a_receipt_has_not_the_isin_of_its_share() -> None:
    abb = stock(
        "ABB",
        "ABBN.SW",
        ("ABB", "NYSE:ABB"),
        ("ABBNY", "OTCMKTS:ABBNY"),
        ("ABLZF", "OTCMKTS:ABLZF"),
        isins=[ABB_ISIN],
        country="Switzerland",
    )
    found = rows(abb)
    assert {symbol: row.isin for symbol, row in found.items()} == {
        "ABBN.SW": ABB_ISIN,
        "ABB": "",
        "ABBNY": "",
        "ABLZF": ABB_ISIN,
    }
    assert found["ABBNY"].name == "ABB (ADR)"


def test_of_several_lines_in_frankfurt_the_ordinary_share_is_taken() -> None:
    lines = [("ADS1.F", ""), ("ADS.F", ""), ("DE000A1EWWW0.F", "")]
    assert frankfurt_line(lines, "ADS.DE") == "ADS.F"
    assert frankfurt_line([("AILA.F", ""), ("AIL.F", "")], "AI.PA") == "AIL.F"
    assert frankfurt_line([("AAA.F", ""), ("BBB.F", "")], "X.PA") is None


@pytest.mark.parametrize(
    ("isins", "country", "place", "isin"),
    [
        (["BE0003562700", "NL0011794037"], "NL", "NL", "NL0011794037"),
        (["DE0005557508", "US7785291078"], "DE", "DE", "DE0005557508"),
        (["SE0011166610", "SE0011166628"], "SE", "SE", ""),
        (["AU000000RIO1"], "AU", "GB", ""),
        (["JE00B4T3BW64"], "CH", "GB", "JE00B4T3BW64"),
        ([APPLE_ISIN], "US", "US", ""),
    ],
)
def test_the_isin_at_home_is_the_only_one_that_can_be_meant(
    isins: list[str], country: str, place: str, isin: str
) -> None:
    assert home_isin(isins, country, place) == isin


def test_names_countries_and_sectors_are_written_in_one_way() -> None:
    assert (name_of("Puma (brand)"), name_of("LifcoB"), name_of("UGI Corp.")) == ("Puma", "Lifco B", "UGI Corp.")
    assert [country_of(text) for text in ("Japan", "Dublin, Ireland", "Houston, Texas", "none", "")] == [
        "JP",
        "IE",
        "US",
        "",
        "",
    ]
    assert (sector_of(["Banks", "Energy"]), sector_of(["Railway/bus"])) == ("Energy", "")


def test_what_two_rows_claim_neither_has() -> None:
    one = Row("A.F", "A", "XFRA", "EUR", 1, "equity", 2, APPLE_ISIN, "US", "")
    other, third = replace(one, symbol="B.F"), replace(one, symbol="A", mic="XNAS", currency="USD")
    assert [row.isin for row in without_doubtful_isins([one, other, third])] == ["", "", APPLE_ISIN]


def test_the_same_rows_give_the_same_file() -> None:
    row = Row("A", "A, or B", "XNYS", "USD", 1, "equity", 2, "", "US", "")
    assert packed([row]) == packed([row])
    lines = list(csv.reader(gzip.decompress(packed([row])).decode().splitlines()))
    assert lines == [HEADING, ["A", "A, or B", "XNYS", "USD", "1", "equity", "2", "", "US", ""]]
