"""What files say of instruments."""

from decimal import Decimal

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.statements.conventions import STATED
from tickfolio.statements.instrument_facts import contradiction, facts_of, merged, require_one_scale
from tickfolio.statements.rows import InstrumentFacts

OPTION = InstrumentFacts("An option", "USD", Decimal(100), None, "option")


def test_texts_are_read_as_what_they_say() -> None:
    said = {"name": "An option", "currency": "usd", "contract_size": "100", "instrument_class": " Option "}
    assert facts_of(said, STATED) == OPTION
    assert facts_of({}, STATED) == InstrumentFacts()


@pytest.mark.parametrize(
    ("word", "found"), [("share", "equity"), ("Stock", "equity"), ("ETF", "fund"), ("bond", "bond")]
)
def test_a_class_has_more_than_one_word(word: str, found: str) -> None:
    assert facts_of({"instrument_class": word}, STATED).instrument_class == found


@pytest.mark.parametrize("text", ["0", "-1", "1000000000", "0.0000000000001", "many"])
def test_a_contract_size_is_a_number_above_zero(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"Expected a (contract size|number)|at most|Contract size"):
        facts_of({"contract_size": text}, STATED)


def test_what_two_places_say_comes_together() -> None:
    assert merged(InstrumentFacts(contract_size=Decimal(100)), OPTION) == OPTION
    assert merged(OPTION, InstrumentFacts("Other", "EUR", Decimal(1), Decimal(10), "fund")).quote_unit == 10
    assert contradiction(OPTION, InstrumentFacts("Other", quote_unit=Decimal(100)), "OPT") == ""
    assert contradiction(OPTION, InstrumentFacts(instrument_class="fund"), "OPT") == (
        "Expected the class option, as the file says elsewhere of OPT, was fund."
    )


def test_prices_in_pence_are_brought_to_their_currency_once() -> None:
    pence = InstrumentFacts(quote_unit=Decimal(100))
    require_one_scale("GBP", pence)
    require_one_scale("GBp", InstrumentFacts(quote_unit=Decimal(1)))
    require_one_scale("GBp", None)
    with pytest.raises(InvalidValue, match="was GBp and 100: one of them is enough"):
        require_one_scale("GBp", pence)
