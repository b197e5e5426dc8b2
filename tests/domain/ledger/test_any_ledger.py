"""The laws of the ledger, and an oracle, over every type of transaction and every option."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings

from tests.domain.ledger import any_transaction
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.plain_accounts import PlainBook
from tests.domain.ledger.plain_lots import is_near
from tickfolio.domain.ledger.ledger import AccountLedger, fold_all
from tickfolio.domain.ledger.lots import total_of
from tickfolio.domain.ledger.transactions import AccountId, TransactionType, in_ledger_order
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.base_rates import BaseRates, CurrentRates
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.gains import account_gains, cost_basis, gains_summed

PRICE = Decimal("12.34")


def folded(ledger: AnyLedger) -> tuple[dict[AccountId, AccountLedger], BaseRates]:
    rates = BaseRates(ledger.base, ledger.rates)
    return fold_all(ledger.options, ledger.transactions, base_value=rates.value), rates


def test_each_type_of_transaction_is_drawn_often() -> None:
    any_transaction.drawn.clear()

    @settings(max_examples=300, derandomize=True)
    @given(any_ledgers(min_size=8))
    def draw(_ledger: AnyLedger) -> None:
        pass

    draw()
    total = sum(any_transaction.drawn.values())
    shares = {kind: 100 * any_transaction.drawn[kind] / total for kind in TransactionType}
    assert total > 500
    assert all(share >= 1 for share in shares.values()), shares


@given(any_ledgers())
def test_a_plain_and_slow_book_comes_to_the_same_figures(ledger: AnyLedger) -> None:
    ledgers, rates = folded(ledger)
    plain = PlainBook(dict(ledger.options), ledger.base, ledger.rates)
    for transaction in in_ledger_order(ledger.transactions):
        plain.book(transaction)
    current = CurrentRates(rates, ledger.end)
    for account, found in ledgers.items():
        expected = plain.accounts[account]
        for symbol, position in found.positions.items():
            assert is_near(expected.units(symbol), position.quantity)
            assert is_near(expected.cost(symbol), cost_basis(position, rates))
        for currency, cash in found.cash.items():
            assert is_near(expected.balance(currency), cash.balance)
        gains = account_gains(found, value_of=lambda _symbol: PRICE, rates=current)
        assert is_near(expected.realized, gains.realized)
        assert is_near(expected.income, gains.income)
        assert is_near(expected.fees, gains.fees)
        assert is_near(expected.taxes, gains.taxes)
        assert is_near(expected.flows, gains.external_flows)
        result = expected.relieved + expected.waiting
        for currency, lots in expected.cash.items():
            worth = sum((lot.amount for lot in lots), start=expected.waiting * 0) * plain.rate(currency, ledger.end)
            result += worth - sum((lot.base if lot.amount > 0 else -lot.base for lot in lots), start=worth * 0)
        assert is_near(result, gains.cash_currency)


@given(any_ledgers())
def test_lots_sum_to_the_position_and_cash_lots_to_the_balance(ledger: AnyLedger) -> None:
    ledgers, _ = folded(ledger)
    for found in ledgers.values():
        for position in found.positions.values():
            assert total_of(position.lots) == total_of(position.open_lots()) == position.quantity
            assert [lot.acquired_at for lot in position.lots] == sorted(lot.acquired_at for lot in position.lots)
        for cash in found.cash.values():
            assert exact_sum(lot.amount for lot in cash.lots) == cash.balance
            assert exact_sum(flow.amount for flow in cash.flows) == cash.balance


@given(any_ledgers())
def test_value_less_flows_is_the_sum_of_the_gains_exactly(ledger: AnyLedger) -> None:
    ledgers, rates = folded(ledger)
    current = CurrentRates(rates, ledger.end)
    each = [account_gains(found, value_of=lambda _symbol: PRICE, rates=current) for found in ledgers.values()]
    for gains in (*each, gains_summed(each)):
        assert EXACT.subtract(gains.value, gains.external_flows) == gains.total


@given(any_ledgers())
def test_what_is_transferred_within_the_portfolio_is_no_flow_of_it(ledger: AnyLedger) -> None:
    ledgers, rates = folded(ledger)
    inside = [flow for found in ledgers.values() for flow in found.lot_flows if not flow.is_external]
    worth = exact_sum(
        rates.value(lot.cost) if flow.goes_out else rates.value(lot.cost).copy_negate()
        for flow in inside
        for lot in flow.lots
    )
    assert worth == 0
