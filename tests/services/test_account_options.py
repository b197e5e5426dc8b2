"""Another method for an account, and which figures it makes others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.services.ledger_entries import TRADED, Book, add, book, deposit, person, purchase, sale, share
from tests.services.test_valuations import record
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CashMethod, CostMethod
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity, InvalidDraft, NotAllowed, NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios
from tickfolio.services.account_options import FigureChange, OptionsChange, account_options_change
from tickfolio.services.valuations import valuation_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHORTS = AccountOptions(allows_shorts=True)


@pytest.fixture
def mine() -> Book:
    """Two purchases of AAPL at 10 and 20 dollars in a portfolio in dollars, and a sale of half."""
    mine = book(person("alice"))
    portfolios.portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, purchase(mine, quantity="10", price="10"))
    add(mine, purchase(mine, quantity="10", price="20", fees=Decimal(5), at=TRADED + DAY))
    add(mine, sale(mine, quantity="10", price="30", at=TRADED + 2 * DAY))
    record("30.00")
    return mine


def change(mine: Book, options: AccountOptions, *, expected: AccountOptions = DEFAULT_OPTIONS) -> OptionsChange:
    return account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=options,
        expected=expected,
    )


def gains(figures: FigureChange) -> list[str]:
    """Realized and unrealized before, then after."""
    found = []
    for each in (figures.before, figures.after):
        found += [str(Decimal(figure)) for figure in (each.realized, each.unrealized) if isinstance(figure, Decimal)]
    return found


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (AccountOptions(method=CostMethod.LIFO), ["200", "95.00", "95", "200.00"]),
        (AccountOptions(method=CostMethod.HIFO), ["200", "95.00", "95", "200.00"]),
        (AccountOptions(method=CostMethod.AVERAGE), ["200", "95.00", "147.5", "147.50"]),
        (AccountOptions(fees_in_cost=False), ["200", "95.00", "200", "100.00"]),
    ],
)
def test_it_tells_what_was_gained_before_and_after(mine: Book, options: AccountOptions, expected: list[str]) -> None:
    told = change(mine, options)
    assert told.account.options == options
    position, whole = told.figures
    assert (position.account_name, position.symbol, whole.symbol) == ("Broker", "AAPL", None)
    assert [Decimal(each) for each in gains(position)] == [Decimal(each) for each in expected]
    assert [Decimal(each) for each in gains(whole)] == [Decimal(each) for each in expected]
    (holding, _cash) = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.rows
    assert holding.cost == 300 - Decimal(expected[3])


def test_what_changes_no_figure_says_so(mine: Book) -> None:
    assert change(mine, AccountOptions(method=CostMethod.SPECIFIC)).figures == ()
    cash = AccountOptions(method=CostMethod.SPECIFIC, cash_method=CashMethod.AVERAGE)
    assert change(mine, cash, expected=AccountOptions(method=CostMethod.SPECIFIC)).figures == ()


def test_shorts_cannot_be_forbidden_while_something_is_short(mine: Book) -> None:
    change(mine, SHORTS)
    add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))
    with pytest.raises(InsufficientQuantity, match="at most 10 AAPL"):
        change(mine, DEFAULT_OPTIONS, expected=SHORTS)
    seen = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).accounts[0]
    assert seen.options == SHORTS


def test_a_short_sale_is_refused_where_the_account_does_not_allow_it(mine: Book) -> None:
    with pytest.raises(ImpossibleLedger):
        add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))


def test_who_decided_on_something_else_decides_again(mine: Book) -> None:
    lifo, hifo = AccountOptions(method=CostMethod.LIFO), AccountOptions(method=CostMethod.HIFO)
    head = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    change(mine, lifo)
    assert change(mine, lifo).figures == ()
    with pytest.raises(InvalidDraft, match="meanwhile"):
        change(mine, hifo)
    assert portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head == head + 1


def test_without_a_price_the_gains_that_need_one_are_not_available(mine: Book) -> None:
    add(mine, replace(purchase(mine, quantity="1", price="10"), symbol="IBM"))
    told = change(mine, AccountOptions(method=CostMethod.LIFO))
    assert [each.symbol for each in told.figures] == ["AAPL"]
    add(mine, deposit(mine))
    position = told.figures[0]
    assert not isinstance(position.after.realized, NotAvailable)


def test_viewers_and_strangers_change_nothing(mine: Book) -> None:
    for actor, refusal in ((share(mine, "vera", Role.VIEWER), NotAllowed), (person("charlie"), NotFound)):
        with pytest.raises(refusal):
            change(replace(mine, owner=actor), SHORTS)
    with pytest.raises(NotFound):
        change(replace(mine, account_id="no id"), SHORTS)
