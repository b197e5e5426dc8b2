"""Handing in a file, and deciding what it leaves open; what is posted to the pages is tested in tests/web/views."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from tickfolio.domain.instruments import Instrument, Symbol, normalise_symbol
from tickfolio.domain.money import Currency
from tickfolio.services.imports import SymbolChoice
from tickfolio.statements.rows import DayOrder, Format, Reading
from tickfolio.web.forms import imports
from tickfolio.web.forms.imports import UploadForm, key_of, suggested_symbol, symbol_hint


def stated(**fields: str) -> Reading:
    """What a form says about its file."""
    form = UploadForm(fields, {"file": SimpleUploadedFile("a.csv", b"x")})
    assert form.is_valid(), form.errors
    return form.reading()


def test_nothing_stated_leaves_everything_to_be_found_out() -> None:
    assert stated() == Reading()


def test_everything_stated_counts() -> None:
    reading = stated(format="ghostfolio_csv", separator="tab", decimal_mark=",", day_order="month_first")
    assert reading == Reading(Format.GHOSTFOLIO_CSV, "\t", ",", DayOrder.MONTH_FIRST)


@pytest.mark.parametrize("field", ["format", "separator", "decimal_mark", "day_order"])
def test_what_is_not_offered_is_refused(field: str) -> None:
    form = UploadForm({field: "x"}, {"file": SimpleUploadedFile("a.csv", b"x")})
    assert list(form.errors) == [field]


def test_an_archive_that_is_too_large_is_not_to_be_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MAX_ARCHIVE", 5)
    form = UploadForm({}, {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04 and more")})
    (told,) = form.errors["file"]
    assert str(told).endswith("Unpack it and hand in the JSON that is in it; only the attached files stay out then.")


@given(st.text(), st.text())
def test_a_suggested_symbol_is_one_or_nothing(text: str, name: str) -> None:
    suggested = suggested_symbol(SymbolChoice(text, "", name))
    assert suggested == "" or normalise_symbol(suggested) == suggested


def test_what_has_a_symbol_gets_no_suggestion() -> None:
    assert suggested_symbol(SymbolChoice("AAPL", "", "Apple Inc.")) == ""
    assert suggested_symbol(SymbolChoice("Ünïcode & Söhne", "", "")) == "N-CODE-S-HNE"


def test_the_field_of_a_symbol_says_for_what_it_is_taken() -> None:
    world = Instrument(Symbol("VWCE.DE"), "All-World ETF", "XETR", Currency("EUR"))
    hint = symbol_hint(SymbolChoice("IE00BK5BQT80", "VWCE.DE", "", meant=world))
    assert hint.startswith("Taken for All-World ETF, Xetra, in EUR. ")
    assert hint.endswith(symbol_hint(SymbolChoice("HOUSE", "", "")))


@given(st.text(), st.text())
def test_texts_have_keys_of_their_own(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)
    assert key_of(one).isalnum()
