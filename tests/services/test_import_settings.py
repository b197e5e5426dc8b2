"""What was chosen for a portfolio: out with its file, and in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW
from tests.services.changes import changes
from tests.services.import_files import booked, previewed
from tests.services.ledger_entries import Book, add, book, person, purchase
from tests.services.test_import_besides import sent, standings, taken
from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, ActionRule, CostMethod
from tickfolio.domain.money import Currency
from tickfolio.errors import ImportNotPossible
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import Account, Portfolio
from tickfolio.services import portfolios
from tickfolio.services.account_options import account_options_change
from tickfolio.services.action_inbox import action_dismiss, dismissals_of
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.import_besides import PieceKind, Standing
from tickfolio.services.ledgers import book_of
from tickfolio.services.market_records import market_changes_record

pytestmark = pytest.mark.django_db
NEWCOMERS = count()
SETTINGS = ("benchmarks", "empty_accounts", "dismissed")
DIVIDEND = CashDividend(AAPL, date(2012, 5, 18), Decimal("0.50"), Currency("USD"))


@pytest.fixture(autouse=True)
def known() -> None:
    """A market's clock, and a benchmark that is offered without its history being made up here."""
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN)))


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickfolio.services.import_settings.benchmarks_on_offer", lambda: {"IBM": "IBM"})


def chosen() -> Book:
    """A portfolio with a benchmark, an account in which nothing is, and a dividend that was dismissed."""
    mine = book(person(f"chooser-{next(NEWCOMERS)}"))
    add(mine, purchase(mine, at=OPEN - timedelta(days=7)))
    options = replace(DEFAULT_OPTIONS, actions=ActionRule.UNITS)
    change(mine, mine.account_id, options)
    spare = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Spare", currency="CHF")
    change(mine, spare.id, replace(DEFAULT_OPTIONS, method=CostMethod.HIFO))
    actions_record(actions=[DIVIDEND], source="vendor", at=REAL_NOW)
    (outcome,) = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).outcomes
    assert action_dismiss(
        actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id, action_id=outcome.fact.id
    )
    Portfolio.objects.for_actor(mine.owner).filter(pk=mine.portfolio_id).update(benchmark=IBM)
    return mine


def change(mine: Book, account_id: str, options: Any) -> None:
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=account_id,
        options=options,
        expected=DEFAULT_OPTIONS,
    )


def bare() -> Book:
    """A portfolio of somebody new without an account."""
    mine = book(person(f"newcomer-to-settings-{next(NEWCOMERS)}"))
    Account.objects.for_actor(mine.owner).filter(portfolio=UUID(mine.portfolio_id)).delete()
    return mine


def test_what_was_chosen_comes_back_and_twice_is_once() -> None:
    mine, other = chosen(), bare()
    document = taken(mine)
    assert {name: document[name] for name in SETTINGS} == {
        "benchmarks": [{"symbol": "IBM"}],
        "empty_accounts": [{"name": "Spare", "currency": "CHF", "method": "hifo"}],
        "dismissed": [{"account": "Broker", "symbol": "AAPL", "kind": "cash_dividend", "ex_date": "2012-05-18"}],
    }
    batch = previewed(other, sent(document))
    assert standings(other, batch) == [
        (PieceKind.BENCHMARK, "IBM", Standing.NEW),
        (PieceKind.ACCOUNT, "Spare", Standing.NEW),
        (PieceKind.DISMISSED, "AAPL 2012-05-18", Standing.NEW),
    ]
    assert booked(other, batch).booked == 1
    again = taken(other)
    assert {name: again[name] for name in (*SETTINGS, "accounts")} == {
        name: document[name] for name in (*SETTINGS, "accounts")
    }
    assert len(dismissals_of(actor=other.owner, portfolio_id=other.portfolio_id)) == 1
    once_more = previewed(other, sent(document))
    assert {standing for _, _, standing in standings(other, once_more)} == {Standing.SAME}
    with pytest.raises(ImportNotPossible, match="nothing to book"):
        booked(other, once_more)


def test_what_is_chosen_here_stays() -> None:
    mine, other = chosen(), bare()
    portfolios.account_create(actor=other.owner, portfolio_id=other.portfolio_id, name="Spare", currency="USD")
    Portfolio.objects.for_actor(other.owner).filter(pk=other.portfolio_id).update(benchmark=AAPL)
    batch = previewed(other, sent(taken(mine)))
    assert [standing for _, _, standing in standings(other, batch)] == [Standing.OTHER, Standing.OTHER, Standing.NEW]
    booked(other, batch)
    view = portfolios.portfolio_view(actor=other.owner, portfolio_id=other.portfolio_id)
    assert view.benchmark == AAPL
    assert {each.name: each.currency for each in view.accounts}["Spare"] == "USD"


def test_what_cannot_be_here_costs_nothing_but_itself() -> None:
    mine, other = chosen(), bare()
    wrong = {
        "benchmarks": [{"symbol": "NOSUCH"}],
        "empty_accounts": [
            {"name": " ", "currency": "USD"},
            {"name": "A", "currency": "dollars"},
            {"name": "B", "currency": "USD", "method": "moon"},
            {"name": "Broker", "currency": "USD"},
        ],
        "dismissed": [
            {"account": "Nobody’s", "symbol": "AAPL", "kind": "cash_dividend", "ex_date": "2012-05-18"},
            {"account": "Broker", "symbol": "AAPL", "kind": "split", "ex_date": "2012-05-18"},
        ],
    }
    batch = previewed(other, sent({**taken(mine), **wrong}))
    found = [standing for _, _, standing in standings(other, batch)]
    # The account that a row makes as well is made once.
    assert found == [*[Standing.LEFT_OUT] * 4, Standing.NEW, Standing.LEFT_OUT, Standing.LEFT_OUT]
    booked(other, batch)
    view = portfolios.portfolio_view(actor=other.owner, portfolio_id=other.portfolio_id)
    assert [each.name for each in view.accounts] == ["Broker"]
    assert view.benchmark == ""
