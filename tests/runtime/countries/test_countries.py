"""The countries that ship with the product."""

from __future__ import annotations

from importlib.resources import files

from tickfolio.runtime.countries import countries, country_name


def test_every_code_of_the_time_zone_database_has_a_name() -> None:
    text = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    codes = {line.split("\t")[0] for line in text.splitlines() if not line.startswith("#")}
    assert set(countries()) == codes
    assert all(name and name == name.strip() for name in countries().values())
    assert len(set(countries().values())) == len(codes)


def test_a_country_is_called_by_its_name_and_what_is_none_by_its_code() -> None:
    assert country_name("GB") == "United Kingdom"
    assert country_name("SH") == "St. Helena, Ascension & Tristan da Cunha"
    assert country_name("XX") == "XX"
