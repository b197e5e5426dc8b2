"""What one transaction moved: to or from a row, or over a border.

**Source**: docs/reference/definitions.md, section Attribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from tickfolio.domain.explain.cash_days import receivable_node
from tickfolio.domain.explain.considerations import consideration_node, negated
from tickfolio.domain.explain.definitions import ATTRIBUTION
from tickfolio.domain.explain.facts import transaction_fact
from tickfolio.domain.explain.nodes import Explained, Fact, Node, one
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.cash import CashFlow
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.incomes import receivable_value
from tickfolio.domain.valuation.span_flows import Leg
from tickfolio.errors import MissingRate
from tickfolio.words import phrase


def flow_node(standing: Standing, transaction: TransactionId, amount: Decimal) -> Node:
    """What one transaction moved, unsigned."""
    for flow in _flows(standing, transaction):
        if _comes_to(standing, amount, partial(standing.facts.value, flow.value)):
            return _coins(
                standing, consideration_node(standing, flow.value, transaction, name=phrase("What moved")), amount
            )
    return transaction_fact(standing, transaction, amount, standing.book.base.code, of=phrase("as it counts"))


def leg_node(standing: Standing, leg: Leg) -> Node:
    """One side of a movement: what came into a row or, negative, what left it, since the day began."""
    node = _leg_node(standing, leg.transaction, leg.value.copy_abs())
    return negated(node, words=phrase("It counts against the row.")) if leg.value < 0 else node


def _leg_node(standing: Standing, transaction: TransactionId, amount: Decimal) -> Node:
    for income in _incomes(standing, transaction):
        due = partial(receivable_value, income, standing.facts, since=standing.day_start)
        if _comes_to(standing, amount, due):
            return _coins(standing, receivable_node(standing, income), amount)
    return flow_node(standing, transaction, amount)


def _flows(standing: Standing, transaction: TransactionId) -> Iterator[CashFlow]:
    """The cash that a transaction moved, but for what had been due."""
    for account in standing.live.accounts():
        for cash in account.ledger.cash.values():
            yield from (flow for flow in cash.flows if flow.transaction == transaction and flow.pays is None)


def _incomes(standing: Standing, transaction: TransactionId) -> Iterator[Income]:
    """The dividends of a transaction that counted before they were paid."""
    for account in standing.live.accounts():
        for position in account.ledger.positions.values():
            yield from (each for each in position.incomes if each.transaction == transaction and each.is_accrued)


def _comes_to(standing: Standing, amount: Decimal, value: Callable[[], Decimal]) -> bool:
    """Whether a value is `amount` in coins. Of what moved before there was a rate it is not: that counts by a later one."""
    try:
        return rounded(value(), places=standing.places) == amount
    except MissingRate:
        return False


def _coins(standing: Standing, moved: Node, amount: Decimal) -> Node:
    if isinstance(moved, Fact) and moved.value == amount:
        return moved
    return Explained(
        moved.name if isinstance(moved, Fact) else phrase("What moved, rounded"),
        amount,
        standing.book.base.code,
        f"round(moved, {standing.places})",
        phrase("Rounded once, to the smallest coin."),
        ATTRIBUTION,
        lambda: [one("moved", moved)],
    )
