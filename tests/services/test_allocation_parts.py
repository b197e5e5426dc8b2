"""What of a portfolio belongs to what."""

from __future__ import annotations

import pytest

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.persistence.selectors.classifications import Said
from tickfolio.services.allocation_parts import CLASS_WORDS, Dimension, PartName, class_part, part_of
from tickfolio.services.classifications import Classification
from tickfolio.web.class_names import CLASS_NAMES


def classified(**parts: str) -> Classification:
    known = {"class_label": "", "sector": "", "country": "", "tag": ""} | parts
    return Classification(
        symbol=Symbol("AAPL"),
        name="Apple",
        instrument_class=InstrumentClass.EQUITY,
        currency="USD",
        said=Said(),
        **known,
    )


def test_an_instrument_belongs_to_one_part_of_each_dimension() -> None:
    apple = classified(sector="Information Technology", country="US", tag="Core")
    assert {by: part_of(apple, by) for by in Dimension if by is not Dimension.ACCOUNT} == {
        Dimension.HOLDING: PartName("AAPL"),
        Dimension.CLASS: PartName("equity"),
        Dimension.SECTOR: PartName("l:information technology", "Information Technology"),
        Dimension.COUNTRY: PartName("US"),
        Dimension.CURRENCY: PartName("USD"),
        Dimension.TAG: PartName("l:core", "Core"),
    }


def test_what_nobody_knows_is_unknown_and_no_guess() -> None:
    for by in (Dimension.SECTOR, Dimension.COUNTRY, Dimension.TAG):
        assert part_of(classified(), by) == PartName("unknown")


def test_who_calls_it_by_the_word_of_a_class_means_that_class() -> None:
    assert class_part("SHARES") == PartName("equity")
    assert class_part("Real estate") == PartName("l:real estate", "Real estate")
    assert class_part("") is None
    assert part_of(classified(class_label="Gold"), Dimension.CLASS) == PartName("l:gold", "Gold")


def test_the_words_are_those_of_the_pages() -> None:
    assert {word: each.value for word, each in CLASS_WORDS.items()} == {
        name.casefold(): key for key, name in CLASS_NAMES.items() if key != "cash"
    }


def test_of_its_account_an_instrument_says_nothing() -> None:
    with pytest.raises(ValueError, match="a dimension of instruments"):
        part_of(classified(), Dimension.ACCOUNT)
    assert not Dimension.ACCOUNT.has_targets
    assert Dimension.TAG.has_targets
