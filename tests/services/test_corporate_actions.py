"""Corporate actions, recorded once: every ledger follows, also where they are late, wrong or withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Demerger, Renaming, Split
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.ledger.applied_actions import Outcome
from tickfolio.domain.ledger.options import AccountOptions, ActionRule
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Row
from tickfolio.errors import InsufficientQuantity, InvalidValue
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.selectors.actions import OPERATOR
from tickfolio.services.account_options import account_options_change
from tickfolio.services.as_of import AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.corporate_actions import actions_of, actions_record, actions_withdraw, currency_of, has_come
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.ledgers import book_of
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.portfolio_values import valuation_of

pytestmark = pytest.mark.django_db
USD = Currency("USD")
NEWCO = Symbol("NEWCO")
FRIDAY, MONDAY = date(2012, 5, 18), date(2012, 5, 21)
SPLIT = Split(AAPL, FRIDAY, new=2, old=1)
DIVIDEND = CashDividend(AAPL, FRIDAY, Decimal("0.50"), USD)


@pytest.fixture(autouse=True)
def market() -> None:
    instruments_register(instruments=[Instrument(each, each, "XNAS", USD) for each in (AAPL, IBM)])
    at = OPEN + timedelta(minutes=29)
    market_changes_record(changes=changes(quotes=(quote("510.00", at=at),), clock=ClockPosition(run=1, at=at)))


@pytest.fixture
def mine() -> Book:
    """10 AAPL since Monday a week ago, in a portfolio in dollars."""
    mine = book(person("alice"))
    add(mine, deposit(mine, "9000.00", at=OPEN - timedelta(days=7)))
    add(mine, purchase(mine, quantity="10", at=OPEN - timedelta(days=7)))
    return mine


def know(*actions: CorporateAction, source: str = "replay") -> int:
    return actions_record(actions=actions, source=source, at=REAL_NOW)


def row_of(mine: Book, prefix: str = "h") -> Row:
    rows = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.rows
    return next(row for row in rows if row.key.startswith(f"{prefix}:"))


def cash(mine: Book) -> Decimal:
    return row_of(mine, "c").quantity


def outcomes(mine: Book) -> list[Outcome]:
    return [each.outcome for each in book_of(actor=mine.owner, portfolio_id=mine.portfolio_id).outcomes]


def test_a_split_that_becomes_known_late_changes_the_units_and_not_the_cost(mine: Book) -> None:
    before = row_of(mine)
    know(SPLIT)
    after = row_of(mine)
    assert (before.quantity, after.quantity) == (Decimal(10), Decimal(20))
    assert before.cost == after.cost
    assert outcomes(mine) == [Outcome.APPLIED]


def test_a_dividend_that_becomes_known_late_heals_the_past(mine: Book) -> None:
    before = cash(mine)
    day = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(FRIDAY))
    know(DIVIDEND)
    healed = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(FRIDAY))
    assert cash(mine) - before == Decimal("5.00")
    assert sum(each.parts.income for each in day.contributions) == 0
    assert sum(each.parts.income for each in healed.contributions) == Decimal("3.94")  # euros
    assert healed.change is not None
    assert healed.change.flows == 0


def test_a_correction_is_a_later_version_and_a_withdrawal_ends_it(mine: Book) -> None:
    before = cash(mine)
    assert know(DIVIDEND) == 1
    assert know(DIVIDEND) == 0
    corrected = CashDividend(AAPL, FRIDAY, Decimal("0.60"), USD)
    assert know(corrected) == 1
    assert cash(mine) - before == Decimal("6.00")
    assert [(each.version, each.fact.action) for each in actions_of(symbol=AAPL)] == [(2, corrected)]
    assert actions_withdraw(actions=[corrected], at=REAL_NOW) == 1
    assert actions_withdraw(actions=[corrected], at=REAL_NOW) == 0
    assert cash(mine) == before
    assert know(corrected, source=OPERATOR) == 1
    assert cash(mine) - before == Decimal("6.00")


def test_what_the_operator_says_goes_before_a_feed(mine: Book) -> None:
    before = cash(mine)
    know(DIVIDEND, source=OPERATOR)
    know(CashDividend(AAPL, FRIDAY, Decimal(9), USD))
    assert cash(mine) - before == Decimal("5.00")


def test_what_is_booked_itself_is_not_applied_as_well(mine: Book) -> None:
    know(DIVIDEND)
    with_fact = cash(mine)
    add(
        mine,
        TransactionDraft(
            type=TransactionType.DIVIDEND,
            account_id=mine.account_id,
            at=OPEN - timedelta(hours=1),
            symbol=AAPL,
            gross=Decimal("5.00"),
            taxes=Decimal("0.75"),
            currency="USD",
            ex_date=FRIDAY,
        ),
    )
    assert outcomes(mine) == [Outcome.OWN]
    assert cash(mine) == with_fact - Decimal("0.75")


def test_what_is_booked_after_a_split_may_need_it(mine: Book) -> None:
    with pytest.raises(InsufficientQuantity):
        add(mine, sale(mine, quantity="15", at=OPEN))
    know(SPLIT)
    add(mine, sale(mine, quantity="15", at=OPEN))
    assert row_of(mine).quantity == 5


def test_an_action_for_which_bookings_leave_no_room_is_told_and_not_applied(mine: Book) -> None:
    add(mine, sale(mine, quantity="8", at=OPEN))
    know(Split(AAPL, FRIDAY, new=1, old=2))
    assert row_of(mine).quantity == 2
    assert outcomes(mine) == [Outcome.BY_HAND]
    with pytest.raises(InsufficientQuantity):
        add(mine, sale(mine, quantity="3", at=OPEN + timedelta(minutes=1)))


def test_the_accounts_rule_decides_and_can_be_changed(mine: Book) -> None:
    know(DIVIDEND, SPLIT)
    before = cash(mine)
    account_options_change(
        actor=mine.owner,
        portfolio_id=mine.portfolio_id,
        account_id=mine.account_id,
        options=AccountOptions(actions=ActionRule.UNITS),
        expected=AccountOptions(),
    )
    assert before - cash(mine) == Decimal("5.00")
    assert row_of(mine).quantity == 20


def test_a_new_symbol_takes_the_holding_along(mine: Book) -> None:
    know(Renaming(AAPL, FRIDAY, IBM))
    row = row_of(mine)
    assert (row.symbol, row.quantity) == (IBM, Decimal(10))


def test_an_instrument_that_no_feed_offers_is_refused() -> None:
    spun_off = Demerger(AAPL, FRIDAY, Symbol("NEWCO"), new=1, old=4, cost_share=Decimal("0.10"))
    with pytest.raises(InvalidValue, match="Expected instruments that a feed offers, was NEWCO"):
        know(spun_off)
    with pytest.raises(InvalidValue, match="Expected instruments that a feed offers, was NEWCO"):
        know(Renaming(Symbol("OTHER"), FRIDAY, Symbol("NEWCO")))
    assert actions_of() == ()


def test_a_new_symbol_that_nobody_had_is_the_same_instrument(mine: Book) -> None:
    know(SPLIT, DIVIDEND)
    know(Renaming(AAPL, MONDAY, NEWCO))
    row = row_of(mine)
    assert (row.symbol, row.quantity, row.price) == (NEWCO, Decimal(20), Decimal("510.00"))
    assert [(each.fact.action.symbol, each.kind) for each in actions_of()] == [
        (AAPL, "split"),
        (AAPL, "cash_dividend"),
        (AAPL, "symbol_change"),
    ]
    assert know(SPLIT, DIVIDEND, Renaming(AAPL, MONDAY, NEWCO)) == 0
    assert currency_of(AAPL) == currency_of(NEWCO) == USD


def test_a_new_symbol_that_never_was_is_taken_back_and_not_given_again(mine: Book) -> None:
    change = Renaming(AAPL, MONDAY, NEWCO)
    know(change)
    assert actions_withdraw(actions=[change], at=REAL_NOW) == 1
    assert (row_of(mine).symbol, currency_of(NEWCO)) == (AAPL, None)
    assert know(change) == 0
    assert row_of(mine).symbol == AAPL


def test_a_new_symbol_of_a_day_to_come_waits_until_then() -> None:
    with pytest.raises(InvalidValue, match="was NEWCO"):
        know(Renaming(AAPL, REAL_NOW.date() + timedelta(days=1), NEWCO))


def test_a_new_symbol_of_another_instrument_takes_the_holding_along_when_its_day_has_come(mine: Book) -> None:
    know(Renaming(AAPL, MONDAY + timedelta(days=1), IBM))
    assert row_of(mine).symbol == AAPL
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=OPEN + timedelta(days=1))))
    assert row_of(mine).symbol == IBM


@pytest.mark.parametrize(
    ("mic", "begins"),
    [
        ("XNYS", datetime(2012, 5, 21, 4, 0, tzinfo=UTC)),
        ("XTKS", datetime(2012, 5, 20, 15, 0, tzinfo=UTC)),
        (PRIVATE_MIC, datetime(2012, 5, 21, tzinfo=UTC)),
    ],
)
def test_a_day_has_come_when_it_begins_at_the_exchange(mic: str, begins: datetime) -> None:
    """In New York, midnight is at 04:00 UTC in May; in Tokyo at 15:00 of the day before."""
    other = Symbol("OTHER")
    instruments_register(instruments=[Instrument(other, "Other", mic, USD)])
    change = Renaming(other, MONDAY, NEWCO)
    assert not has_come(change, at=begins - timedelta(seconds=1))
    assert has_come(change, at=begins)
    assert has_come(replace(change, symbol=Symbol("NOBODY")), at=datetime(2012, 5, 21, tzinfo=UTC))


def test_a_new_symbol_is_not_taken_on_the_evening_before_where_its_instrument_is_traded(mine: Book) -> None:
    """At 20:30 in New York the day of Greenwich has begun, and the shares go on under the old symbol until midnight."""
    change, evening = Renaming(AAPL, MONDAY, NEWCO), datetime(2012, 5, 21, 0, 30, tzinfo=UTC)
    with pytest.raises(InvalidValue, match="was NEWCO"):
        actions_record(actions=[change], source="vendor", at=evening)
    assert row_of(mine).symbol == AAPL
    actions_record(actions=[change], source="vendor", at=evening + timedelta(hours=4))
    assert row_of(mine).symbol == NEWCO


def test_two_portfolios_have_each_their_own(mine: Book) -> None:
    other = book(person("bob"))
    add(other, deposit(other, "9000.00", at=OPEN - timedelta(days=7)))
    add(other, purchase(other, quantity="3", at=OPEN - timedelta(days=7)))
    know(SPLIT)
    assert (row_of(mine).quantity, row_of(other).quantity) == (Decimal(20), Decimal(6))
