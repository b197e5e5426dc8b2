from __future__ import annotations

import pytest

from tests.services.ledger_entries import Book, book, person, share
from tests.web.views.test_portfolios import signed_in
from tickfolio.persistence.tenancy import Role
from tickfolio.services.portfolios import portfolio_view

pytestmark = pytest.mark.django_db


def address(mine: Book, rest: str = "performance/benchmark/") -> str:
    return f"/portfolios/{mine.portfolio_id}/{rest}"


def test_an_editor_chooses_a_benchmark_and_the_settings_say_it() -> None:
    mine = book(person("alice"))
    editor, viewer = share(mine, "eve", Role.EDITOR), share(mine, "vera", Role.VIEWER)
    assert "None is chosen." in signed_in(viewer).get(address(mine, "settings/")).content.decode()
    answer = signed_in(editor).post(address(mine), {"benchmark": "IBM"})
    assert (answer.status_code, answer["Location"]) == (302, address(mine, "performance/"))
    settings = signed_in(viewer).get(address(mine, "settings/")).content.decode()
    assert "Compared with IBM." in settings
    assert address(mine) not in settings
    assert address(mine) in signed_in(editor).get(address(mine, "settings/")).content.decode()


def test_the_form_has_the_remembered_one_chosen_and_takes_none() -> None:
    mine = book(person("alice"))
    client = signed_in(mine.owner)
    client.post(address(mine), {"benchmark": "AAPL"})
    assert '<option value="AAPL" selected>' in client.get(address(mine)).content.decode()
    client.post(address(mine), {"benchmark": ""})
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).benchmark == ""


def test_what_is_not_on_the_list_is_named_and_not_kept() -> None:
    mine = book(person("alice"))
    answer = signed_in(mine.owner).post(address(mine), {"benchmark": "<script>"})
    assert "Expected an instrument of the list, was &lt;script&gt;." in answer.content.decode()
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).benchmark == ""


def test_a_viewer_may_not_and_to_a_stranger_it_is_not_there() -> None:
    mine = book(person("alice"))
    assert signed_in(share(mine, "vera", Role.VIEWER)).get(address(mine)).status_code == 403
    assert signed_in(person("mallory")).get(address(mine)).status_code == 404
