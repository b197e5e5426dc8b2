"""Currencies as files spell them."""

from __future__ import annotations

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.statements.currencies import currency_of, stated_currency


@pytest.mark.parametrize(("text", "code"), [("GBp", "GBP"), ("GBX", "GBP"), ("ZAc", "ZAR"), ("ILA", "ILS")])
def test_hundredths_are_brought_to_their_currency_by_two_places(text: str, code: str) -> None:
    assert currency_of(text) == (code, -2)
    assert stated_currency(text) == code


@pytest.mark.parametrize("text", ["", "US", "EURO", "U$D", "١٢٣", "E R"])
def test_what_is_no_code_is_refused_in_a_row_and_left_out_beside_them(text: str) -> None:
    with pytest.raises(InvalidValue, match="Expected a currency code"):
        currency_of(text)
    assert stated_currency(text) == ""
