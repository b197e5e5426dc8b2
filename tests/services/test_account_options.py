"""Another method for an account, and what is shown of it before it is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.services.ledger_entries import TRADED, Book, add, book, person, purchase, sale, share
from tests.services.test_valuations import record
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CashMethod, CostMethod
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity, InvalidDraft, NotAllowed, NotFound
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios
from tickfolio.services.account_options import OptionsPreview, account_options_change, account_options_preview
from tickfolio.services.option_figures import FigureKind
from tickfolio.services.portfolio_values import valuation_of

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


def change(mine: Book, options: AccountOptions, *, expected: AccountOptions = DEFAULT_OPTIONS) -> AccountView:
    return account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=options,
        expected=expected,
    )


def preview(mine: Book, options: AccountOptions, *, expected: AccountOptions = DEFAULT_OPTIONS) -> OptionsPreview:
    return account_options_preview(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=options,
        expected=expected,
    )


def gains(told: OptionsPreview, symbol: str | None, kind: FigureKind) -> list[str]:
    """Before and after; empty where it is not another one."""
    return [
        str(figure.amount)
        for each in told.figures
        if (each.symbol, each.kind) == (symbol, kind) and bool(each.account_name) == bool(symbol)
        for figure in (each.before, each.after)
    ]


def options_of(mine: Book) -> AccountOptions:
    return portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).accounts[0].options


@pytest.mark.parametrize(
    ("options", "realized", "unrealized"),
    [
        (AccountOptions(method=CostMethod.LIFO), ["200.00", "95.00"], ["95.00", "200.00"]),
        (AccountOptions(method=CostMethod.HIFO), ["200.00", "95.00"], ["95.00", "200.00"]),
        (AccountOptions(method=CostMethod.AVERAGE), ["200.00", "147.50"], ["95.00", "147.50"]),
        (AccountOptions(fees_in_cost=False), [], ["95.00", "100.00"]),
    ],
)
def test_it_tells_what_was_gained_before_and_after(
    mine: Book, options: AccountOptions, realized: list[str], unrealized: list[str]
) -> None:
    told = preview(mine, options)
    assert (told.account.options, told.options) == (DEFAULT_OPTIONS, options)
    for symbol in ("AAPL", None):
        assert gains(told, symbol, FigureKind.REALIZED) == realized
        assert gains(told, symbol, FigureKind.UNREALIZED) == unrealized
    change(mine, options)
    (holding, _cash) = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.rows
    assert holding.cost == 300 - Decimal(unrealized[1])


def test_what_is_previewed_is_not_stored(mine: Book) -> None:
    head = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    preview(mine, AccountOptions(method=CostMethod.LIFO))
    seen = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert (seen.head, seen.accounts[0].options) == (head, DEFAULT_OPTIONS)


def test_what_changes_no_figure_says_so(mine: Book) -> None:
    assert preview(mine, AccountOptions(method=CostMethod.SPECIFIC)).figures == ()
    # All its cash is of the base currency, which has no rate that could be averaged.
    assert preview(mine, AccountOptions(cash_method=CashMethod.AVERAGE)).figures == ()


def test_accounts_that_are_not_linked_keep_their_figures_and_count_in_the_whole(mine: Book) -> None:
    other = portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Another", currency="USD")
    add(mine, purchase(mine, quantity="1", price="10", account_id=other.id))
    told = preview(mine, AccountOptions(method=CostMethod.LIFO))
    assert {each.account_name for each in told.figures} == {"Broker", ""}
    assert gains(told, None, FigureKind.UNREALIZED) == ["115.00", "220.00"]


def test_what_the_market_has_not_reached_must_be_possible_too(mine: Book) -> None:
    change(mine, SHORTS)
    add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3650 * DAY))
    with pytest.raises(InsufficientQuantity, match="at most 10 AAPL"):
        preview(mine, DEFAULT_OPTIONS, expected=SHORTS)


def test_shorts_cannot_be_forbidden_while_something_is_short(mine: Book) -> None:
    change(mine, SHORTS)
    add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))
    for call in (preview, change):
        with pytest.raises(InsufficientQuantity, match="at most 10 AAPL"):
            call(mine, DEFAULT_OPTIONS, expected=SHORTS)
    assert options_of(mine) == SHORTS


def test_a_short_sale_is_refused_where_the_account_does_not_allow_it(mine: Book) -> None:
    with pytest.raises(ImpossibleLedger):
        add(mine, sale(mine, quantity="15", price="30", at=TRADED + 3 * DAY))


def test_who_decided_on_something_else_decides_again(mine: Book) -> None:
    lifo, hifo = AccountOptions(method=CostMethod.LIFO), AccountOptions(method=CostMethod.HIFO)
    head = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    change(mine, lifo)
    assert change(mine, lifo).options == lifo
    for call in (preview, change):
        with pytest.raises(InvalidDraft, match="meanwhile"):
            call(mine, hifo)
    assert portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id).head == head + 1


def test_what_has_no_price_stands_in_no_way_of_the_others(mine: Book) -> None:
    add(mine, replace(purchase(mine, quantity="1", price="10"), symbol="IBM"))
    told = preview(mine, AccountOptions(method=CostMethod.LIFO))
    assert {each.symbol for each in told.figures} == {"AAPL", None}
    assert gains(told, None, FigureKind.UNREALIZED) == ["95.00", "200.00"]


def test_viewers_and_strangers_change_nothing(mine: Book) -> None:
    for actor, refusal in ((share(mine, "vera", Role.VIEWER), NotAllowed), (person("charlie"), NotFound)):
        for call in (preview, change):
            with pytest.raises(refusal):
                call(replace(mine, owner=actor), SHORTS)
    for call in (preview, change):
        with pytest.raises(NotFound):
            call(replace(mine, account_id="no id"), SHORTS)
