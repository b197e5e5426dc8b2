"""What an edit reaches, and that folding that alone gives what folding everything would."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

from tests.domain.ledger.any_edit import edited
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    buy,
    cash_transfer,
    deposit,
    exchange,
    fee,
    interest,
    sell,
    symbol_change,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.edits import Edit, edit_between
from tickfolio.domain.ledger.ledger import AccountLedger
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS
from tickfolio.domain.ledger.transactions import Transaction, in_ledger_order
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.reached import ReachedAccounts
from tickfolio.errors import TickfolioError

SAP, EUR = Symbol("SAP"), Currency("EUR")


def in_order(*transactions: Transaction) -> list[Transaction]:
    return in_ledger_order(transactions)


def state_of(ledger: AccountLedger) -> str:
    """All that a ledger says, to the last place of each number."""
    return repr(
        (
            [
                (symbol, each.quantity, each.lots, each.pool, each.closed, each.splits, each.incomes, each.charges)
                for symbol, each in sorted(ledger.positions.items())
            ],
            [
                (currency.code, each.balance, each.flows, each.charges, each.incomes, each.lots, each.reliefs)
                for currency, each in sorted(ledger.cash.items(), key=lambda item: item[0].code)
            ],
            sorted(ledger.receivables.items()),
            ledger.lot_flows,
            sorted(ledger.effects.items()),
            ledger.last,
        )
    )


def states_of(accounts: ReachedAccounts) -> list[str]:
    return [state_of(ledger) for ledger in accounts.ledgers.values()]


def refusal(work: Callable[[], object]) -> str:
    """Why something cannot be done; empty where it can."""
    try:
        work()
    except TickfolioError as error:
        return f"{type(error)}: {error}"
    return ""


def reached(ledger: AnyLedger, transactions: Sequence[Transaction], until: timedelta) -> ReachedAccounts:
    made = ReachedAccounts(ledger.options, transactions, base_value=BaseRates(ledger.base, ledger.rates).value)
    made.advance(ledger.end + until)
    return made


@given(
    ledger=any_ledgers(min_size=6, max_size=40),
    seed=st.integers(0, 2**32),
    comes=st.booleans(),
    until=st.integers(-30, 10).map(lambda days: timedelta(days=days)),
)
def test_what_an_edit_leaves_is_what_folding_all_anew_gives(
    ledger: AnyLedger, seed: int, comes: bool, until: timedelta
) -> None:
    before, after = ledger.transactions, edited(ledger.transactions, Random(seed))
    if comes:
        before, after = tuple(after), list(before)
    try:
        mended = reached(ledger, before, until)
    except TickfolioError:
        assume(False)
    why = refusal(lambda: reached(ledger, after, until))
    edits: list[Edit | None] = []
    refused = refusal(lambda: edits.append(mended.mend(after)))
    if edits == [None]:
        event("all anew")
        return
    event("a part anew")
    assert refused == why
    if not refused:
        anew = reached(ledger, after, until)
        assert states_of(mended) == states_of(anew)
        later = ledger.end + timedelta(days=400)
        assert refusal(lambda: mended.advance(later)) == refusal(lambda: anew.advance(later))
        assert states_of(mended) == states_of(anew)


def test_an_edit_reaches_its_instrument_and_its_cash_and_nothing_else() -> None:
    first, other = buy("2012-05-14", "1", "1 USD"), buy("2012-05-15", "1", "1 EUR", symbol=SAP)
    sale = sell("2012-05-16", "1", "2 USD")
    edit = edit_between(in_order(first, other), in_order(first, other, sale))
    assert edit is not None
    assert (edit.changed, edit.symbols, {str(each) for each in edit.currencies}) == ({sale.id}, {AAPL}, {"USD"})
    assert edit.again == [first, sale]


def test_an_edit_reaches_what_came_of_its_instrument() -> None:
    bought, renamed = buy("2012-05-14", "1", "1 USD"), symbol_change("2012-05-15")
    edit = edit_between(in_order(bought, renamed), in_order(replace(bought, quantity=bought.quantity * 2), renamed))
    assert edit is not None
    assert edit.symbols == {AAPL, renamed.new_symbol}
    assert len(edit.again) == 2


def test_cash_that_went_to_another_account_goes_again_with_the_lots_that_are_there_now() -> None:
    paid, more = deposit("2012-05-14", "5 EUR"), deposit("2012-05-13", "2 EUR")
    gone = cash_transfer("2012-05-15", "5 EUR")
    accounts = ReachedAccounts({BROKER: DEFAULT_OPTIONS, BANK: DEFAULT_OPTIONS}, [paid, gone])
    accounts.advance(gone.at)
    assert accounts.mend([paid, more, gone]) is not None
    (flow,) = accounts.ledgers[BANK].cash[EUR].flows
    assert [f"{each.amount} of {each.value.at:%d}" for each in flow.lots or ()] == ["2 of 13", "3 of 14"]
    assert accounts.ledgers[BROKER].cash[EUR].balance == 2


def test_what_has_no_place_of_its_own_is_for_the_whole_fold_to_refuse() -> None:
    one = deposit("2012-05-14", "5 EUR")
    assert edit_between([one], [one, replace(one, id=fee("2012-05-14", "1 EUR").id)]) is None
    assert edit_between([one], [one, replace(one, sequence=one.sequence + 1)]) is None
    assert edit_between([one, replace(one, sequence=one.sequence + 1)], [one]) is None


def test_what_stayed_the_same_is_no_edit_and_what_went_is_one() -> None:
    kept, gone = buy("2012-05-14", "1", "1 USD"), buy("2012-05-15", "1", "1 EUR", symbol=SAP)
    edit = edit_between(in_order(kept, gone), [replace(kept)])
    assert edit is not None
    assert (edit.changed, edit.symbols, edit.currencies) == ({gone.id}, {SAP}, {EUR})
    assert (edit.again, edit.places) == ([], {kept.id: 0})


def test_an_edit_reaches_what_a_transaction_was_and_what_it_is_now() -> None:
    bought = buy("2012-05-14", "1", "1 USD")
    other = buy("2012-05-15", "1", "1 EUR", symbol=SAP)
    edit = edit_between([bought], [replace(bought, symbol=Symbol("IBM")), other])
    assert edit is not None
    assert (edit.changed, edit.symbols) == ({bought.id, other.id}, {AAPL, SAP, Symbol("IBM")})


def test_both_currencies_of_an_exchange_are_reached() -> None:
    edit = edit_between([], [exchange("2012-05-14", "1 EUR", "1 USD")])
    assert edit is not None
    assert {str(each) for each in edit.currencies} == {"EUR", "USD"}
    assert edit.symbols == set()


def test_interest_and_charges_of_cash_stay_through_an_edit_of_it() -> None:
    more, earned, paid = deposit("2012-05-13", "2 EUR"), interest("2012-05-14", "5 EUR"), fee("2012-05-15", "1 EUR")
    accounts = ReachedAccounts({BROKER: DEFAULT_OPTIONS}, [earned, paid])
    accounts.advance(paid.at)
    assert accounts.mend([more, earned, paid]) is not None
    cash = accounts.ledgers[BROKER].cash[EUR]
    assert [each.transaction for each in cash.incomes] == [earned.id]
    assert [each.transaction for each in cash.charges] == [paid.id]
    assert cash.balance == 6
