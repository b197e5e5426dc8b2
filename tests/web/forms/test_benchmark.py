from __future__ import annotations

from tickfolio.web.forms.benchmark import BenchmarkForm

OFFERED = {"AAPL": "Apple Inc.", "IBM": "IBM Corp."}


def test_what_is_on_offer_can_be_chosen_and_none() -> None:
    for symbol in ("", "AAPL", "IBM"):
        form = BenchmarkForm({"benchmark": symbol}, offered=OFFERED)
        assert form.is_valid()
        assert form.cleaned_data["benchmark"] == symbol


def test_what_is_not_on_offer_is_refused() -> None:
    form = BenchmarkForm({"benchmark": "NOPE"}, offered=OFFERED)
    assert form.errors["benchmark"] == ["Expected an instrument of the list, was NOPE."]
