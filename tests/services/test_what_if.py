"""A sale tried out: what each method would take of the lots that are open, and what cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.live.market import IBM
from tests.services.ledger_entries import Book, add, book, person, purchase, sale, share
from tests.services.tried_sales import at, sold_short, three_lots, without_cost
from tests.web.visits import set_market_clock
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.gain_rows import Term
from tickfolio.domain.valuation.holding_periods import HoldingPeriods
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.tenancy import Role
from tickfolio.services.account_options import account_options_change
from tickfolio.services.holding_periods import holding_periods_change
from tickfolio.services.ledgers import book_of
from tickfolio.services.what_if import Asked, WhatIf, what_if

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def mine() -> Book:
    set_market_clock()
    return book(person("alice"))


def tried(
    mine: Book, quantity: str | None = None, *, picks: tuple[LotChoice, ...] = (), symbol: str = "AAPL"
) -> WhatIf:
    asked = Asked(mine.account_id, symbol, None if quantity is None else D(quantity), picks)
    return what_if(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=asked)


def choose(mine: Book, options: AccountOptions) -> None:
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=options,
        expected=AccountOptions(),
    )


def test_all_that_is_held_is_meant_unless_said_and_nothing_is_booked(mine: Book) -> None:
    three_lots(mine)
    head = book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).head
    found = tried(mine)
    assert (found.quantity, found.held, found.head) == (D("60.123456790"), D("60.123456790"), head)
    for outcome in found.outcomes:
        assert sum(lot.quantity for lot in outcome.used) == found.quantity
        assert outcome.left == 0
    assert book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).head == head


def test_the_method_of_the_account_is_first_and_marked(mine: Book) -> None:
    choose(mine, AccountOptions(CostMethod.LIFO))
    three_lots(mine)
    found = tried(mine, "1")
    assert [(each.method, each.is_own) for each in found.outcomes] == [
        (CostMethod.LIFO, True),
        (CostMethod.FIFO, False),
        (CostMethod.HIFO, False),
        (CostMethod.AVERAGE, False),
    ]
    choose_specific = AccountOptions(CostMethod.SPECIFIC)
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=choose_specific,
        expected=AccountOptions(CostMethod.LIFO),
    )
    assert [each.method for each in tried(mine, "1").outcomes][:2] == [CostMethod.SPECIFIC, CostMethod.FIFO]


def test_lots_that_are_picked_are_a_row_of_their_own_and_the_rest_follows_the_account(mine: Book) -> None:
    three_lots(mine)
    first, _, third = tried(mine).lots
    found = tried(mine, "14", picks=(LotChoice(TransactionId(third.transaction_id), D(12)),))
    picked, own, *_ = found.outcomes
    assert (picked.is_own, picked.is_picked, own.is_own) == (True, True, False)
    assert [(lot.transaction_id, lot.quantity) for lot in picked.used] == [
        (third.transaction_id, D(12)),
        (first.transaction_id, D(2)),
    ]
    gone = LotChoice(TransactionId(third.transaction_id), D(13))
    assert "at most 12" in tried(mine, "14", picks=(gone,)).outcomes[0].problem
    with pytest.raises(InvalidValue, match="chosen lots of at most 11"):
        tried(mine, "11", picks=(LotChoice(TransactionId(third.transaction_id), D(12)),))


def test_the_holding_period_is_counted_as_the_portfolio_counts(mine: Book) -> None:
    three_lots(mine)
    lots = tried(mine).outcomes[0].used
    assert [(lot.acquired, lot.term) for lot in lots] == [
        (date(2010, 3, 15), Term.LONG),
        (date(2011, 8, 8), Term.SHORT),
        (date(2012, 4, 20), Term.SHORT),
    ]
    holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=HoldingPeriods(long_term_months=9))
    assert [lot.term for lot in tried(mine).outcomes[0].used] == [Term.LONG, Term.LONG, Term.SHORT]
    holding_periods_change(actor=mine.owner, portfolio_id=mine.portfolio_id, periods=HoldingPeriods(long_term_months=0))
    assert {lot.term for lot in tried(mine).outcomes[0].used} == {None}


def test_more_than_is_held_names_by_how_much_unless_the_account_sells_short(mine: Book) -> None:
    three_lots(mine)
    found = tried(mine, "61")
    assert (found.excess, found.outcomes) == (D("0.876543210"), ())
    choose(mine, AccountOptions(allows_shorts=True))
    found = tried(mine, "61")
    assert found.excess == 0
    assert sum(lot.quantity for lot in found.outcomes[0].used) == found.held
    assert isinstance(found.outcomes[0].left, Decimal)


def test_what_is_short_is_bought_back_and_never_beyond(mine: Book) -> None:
    choose(mine, AccountOptions(allows_shorts=True))
    sold_short(mine)
    found = tried(mine, "8")
    assert (found.is_short, found.held, found.lots) == (True, D("-13.2"), ())
    assert [lot.quantity for lot in found.outcomes[0].used] == [D("7.3"), D("0.7")]
    assert tried(mine, "14").excess == D("0.8")


def test_an_unknown_cost_is_not_available_and_says_why(mine: Book) -> None:
    without_cost(mine)
    own = tried(mine, "5").outcomes[0]
    assert own.used[0].base == NotAvailable("what was transferred in on 2011-01-03 came without its cost")
    assert isinstance(own.used[0].opened, NotAvailable)
    assert isinstance(own.used[0].days, NotAvailable)
    assert isinstance(tried(mine, "1").outcomes[0].left, NotAvailable)
    # What goes last in first out was bought.
    assert isinstance(tried(mine, "5").outcomes[1].used[0].base, Decimal)


def test_there_is_a_price_only_where_one_is_recorded(mine: Book) -> None:
    three_lots(mine)
    assert tried(mine).price is None
    assert isinstance(tried(mine).rate, Decimal)


def test_what_is_not_held_and_a_quantity_that_cannot_be_are_refused(mine: Book) -> None:
    add(mine, purchase(mine))
    with pytest.raises(InvalidValue, match="held in this account, was 'IBM'"):
        tried(mine, symbol=IBM)
    with pytest.raises(InvalidValue, match="above zero"):
        tried(mine, "0")
    add(mine, sale(mine, at=at("2011-06-01T15:00")))
    with pytest.raises(InvalidValue, match="held in this account"):
        tried(mine)
    with pytest.raises(InvalidValue, match="held in this account"):
        what_if(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked("no-account", "AAPL"))


def test_who_sees_the_portfolio_may_ask_and_nobody_else(mine: Book) -> None:
    add(mine, purchase(mine))
    viewer = share(mine, "vera", Role.VIEWER)
    asked = Asked(mine.account_id, "aapl ")
    assert what_if(actor=viewer, portfolio_id=mine.portfolio_id, asked=asked).held == 10
    with pytest.raises(NotFound):
        what_if(actor=person("mallory"), portfolio_id=mine.portfolio_id, asked=asked)
