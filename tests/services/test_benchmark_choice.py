"""The benchmark that a portfolio remembers."""

from __future__ import annotations

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.services.ledger_entries import Book, book, person, share
from tests.services.wakes import wakes
from tickfolio.errors import InvalidValue, NotAllowed, NotFound
from tickfolio.live.bus.port import PortfolioChanged
from tickfolio.persistence.tenancy import Role
from tickfolio.services.benchmark_choice import benchmark_choose, benchmarks_on_offer
from tickfolio.services.portfolios import portfolio_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


def test_instruments_with_a_history_can_be_chosen(mine: Book) -> None:
    assert [*benchmarks_on_offer()] == ["AAPL", "IBM"]


def test_a_choice_is_kept_and_told(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert before.benchmark == ""
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        chosen = benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    assert (chosen.benchmark, chosen.head) == ("IBM", before.head + 1)
    assert heard == [PortfolioChanged(mine.portfolio_id, before.head + 1)]
    assert benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="").benchmark == ""


def test_what_has_no_history_is_refused_and_nothing_changes(mine: Book) -> None:
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    for symbol in ("NOPE", "ibm", "<b>" * 90):
        with pytest.raises(InvalidValue, match="a history of prices"):
            benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=symbol)
    assert portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).benchmark == "IBM"


def test_an_editor_chooses_it_a_viewer_sees_it_and_to_others_it_is_not_there(mine: Book) -> None:
    editor, viewer, stranger = share(mine, "eve", Role.EDITOR), share(mine, "vera", Role.VIEWER), person("charlie")
    benchmark_choose(actor=editor, portfolio_id=mine.portfolio_id, symbol="AAPL")
    assert portfolio_view(actor=viewer, portfolio_id=mine.portfolio_id).benchmark == "AAPL"
    with pytest.raises(NotAllowed):
        benchmark_choose(actor=viewer, portfolio_id=mine.portfolio_id, symbol="")
    with pytest.raises(NotFound):
        benchmark_choose(actor=stranger, portfolio_id=mine.portfolio_id, symbol="")
