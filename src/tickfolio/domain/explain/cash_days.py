"""The day of cash and of what is due: what the rate made of it.

**Source**: docs/reference/definitions.md, section Day change of portfolios.
"""

from __future__ import annotations

from decimal import Decimal

from tickfolio.domain.explain.amounts import balance_node, net_income
from tickfolio.domain.explain.considerations import consideration_node, negated, sum_node
from tickfolio.domain.explain.day_parts import DayParts, Terms
from tickfolio.domain.explain.definitions import DAY
from tickfolio.domain.explain.facts import conversion, rate_node, transaction_fact
from tickfolio.domain.explain.nodes import Explained, Node, one, several
from tickfolio.domain.explain.paid import fees_node, incomes_node, taxes_node
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import receivable_of
from tickfolio.domain.ledger.cash import CashFlow
from tickfolio.domain.ledger.incomes import Income
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.incomes import receivable_value
from tickfolio.domain.valuation.valuation import Row
from tickfolio.words import phrase

ZERO = Decimal(0)


def cash_day(standing: Standing, row: Row) -> DayParts:
    """What the day of a row of cash is made of."""
    cash = standing.live.account(row.account).ledger.cash[row.currency]
    since = standing.day_start
    flows = [flow for flow in cash.flows if flow.at >= since]
    incomes = [each for each in cash.incomes if each.counts_at >= since]
    charges = [each for each in cash.charges if each.at >= since]
    income, fees = incomes_node(standing, incomes), fees_node(standing, charges)
    taxes = taxes_node(standing, incomes, charges)
    value = _at_rate_now(standing, row, balance_node(standing, row.account, cash), "balance")
    opening = opening_node(standing, row, exact_sum(flow.amount for flow in flows))
    moved = sum_node(
        phrase("Flows of the day"),
        [flow_value(standing, flow) for flow in flows],
        unit=standing.book.base.code,
        symbol="flows",
        words=phrase("What came and went, each at its own rate."),
    )
    return DayParts(
        total=Terms(phrase("What is there now, less what was there and what came, with its own income and charges."))
        .plus("value", value)
        .minus("opening", opening)
        .minus("moved", moved)
        .plus("income", income)
        .minus("fees", fees)
        .minus("taxes", taxes),
        price=Terms(phrase("Cash has no price.")),
        all_price=Terms(),
        income=Terms(phrase("Interest, gross.")).plus("income", income),
        fees=Terms(phrase("Fees for no instrument.")).minus("fees", fees),
        taxes=Terms(phrase("Taxes withheld from interest or for no instrument.")).minus("taxes", taxes),
    )


def receivable_day(standing: Standing, row: Row) -> DayParts:
    """What the day of a dividend that is due is made of."""
    income = standing.live.account(row.account).ledger.receivables[receivable_of(row)]
    value = _at_rate_now(standing, row, net_income(standing, income), "net")
    before = receivable_node(standing, income)
    total = (
        Terms(phrase("Since it began to count it moves with the rate alone."))
        .plus("value", value)
        .minus("before", before)
    )
    return DayParts(total, Terms(phrase("What is due has no price.")), Terms(), Terms(), Terms(), Terms())


def receivable_node(standing: Standing, income: Income) -> Node:
    """What a dividend was worth at the beginning of the day, or when it began to count where that was later."""
    base, at = standing.book.base, max(standing.day_start, income.counts_at)
    net = net_income(standing, income)
    into, rates = conversion(standing.sources, income.net.currency, base, at)
    if not rates:
        return net
    return Explained(
        phrase("Value when it began to count, or at the beginning of the day"),
        receivable_value(income, standing.facts, since=standing.day_start),
        base.code,
        f"net{into}",
        phrase("The net dividend at the rate that was in force then."),
        DAY,
        lambda: [one("net", net), *rates],
    )


def _at_rate_now(standing: Standing, row: Row, amount: Node, symbol: str) -> Node:
    base = standing.book.base
    into, rates = conversion(standing.sources, row.currency, base, standing.at)
    if not rates:
        return amount
    assert isinstance(amount.value, Decimal)
    return Explained(
        phrase("Value at the rate in force"),
        EXACT.multiply(amount.value, standing.rates.rate(row.currency)),
        base.code,
        f"{symbol}{into}",
        phrase("The amount at the rate in force, not rounded."),
        DAY,
        lambda: [one(symbol, amount), *rates],
    )


def opening_node(standing: Standing, row: Row, moved: Decimal) -> Node | None:
    """What cash was worth at the beginning of the day, where there was any.

    Args:
        moved: what came in since, less what went out.
    """
    cash = standing.live.account(row.account).ledger.cash[row.currency]
    amount = EXACT.subtract(cash.balance, moved)
    if not amount:
        return None
    base, code = standing.book.base, row.currency.code
    earlier = [flow for flow in cash.flows if flow.at < standing.day_start]
    balance = Explained(
        phrase("Balance at the beginning of the day"),
        amount,
        code,
        "Σ(flows)",
        phrase("All that had come in by then, less all that had gone out."),
        DAY,
        lambda: [
            several("flows", [transaction_fact(standing, flow.transaction, flow.amount, code) for flow in earlier])
        ],
    )
    if row.currency == base:
        return balance
    return Explained(
        phrase("Value at the beginning of the day"),
        EXACT.multiply(amount, standing.facts.rate(row.currency, standing.day_start)),
        base.code,
        "balance × rate",
        phrase("What was there, at the rate that was in force then."),
        DAY,
        lambda: [
            one("balance", balance),
            one("rate", rate_node(standing.sources, row.currency, base, standing.day_start)),
        ],
    )


def flow_value(standing: Standing, flow: CashFlow) -> Node:
    """What moved, at its own rate; negative where it went out."""
    if flow.pays is not None:
        node = receivable_node(standing, flow.pays)
    else:
        node = consideration_node(standing, flow.value, flow.transaction, name=phrase("What moved"))
    return node if flow.amount > 0 else negated(node, words=phrase("It went out."))
