"""How a portfolio is divided, and which trades would bring it nearer to its targets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, OPEN
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.rebalancing import Plan
from tickfolio.errors import NotFound
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import Account, InstrumentRecord
from tickfolio.persistence.tenancy import System
from tickfolio.services.allocation_parts import Dimension, PartName
from tickfolio.services.allocation_targets import Target, targets_change
from tickfolio.services.allocations import Allocation, Asked, Proposal, allocation_of, proposal_for
from tickfolio.services.classifications import Chosen, classification_change
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolios import portfolio_update

pytestmark = pytest.mark.django_db
BEFORE = OPEN - timedelta(days=4)
LATER = OPEN + timedelta(minutes=29)


@pytest.fixture
def mine() -> Book:
    """9,000 dollars paid in; 10 AAPL of 500.00, 5 IBM of 200.00 each, and 3,000 dollars are left."""
    mine = book(person("alice"))
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="USD")
    add(mine, deposit(mine, "9000.00", at=BEFORE))
    add(mine, purchase(mine, quantity="10", price="500.00", at=BEFORE))
    add(mine, purchase(mine, quantity="5", price="200.00", symbol=IBM, at=BEFORE))
    priced("500.00", "200.00")
    return mine


def priced(apple: str, ibm: str) -> None:
    quotes = quote(apple, at=LATER), quote(ibm, symbol=IBM, at=LATER)
    market_changes_record(changes=changes(quotes=quotes, clock=ClockPosition(run=1, at=LATER)))


def of(mine: Book, by: Dimension = Dimension.CLASS) -> Allocation:
    return allocation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, dimension=by)


def values(found: Allocation) -> dict[str, str]:
    return {part.name.key: f"{part.value:f}" for part in found.parts}


def aim(mine: Book, by: Dimension, **percents: str) -> None:
    targets_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        dimension=by,
        targets=[Target(PartName(key), Decimal(percent)) for key, percent in percents.items()],
        tolerance=Decimal(5),
        expected_version=0,
    )


def trades(proposal: Proposal) -> dict[str, tuple[str, str]]:
    assert isinstance(proposal.plan, Plan), proposal.problem
    return {each.key: (f"{each.quantity.normalize():f}", f"{each.amount:f}") for each in proposal.plan.trades}


def test_the_parts_of_each_dimension_sum_to_the_value(mine: Book) -> None:
    assert values(of(mine)) == {"equity": "6000.00", "cash": "3000.00"}
    assert values(of(mine, Dimension.HOLDING)) == {"AAPL": "5000.00", "cash": "3000.00", "IBM": "1000.00"}
    assert values(of(mine, Dimension.ACCOUNT)) == {mine.account_id: "9000.00"}
    assert values(of(mine, Dimension.CURRENCY)) == {"USD": "9000.00"}
    for by in Dimension:
        found = of(mine, by)
        assert sum(part.value for part in found.parts) == found.totals.value == Decimal("9000.00")
        assert sum(part.day or Decimal(0) for part in found.parts) == found.totals.day


def test_what_members_say_an_instrument_is_counts(mine: Book) -> None:
    classification_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        symbol="IBM",
        chosen=Chosen(class_label="Dinosaurs", country="CH"),
        expected_version=0,
    )
    assert values(of(mine))["l:dinosaurs"] == "1000.00"
    assert values(of(mine, Dimension.COUNTRY)) == {"unknown": "5000.00", "cash": "3000.00", "CH": "1000.00"}


def test_cash_is_invested_in_what_is_below_its_target(mine: Book) -> None:
    aim(mine, Dimension.HOLDING, AAPL="60", IBM="40")
    found = of(mine, Dimension.HOLDING)
    assert (found.free_cash, found.cash_to_invest) == (Decimal("3000.00"), Decimal("3000.00"))
    proposal = proposal_for(found, Asked())
    # 5,400.00 and 3,600.00 should be there: 400.00 and 2,600.00 are missing, and 400.00 buy no unit of AAPL.
    assert trades(proposal) == {"IBM": ("13", "2600.00")}
    assert proposal.plan is not None
    assert proposal.plan.cash == Decimal("400.00")
    assert proposal.at == LATER


def test_cash_with_a_target_is_kept_from_what_is_invested(mine: Book) -> None:
    aim(mine, Dimension.CLASS, equity="80", cash="20")
    found = of(mine)
    assert found.cash_to_invest == Decimal("1200.00")
    proposal = proposal_for(found, Asked())
    assert trades(proposal) == {"AAPL": ("2", "1000.00"), "IBM": ("1", "200.00")}


def test_selling_and_taking_out(mine: Book) -> None:
    aim(mine, Dimension.HOLDING, AAPL="10", IBM="30")
    sold = proposal_for(of(mine, Dimension.HOLDING), Asked(invest=Decimal(0), sells=True))
    assert trades(sold) == {"AAPL": ("-8", "-4000.00"), "IBM": ("8", "1600.00")}
    taken = proposal_for(of(mine, Dimension.HOLDING), Asked(withdraw=Decimal(4000)))
    assert trades(taken) == {"AAPL": ("-2", "-1000.00")}
    refused = proposal_for(of(mine, Dimension.HOLDING), Asked(withdraw=Decimal(10_000)))
    assert refused.plan is None
    assert "at most 9000.00 to take out" in refused.problem


def test_units_of_a_foreign_currency_cost_what_they_do_in_the_base_currency(mine: Book) -> None:
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Long term", base_currency="EUR")
    aim(mine, Dimension.HOLDING, IBM="100")
    found = of(mine, Dimension.HOLDING)
    proposal = proposal_for(found, Asked())
    (trade,) = proposal.plan.trades if proposal.plan else ()
    part = next(each for each in found.parts if each.name.key == "IBM")
    assert trade.quantity == 15
    assert abs(trade.amount - part.value * 3) < Decimal("0.02")
    assert found.base == Currency("EUR")


def test_shorts_what_is_delisted_and_what_has_no_price_are_not_traded(mine: Book) -> None:
    Account.objects.for_actor(System("test")).update(allows_shorts=True)
    add(mine, sale(mine, symbol=IBM, quantity="8", price="200.00", at=BEFORE + timedelta(hours=1)))
    found = of(mine, Dimension.HOLDING)
    assert values(found)["IBM"] == "-600.00"
    aim(mine, Dimension.HOLDING, AAPL="50", IBM="50")
    proposal = proposal_for(of(mine, Dimension.HOLDING), Asked(sells=True))
    assert "IBM" not in trades(proposal)
    InstrumentRecord.objects.filter(symbol="AAPL").update(delisted_on="2012-01-01")
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Again", base_currency="USD")
    assert trades(proposal_for(of(mine, Dimension.HOLDING), Asked(sells=True))) == {}


def test_funds_and_crypto_are_bought_in_fractions(mine: Book) -> None:
    InstrumentRecord.objects.filter(symbol="AAPL").update(instrument_class="crypto")
    InstrumentRecord.objects.filter(symbol="IBM").update(instrument_class="fund")
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Again", base_currency="USD")
    aim(mine, Dimension.CLASS, crypto="70", fund="20.5")
    assert trades(proposal_for(of(mine), Asked())) == {
        "AAPL": ("2.6", "1300.00"),
        "IBM": ("4.225", "845.00"),
    }


def test_nothing_held_and_nothing_priced_are_sane() -> None:
    empty = book(person("bob"))
    priced("500.00", "200.00")
    found = of(empty)
    assert not found.parts
    assert not found.unpriced
    assert found.free_cash == 0
    assert "worth more than zero" in proposal_for(found, Asked()).problem
    add(empty, purchase(empty, symbol="HOUSE", currency="EUR", price="100", quantity="1", creates_instrument=True))
    unpriced = of(empty)
    assert [row.symbol for row in unpriced.unpriced] == ["HOUSE"]
    assert values(unpriced) == {"cash": "-100.00"}
    assert proposal_for(unpriced, Asked()).problem


def test_a_dividend_that_is_due_is_a_part_of_its_own(mine: Book) -> None:
    draft = TransactionDraft(
        type=TransactionType.DIVIDEND,
        account_id=mine.account_id,
        at=LATER + timedelta(days=20),
        ex_date=BEFORE.date() + timedelta(days=1),
        symbol=AAPL,
        gross=Decimal("30.00"),
        currency="USD",
    )
    add(mine, draft)
    assert values(of(mine))["due"] == "30.00"
    assert values(of(mine, Dimension.CURRENCY)) == {"USD": "9030.00"}
    aim(mine, Dimension.CLASS, equity="100")
    proposal = proposal_for(of(mine), Asked())
    assert proposal.plan is not None
    assert sum(part.after for part in proposal.plan.parts) == proposal.plan.whole == Decimal("9030.00")


def test_anothers_portfolio_is_not_there(mine: Book) -> None:
    with pytest.raises(NotFound):
        allocation_of(actor=person("mallory"), portfolio_id=mine.portfolio_id, dimension=Dimension.CLASS)
