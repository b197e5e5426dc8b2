"""What a transaction touches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    BANK,
    BROKER,
    NEWCO,
    buy,
    cash_transfer,
    deposit,
    dividend,
    merger,
    moment,
    settled,
    split,
    symbol_change,
    transfer_out,
)
from tests.domain.ledger.test_transactions import EVERY_TYPE
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS
from tickfolio.domain.ledger.touches import (
    accounts_of,
    cash_of,
    counts_from,
    currencies_of,
    linked_accounts,
    linked_symbols,
    symbols_of,
)
from tickfolio.domain.ledger.transactions import AccountId, SpinOff, Split, Transaction, TransactionType


@pytest.mark.parametrize("kind", TransactionType)
def test_what_is_booked_is_what_is_touched(kind: TransactionType) -> None:
    transaction = EVERY_TYPE[kind]
    before: list[Transaction] = [buy("2012-05-20", "10", "100 USD"), deposit("2012-05-20", "100 EUR")]
    options = {BROKER: DEFAULT_OPTIONS, BANK: DEFAULT_OPTIONS}
    changed = set()
    plain, booked = fold_all(options, before), fold_all(options, [*before, transaction])
    for account, ledger in booked.items():
        if _told(ledger) != _told(plain[account]):
            changed.add(account)
        for symbol, position in ledger.positions.items():
            known = plain[account].positions.get(symbol)
            if known is None or (position.quantity, position.incomes) != (known.quantity, known.incomes):
                assert symbol in symbols_of(transaction)
        for currency, cash in ledger.cash.items():
            known_cash = plain[account].cash.get(currency)
            if known_cash is None or cash.flows != known_cash.flows:
                assert currency in currencies_of(transaction)
    assert changed == set(accounts_of(transaction))


def _told(ledger: AccountLedger) -> object:
    positions = [
        (symbol, held.quantity, held.lots, held.closed, held.charges, held.splits)
        for symbol, held in ledger.positions.items()
    ]
    return positions, [cash.flows for cash in ledger.cash.values()], ledger.lot_flows, ledger.effects


def test_the_cash_of_a_trade_is_what_it_was_settled_in() -> None:
    trade = buy("2012-05-21", "1", "1 USD", settlement=settled("1 EUR", rate="1"))
    assert [currency.code for currency in currencies_of(trade)] == ["EUR"]


def test_a_change_of_capital_pays_what_it_names() -> None:
    paid = merger("2012-05-21", 1, 2, cash="5 USD", in_lieu="1 USD")
    assert [str(money.amount) for money in cash_of(paid)] == ["5", "1"]
    unpaid: list[Split | SpinOff] = [split("2012-05-21", 2, 1)]
    assert [cash_of(each) for each in unpaid] == [()]


def test_accounts_are_linked_by_what_goes_between_them() -> None:
    other = AccountId("other")
    apart: list[Transaction] = [deposit("2012-05-21", "1 EUR")]
    assert linked_accounts([BROKER, BANK, other], apart) == [(BROKER,), (BANK,), (other,)]
    assert linked_accounts([BROKER, BANK, other], [cash_transfer("2012-05-21", "1 EUR")]) == [(BROKER, BANK), (other,)]
    both: list[Transaction] = [cash_transfer("2012-05-21", "1 EUR"), transfer_out("2012-05-21", "1", to=other)]
    assert linked_accounts([BROKER, BANK, other], both) == [(BROKER, BANK, other)]
    late: list[Transaction] = [*apart, transfer_out("2012-05-21", "1", to=None), *both, *both]
    assert linked_accounts([BROKER, BANK, other], late) == [(BROKER, BANK, other)]
    unknown = transfer_out("2012-05-21", "1", to=AccountId("gone"))
    assert linked_accounts([BROKER], [unknown]) == [(BROKER,)]


def test_instruments_are_linked_over_any_number_of_changes() -> None:
    last = Symbol("LAST")
    renamed = symbol_change("2012-05-21")
    changes: list[Transaction] = [
        buy("2012-05-20", "1", "1 USD", symbol=Symbol("SAP")),
        replace(renamed, symbol=NEWCO, new_symbol=last),
        renamed,
    ]
    assert linked_symbols({AAPL}, changes) == {AAPL, NEWCO, last}
    assert linked_symbols({last}, changes) == {AAPL, NEWCO, last}
    assert linked_symbols({Symbol("SAP")}, changes) == {Symbol("SAP")}


def test_a_dividend_counts_from_its_ex_date_and_all_else_from_its_moment() -> None:
    paid = dividend("2012-05-21", "10 USD", ex="2012-05-14")
    assert counts_from(paid) == paid.accrues_at
    assert counts_from(paid) < paid.at
    without = dividend("2012-05-21", "10 USD")
    assert counts_from(without) == without.at
    assert counts_from(buy("2012-05-21", "1", "1 USD")) == moment("2012-05-21")
