"""Targets, and what the instruments are, as people say them."""

from __future__ import annotations

import re

import pytest

from tests.services.ledger_entries import Book
from tests.web.views.test_portfolios import bought, record, signed_in
from tickfolio.services.allocation_parts import Dimension, PartName
from tickfolio.services.allocation_targets import Target, Targets, targets_of
from tickfolio.services.classifications import classifications_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    made = bought()
    record("511.37")
    return made


def address(mine: Book, path: str) -> str:
    return f"/portfolios/{mine.portfolio_id}/allocation/{path}"


def of(mine: Book, by: Dimension = Dimension.CLASS) -> Targets:
    return targets_of(actor=mine.owner, portfolio_id=mine.portfolio_id, dimension=by)


def form(**fields: str) -> dict[str, str]:
    """The lines of shares and of cash, as the page has them."""
    return {
        "version": "0",
        "tolerance": "5",
        "key-0": "equity",
        "label-0": "",
        "key-1": "cash",
        "label-1": "",
        **fields,
    }


def test_the_form_has_a_line_for_each_part_and_room_for_more(mine: Book) -> None:
    shown = signed_in(mine.owner).get(address(mine, "targets/?by=class")).content.decode()
    assert re.findall(r'name="key-\d" value="(\w+)"', shown) == ["equity", "cash"]
    assert '<option value="Bonds">' in shown
    assert shown.count('list="part-names"') == 3


def test_targets_are_saved_and_the_page_is_shown_again(mine: Book) -> None:
    sent = form(
        **{
            "percent-0": "60",
            "percent-1": "",
            "name-0": "bonds",
            "new-0": "30 %",
            "name-1": "Old masters",
            "new-1": "2.5",
        }
    )
    answer = signed_in(mine.owner).post(address(mine, "targets/?by=class"), sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{address(mine, '')}?by=class")
    found = of(mine)
    assert {each.part: str(each.percent) for each in found.targets} == {
        PartName("equity"): "60",
        PartName("bond"): "30",
        PartName("l:old masters", "Old masters"): "2.5",
    }
    shown = signed_in(mine.owner).get(address(mine, "targets/?by=class")).content.decode()
    assert 'value="2.5"' in shown
    assert "<span>Class</span><span>Target</span>" in shown
    assert 'value="Old masters"' in shown


def test_a_country_can_be_named(mine: Book) -> None:
    sent = form(**{"name-0": "Switzerland", "new-0": "30", "name-1": "de", "new-1": "10"})
    signed_in(mine.owner).post(address(mine, "targets/?by=country"), {**sent, "key-0": "US"})
    assert of(mine, Dimension.COUNTRY).targets == (
        Target(PartName("CH"), of(mine, Dimension.COUNTRY).targets[0].percent),
        Target(PartName("DE"), of(mine, Dimension.COUNTRY).targets[1].percent),
    )


def test_what_is_wrong_is_told_at_its_line_and_nothing_is_saved(mine: Book) -> None:
    browser = signed_in(mine.owner)
    shown = browser.post(
        address(mine, "targets/?by=class"), form(**{"percent-0": "60", "percent-1": "40.5"})
    ).content.decode()
    assert "Expected at most 100 percent together, was 100.5." in shown
    shown = browser.post(
        address(mine, "targets/?by=class"), form(**{"percent-0": "sixty", "name-0": "Bonds", "new-1": "4"})
    ).content.decode()
    assert "Expected a number such as 1234.56, was sixty." in shown
    assert "Expected a target for Bonds; the field is empty." in shown
    assert "Expected the name of a part; the field is empty." in shown
    shown = browser.post(address(mine, "targets/?by=class"), form(**{"percent-0": "120"})).content.decode()
    assert "Expected 0 to 100 percent" in shown
    shown = browser.post(
        address(mine, "targets/?by=country"), {**form(**{"name-0": "Atlantis", "new-0": "5"}), "key-0": "US"}
    ).content.decode()
    assert "Expected a country or its two letters" in shown
    assert of(mine).version == 0


def test_who_saw_older_targets_keeps_what_they_typed(mine: Book) -> None:
    browser = signed_in(mine.owner)
    browser.post(address(mine, "targets/?by=class"), form(**{"percent-0": "60"}))
    shown = browser.post(address(mine, "targets/?by=class"), form(**{"percent-0": "70"})).content.decode()
    assert "Somebody changed this meanwhile" in shown
    assert 'value="70"' in shown
    assert re.search(r'name="version"[^>]*value="1"', shown) or re.search(r'value="1"[^>]*name="version"', shown)
    browser.post(address(mine, "targets/?by=class"), form(**{"percent-0": "70", "version": "1"}))
    assert str(of(mine).of("equity")) == "70"


def test_accounts_have_no_targets(mine: Book) -> None:
    answer = signed_in(mine.owner).get(address(mine, "targets/?by=account"))
    assert (answer.status_code, answer["Location"]) == (302, f"{address(mine, '')}?by=account")


def test_what_an_instrument_is_is_said_and_taken_back(mine: Book) -> None:
    browser = signed_in(mine.owner)
    shown = browser.get(address(mine, "instruments/?symbol=AAPL")).content.decode()
    assert 'placeholder="Shares"' in shown
    sent = {"version": "0", "symbol": "AAPL", "class_label": "Fruit", "sector": "Food", "country": "CH", "tag": "core"}
    answer = browser.post(address(mine, "instruments/"), sent)
    assert (answer.status_code, answer["Location"]) == (302, address(mine, "instruments/"))
    (apple,) = classifications_of(actor=mine.owner, portfolio_id=mine.portfolio_id).values()
    assert (apple.class_label, apple.sector, apple.country, apple.tag) == ("Fruit", "Food", "CH", "core")
    listed = browser.get(address(mine, "instruments/")).content.decode()
    assert "Switzerland" in listed
    assert "Fruit" in listed
    conflict = browser.post(address(mine, "instruments/"), sent).content.decode()
    assert "Somebody changed this meanwhile" in conflict
    browser.post(address(mine, "instruments/"), {"version": "1", "symbol": "AAPL"})
    (apple,) = classifications_of(actor=mine.owner, portfolio_id=mine.portfolio_id).values()
    assert (apple.class_label, apple.tag) == ("", "")


def test_what_cannot_be_said_is_told(mine: Book) -> None:
    browser = signed_in(mine.owner)
    sent = {"version": "0", "symbol": "AAPL", "class_label": "x" * 41, "country": "XX"}
    shown = browser.post(address(mine, "instruments/"), sent).content.decode()
    assert "Expected a class of at most 40 characters, was 41." in shown
    assert "Expected a country of the list, was XX." in shown
    assert browser.post(address(mine, "instruments/"), {"version": "0", "symbol": "NOPE"}).status_code == 404
    assert 'name="sector"' not in browser.get(address(mine, "instruments/?symbol=NOPE")).content.decode()
