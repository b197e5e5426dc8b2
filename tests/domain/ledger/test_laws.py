"""Laws of the fold over every type of transaction and every option, beside those of test_any_ledger.

docs/explanation/laws.md lists all laws of the ledger and of its valuation, each with the test that shows it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.postings import postings
from tests.domain.ledger.states import State, by_position, state_of, total_gain
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all, open_ledgers
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.positions import Position
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Booking,
    Buy,
    Sell,
    Split,
    SymbolChange,
    Transaction,
    TransactionId,
    TransferOut,
    in_ledger_order,
)
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.gains import cost_basis
from tickfolio.errors import ImpossibleLedger, InsufficientQuantity

type Ledgers = dict[AccountId, AccountLedger]


def folded(ledger: AnyLedger) -> Ledgers:
    return fold_all(ledger.options, ledger.transactions, base_value=rates_of(ledger).value)


def rates_of(ledger: AnyLedger) -> BaseRates:
    return BaseRates(ledger.base, ledger.rates)


def long_positions(ledgers: Ledgers) -> list[tuple[AccountId, Position]]:
    return [
        (account, position)
        for account, found in ledgers.items()
        for position in found.positions.values()
        if position.quantity > 0
    ]


def last(ledger: AnyLedger, account: AccountId) -> Booking:
    """The place of one more transaction."""
    return Booking(id=TransactionId("last"), account=account, at=ledger.end, sequence=10**6)


@given(ledger=any_ledgers(), seed=st.integers(0, 2**16))
def test_the_order_in_which_transactions_are_given_changes_nothing(ledger: AnyLedger, seed: int) -> None:
    shuffled = list(ledger.transactions)
    Random(seed).shuffle(shuffled)
    assert state_of(folded(replace(ledger, transactions=tuple(shuffled)))) == state_of(folded(ledger))


@given(ledger=any_ledgers(), first=st.integers(0, 30))
def test_what_is_booked_on_is_what_is_folded_at_once(ledger: AnyLedger, first: int) -> None:
    ledgers = open_ledgers(ledger.options, base_value=rates_of(ledger).value)
    for number, transaction in enumerate(in_ledger_order(ledger.transactions)):
        if number == first:
            state_of(ledgers)  # whoever looks on the way changes nothing
        ledgers[transaction.account].book(transaction)
    assert state_of(ledgers) == state_of(folded(ledger))


@given(any_ledgers())
def test_cash_is_what_the_postings_of_every_type_sum_to(ledger: AnyLedger) -> None:
    totals: dict[tuple[AccountId, Currency], Decimal] = {}
    for transaction in ledger.transactions:
        for account, money in postings(transaction):
            key = account, money.currency
            totals[key] = EXACT.add(totals.get(key, Decimal(0)), money.amount)
    balances = {
        (account, currency): cash.balance
        for account, found in folded(ledger).items()
        for currency, cash in found.cash.items()
    }
    assert {key: amount for key, amount in balances.items() if amount} == {
        key: amount for key, amount in totals.items() if amount
    }


@given(any_ledgers())
def test_lots_have_the_sign_of_the_position_and_no_cost_is_below_zero(ledger: AnyLedger) -> None:
    for found in folded(ledger).values():
        for position in found.positions.values():
            signs = {lot.quantity > 0 for lot in position.lots if lot.quantity}
            assert signs == ({position.quantity > 0} if position.quantity else set())
            assert all(cost.stated.amount >= 0 for cost in position.costs())
            assert all(lot.cost.stated.amount >= 0 for lot in position.open_lots())
            assert all(lot.acquired_at <= lot.closed_at for lot in position.closed)
            assert all(min(lot.cost.stated.amount, lot.proceeds.stated.amount) >= 0 for lot in position.closed)


@given(any_ledgers())
def test_what_an_average_costs_is_its_pool_to_the_last_digit(ledger: AnyLedger) -> None:
    for found in folded(ledger).values():
        for position in found.positions.values():
            assert (position.pool is not None) is (position.is_averaged and bool(position.lots))
            shown = sum((lot.cost.stated.amount for lot in position.open_lots()), Decimal(0))
            assert shown == sum((cost.stated.amount for cost in position.costs()), Decimal(0))


@given(ledger=any_ledgers(min_size=4), ratio=st.sampled_from([(2, 1), (3, 1), (5, 2), (1, 3), (7, 4)]))
def test_a_split_keeps_cost_dates_and_gains_of_every_lot(ledger: AnyLedger, ratio: tuple[int, int]) -> None:
    before, rates = folded(ledger), rates_of(ledger)
    new, old = ratio
    for account, position in long_positions(before)[:1]:
        place = last(ledger, account)
        split = Split(
            id=place.id, account=account, at=place.at, sequence=place.sequence, symbol=position.symbol, new=new, old=old
        )
        after_all = folded(replace(ledger, transactions=(*ledger.transactions, split)))
        after = after_all[account].position(position.symbol)
        assert after.quantity == split_quantity(position.quantity, new=new, old=old)
        assert sum((lot.quantity for lot in after.lots), Decimal(0)) == after.quantity
        assert [lot.cost for lot in after.lots] == [lot.cost for lot in position.lots]
        assert (after.pool, after.closed) == (position.pool, position.closed)
        assert cost_basis(after, rates) == cost_basis(position, rates)
        gains = [total_gain(each, rates, ledger.end, worth=by_position) for each in (before, after_all)]
        assert gains[0] == gains[1]


@given(any_ledgers(min_size=4))
def test_another_symbol_keeps_lots_and_gains(ledger: AnyLedger) -> None:
    before, rates = folded(ledger), rates_of(ledger)
    for account, position in long_positions(before)[:1]:
        place, other = last(ledger, account), Symbol("OTHER")
        change = SymbolChange(
            id=place.id,
            account=account,
            at=place.at,
            sequence=place.sequence,
            symbol=position.symbol,
            new_symbol=other,
        )
        after = folded(replace(ledger, transactions=(*ledger.transactions, change)))
        assert after[account].position(other).open_lots() == position.open_lots()
        assert after[account].position(other).quantity == position.quantity
        assert after[account].position(position.symbol).quantity == 0
        assert total_gain(after, rates, ledger.end) == total_gain(before, rates, ledger.end)


@given(ledger=any_ledgers(min_size=4), tenths=st.integers(1, 10))
def test_a_transfer_within_the_portfolio_changes_no_gain_of_it(ledger: AnyLedger, tenths: int) -> None:
    before, rates = folded(ledger), rates_of(ledger)
    for account, position in long_positions(before)[:1]:
        (other,) = (each for each in before if each != account)
        if before[other].position(position.symbol).quantity < 0:
            continue
        place = last(ledger, account)
        transfer = TransferOut(
            id=place.id,
            account=account,
            at=place.at,
            sequence=place.sequence,
            symbol=position.symbol,
            quantity=part_of(position.quantity, tenths),
            to_account=other,
        )
        after = folded(replace(ledger, transactions=(*ledger.transactions, transfer)))
        units = [each[account_].position(position.symbol).quantity for each in (before, after) for account_ in each]
        assert units[0] + units[1] == units[2] + units[3]
        assert total_gain(after, rates, ledger.end) == total_gain(before, rates, ledger.end)


def part_of(quantity: Decimal, tenths: int) -> Decimal:
    part = (quantity * tenths / 10).quantize(Decimal("1E-12"))
    return part if 0 < part <= quantity else quantity


@given(ledger=any_ledgers(), method=st.sampled_from(CostMethod), fees_in_cost=st.booleans())
def test_another_method_moves_gains_from_one_part_to_another_and_never_their_sum(
    ledger: AnyLedger, method: CostMethod, *, fees_in_cost: bool
) -> None:
    # Lots that are chosen need not be there with another method, and what leaves the portfolio leaves it at its cost.
    plain = replace(ledger, transactions=tuple(without_lots(each) for each in ledger.transactions if stays(each)))
    other = {
        account: replace(options, method=method, fees_in_cost=fees_in_cost)
        for account, options in ledger.options.items()
    }
    rates = rates_of(ledger)
    try:
        before, after = folded(plain), folded(replace(plain, options=other))
    except ImpossibleLedger:  # without what left, more is held or less is short
        return
    assert total_gain(after, rates, ledger.end) == total_gain(before, rates, ledger.end)


def without_lots(transaction: Transaction) -> Transaction:
    return replace(transaction, lots=()) if isinstance(transaction, Sell | TransferOut) else transaction


def stays(transaction: Transaction) -> bool:
    return not (isinstance(transaction, TransferOut) and transaction.to_account is None)


@given(ledger=any_ledgers(min_size=4), excess=st.integers(1, 10**6))
def test_what_is_refused_changes_nothing(ledger: AnyLedger, excess: int) -> None:
    strict = {account: replace(options, allows_shorts=False) for account, options in ledger.options.items()}
    longs = [each for each in ledger.transactions if isinstance(each, Buy)]
    ledgers = fold_all(strict, longs, base_value=rates_of(ledger).value)
    before = state_of(ledgers)
    for account, position in long_positions(ledgers):
        more = EXACT.add(position.quantity, Decimal(excess).scaleb(-3))
        sale = sale_of(ledger, account, position.symbol, more)
        with pytest.raises(InsufficientQuantity) as refused:
            ledgers[account].book(sale)
        assert refused.value.shortfall == EXACT.subtract(more, position.quantity)
        chosen = LotChoice(position.lots[0].transaction, EXACT.add(position.lots[0].quantity, Decimal("0.001")))
        if chosen.quantity <= position.quantity:
            with pytest.raises(ImpossibleLedger):
                ledgers[account].book(replace(sale, quantity=position.quantity, lots=(chosen,)))
        transfer = TransferOut(
            id=sale.id, account=account, at=sale.at, sequence=sale.sequence, symbol=position.symbol, quantity=more
        )
        with pytest.raises(InsufficientQuantity):
            ledgers[account].book(transfer)
    assert state_of(ledgers) == before


def sale_of(ledger: AnyLedger, account: AccountId, symbol: Symbol, quantity: Decimal) -> Sell:
    place, nothing = last(ledger, account), Money(Decimal(0), ledger.base)
    return Sell(
        id=place.id,
        account=account,
        at=place.at,
        sequence=place.sequence,
        symbol=symbol,
        quantity=quantity,
        price=Decimal(1),
        gross=nothing,
        fees=nothing,
        taxes=nothing,
    )


def test_two_states_that_differ_are_told_apart() -> None:
    empty: State = state_of(open_ledgers({AccountId("bank"): AccountOptions()}))
    assert empty != state_of({})
