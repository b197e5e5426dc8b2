"""Corporate actions and bookings together: no ledger becomes impossible by what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import INSTRUMENTS, NEW_OF
from tests.domain.ledger.bookings import AAPL, BANK, BROKER, NEWCO, buy, sell, split, transfer_out
from tests.domain.ledger.test_applied_actions import begins_at
from tickfolio.domain.corporate_actions import (
    ActionFact,
    CapitalRepayment,
    CashDividend,
    CorporateAction,
    Demerger,
    Renaming,
    Split,
    StockDistribution,
    Takeover,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import Outcome, is_derived
from tickfolio.domain.ledger.completed import WithActions, completed
from tickfolio.domain.ledger.cost_basis import no_base_value
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import LotChoice, Transaction
from tickfolio.domain.valuation.base_rates import BaseRates

EX = date(2012, 5, 21)
OPTIONS = {BROKER: AccountOptions(), BANK: AccountOptions()}


def known(transactions: Sequence[Transaction], *actions: CorporateAction) -> WithActions:
    return completed(
        transactions,
        [ActionFact(number, action) for number, action in enumerate(actions, start=1)],
        options=OPTIONS,
        begins_at=begins_at,
        base_value=no_base_value,
    )


def test_without_anything_known_nothing_is_added() -> None:
    transactions = (buy("2012-05-14", "10", "1000 USD"),)
    assert known(transactions) == WithActions(transactions, ())


def test_an_account_whose_bookings_leave_no_room_is_left_out_alone() -> None:
    transactions: list[Transaction] = [
        buy("2012-05-14", "20", "2000 USD"),
        transfer_out("2012-05-15", "10"),
        sell("2012-05-22", "8", "900 USD"),
    ]
    found = known(transactions, Split(AAPL, EX, 1, 2))
    assert {each.account: each.outcome for each in found.outcomes} == {
        BROKER: Outcome.BY_HAND,
        BANK: Outcome.APPLIED,
    }


def test_an_account_that_has_no_room_is_left_out_and_not_the_one_that_bought() -> None:
    sale = replace(sell("2012-05-22", "8", "900 USD"), account=BANK)
    transactions: list[Transaction] = [buy("2012-05-14", "20", "2000 USD"), transfer_out("2012-05-15", "10"), sale]
    found = known(transactions, Split(AAPL, EX, 1, 2))
    assert {each.account: each.outcome for each in found.outcomes} == {
        BROKER: Outcome.APPLIED,
        BANK: Outcome.BY_HAND,
    }


def test_where_it_is_what_came_from_another_account_all_are_left_out() -> None:
    first, second = buy("2012-05-13", "10", "1000 USD"), buy("2012-05-14", "10", "1000 USD")
    # Ten are all of the first lot, or after the split what was ten of each.
    sale = replace(sell("2012-05-23", "8", "900 USD", lots=(LotChoice(first.id, Decimal(8)),)), account=BANK)
    found = known([first, second, transfer_out("2012-05-22", "10"), sale], Split(AAPL, EX, 1, 2))
    assert [(each.account, each.outcome) for each in found.outcomes] == [(BROKER, Outcome.BY_HAND)]


def test_what_leaves_no_room_in_the_account_that_it_goes_to_is_left_out_everywhere() -> None:
    transactions: list[Transaction] = [
        buy("2012-05-14", "10", "1000 USD"),
        transfer_out("2012-05-22", "10"),
        sell("2012-05-23", "4", "500 USD"),
    ]
    found = known(transactions, Split(AAPL, EX, 1, 2))
    assert [each.outcome for each in found.outcomes] == [Outcome.BY_HAND]
    assert found.transactions == tuple(transactions)


def test_what_is_booked_after_a_change_of_symbol_is_looked_at_with_what_it_was() -> None:
    transactions: list[Transaction] = [
        buy("2012-05-14", "10", "1000 USD"),
        sell("2012-05-23", "10", "1100 USD", symbol=NEWCO),
    ]
    found = known(transactions, Renaming(AAPL, EX, NEWCO))
    assert [each.outcome for each in found.outcomes] == [Outcome.APPLIED]


def test_an_own_split_is_not_applied_twice() -> None:
    transactions: list[Transaction] = [buy("2012-05-14", "10", "1000 USD"), split("2012-05-22", 2, 1)]
    assert known(transactions, Split(AAPL, EX, 2, 1)).transactions == tuple(transactions)


def test_instruments_that_have_no_room_are_left_out_one_after_the_other() -> None:
    transactions: list[Transaction] = [
        buy("2012-05-14", "10", "1000 USD"),
        buy("2012-05-14", "10", "1000 USD", symbol=NEWCO),
        sell("2012-05-22", "8", "900 USD"),
        sell("2012-05-22", "8", "900 USD", symbol=NEWCO),
    ]
    found = known(transactions, Split(AAPL, EX, 1, 2), Split(NEWCO, EX, 1, 2))
    assert [each.outcome for each in found.outcomes] == [Outcome.BY_HAND, Outcome.BY_HAND]
    assert found.transactions == tuple(transactions)


def test_what_is_known_is_applied_where_the_lots_go_by_their_worth() -> None:
    cheap, dear = buy("2012-05-13", "10", "100 USD"), buy("2012-05-14", "10", "90 EUR")
    chosen = (LotChoice(cheap.id, Decimal(20)),)
    found = completed(
        [cheap, dear, sell("2012-05-22", "20", "300 USD"), sell("2012-05-23", "20", "300 USD", lots=chosen)],
        [ActionFact(1, Split(AAPL, EX, 2, 1))],
        options={BROKER: AccountOptions(CostMethod.HIFO)},
        begins_at=begins_at,
        base_value=lambda cost: cost.stated.amount * (1 if cost.stated.currency.code == "USD" else 2),
    )
    assert [each.outcome for each in found.outcomes] == [Outcome.APPLIED]


SYMBOLS = st.sampled_from([Symbol(name) for name in (*NEW_OF, *NEW_OF.values())])
DAYS = st.integers(7, 31).map(lambda day: date(2012, 5, day))
RATIOS = st.integers(1, 5)


@st.composite
def any_action(draw: st.DrawFn) -> CorporateAction:
    symbol, day, new, old = draw(SYMBOLS), draw(DAYS), draw(RATIOS), draw(RATIOS)
    currency = INSTRUMENTS[symbol].currency
    other = draw(SYMBOLS.filter(lambda each: each != symbol))
    amount = Decimal(draw(st.integers(1, 500))).scaleb(-2)
    actions: tuple[CorporateAction, ...] = (
        Split(symbol, day, new, old + 5),
        CashDividend(symbol, day, amount, currency),
        StockDistribution(symbol, day, new, old),
        Demerger(symbol, day, other, new, old, Decimal("0.3")),
        Takeover(symbol, day, other, new, old),
        Takeover(symbol, day, other, new, old, amount, currency),
        CapitalRepayment(symbol, day, amount, currency),
        Renaming(symbol, day, other),
    )
    return draw(st.sampled_from(actions))


@given(ledger=any_ledgers(min_size=6), actions=st.lists(any_action(), max_size=5))
def test_whatever_is_known_no_ledger_becomes_impossible_by_it(
    ledger: AnyLedger, actions: list[CorporateAction]
) -> None:
    base_value = BaseRates(ledger.base, ledger.rates).value
    found = completed(
        ledger.transactions,
        [ActionFact(number, action) for number, action in enumerate(actions, start=1)],
        options=ledger.options,
        begins_at=begins_at,
        base_value=base_value,
    )
    fold_all(ledger.options, found.transactions, base_value=base_value)
    assert tuple(each for each in found.transactions if not is_derived(each.id)) == ledger.transactions
