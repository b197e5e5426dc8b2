"""Income, fees and taxes in the base currency.

**Source**: docs/reference/definitions.md, sections Gains, and Day change of portfolios.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tickfolio.domain.explain.considerations import consideration_node, negated, sum_node
from tickfolio.domain.explain.definitions import GAINS
from tickfolio.domain.explain.facts import rate_node, transaction_fact
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Node, one
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.ledger.incomes import ChargePaid, Income
from tickfolio.domain.valuation.incomes import income_value
from tickfolio.words import phrase


def gross_node(standing: Standing, income: Income) -> Node:
    """The gross amount of a dividend or of interest as it counts."""
    return _income_node(standing, income, is_tax=False)


def withheld_node(standing: Standing, income: Income) -> Node:
    """The tax that was withheld from it."""
    return _income_node(standing, income, is_tax=True)


def _income_node(standing: Standing, income: Income, *, is_tax: bool) -> Node:
    base, value = standing.book.base, income_value(income, standing.facts)
    money, of = (income.tax, "tax") if is_tax else (income.gross, "gross")
    amount, counted = (value.tax, money) if is_tax else (value.gross, money)
    if counted.currency == base and amount == counted.amount:
        return transaction_fact(standing, income.transaction, amount, base.code, at=income.counts_at, of=of)
    fact = transaction_fact(standing, income.transaction, money.amount, money.currency.code, at=income.counts_at, of=of)
    is_published = income.is_accrued or income.paid.settled is None
    if is_published and money.currency != base:
        return Explained(
            fact.name,
            amount,
            base.code,
            "amount × rate",
            phrase("At the rate that was in force when it began to count."),
            GAINS,
            lambda: [
                one("amount", fact),
                one("rate", rate_node(standing.sources, money.currency, base, income.counts_at)),
            ],
        )
    label = phrase("{name}, at the rate really paid", name=fact.name)
    return Fact(FactKind.LOT, label, amount, base.code, income.counts_at, "ledger", income.transaction)


def charge_node(standing: Standing, charge: ChargePaid) -> Node:
    """A fee or a tax outside the cost; what came back counts against."""
    name = "Tax" if charge.is_tax else "Fee"
    node = consideration_node(standing, charge.value, charge.transaction, name=name)
    return negated(node, words=phrase("It came back, so it counts against.")) if charge.is_refund else node


def incomes_node(standing: Standing, incomes: Iterable[Income]) -> Explained:
    """Gross dividends and interest together."""
    return sum_node(
        phrase("Gross income"),
        [gross_node(standing, each) for each in incomes],
        unit=standing.book.base.code,
        symbol="incomes",
        words=phrase("Gross, as they began to count."),
    )


def fees_node(standing: Standing, charges: Iterable[ChargePaid]) -> Explained:
    """Fees outside the cost together."""
    return sum_node(
        phrase("Fees outside the cost"),
        [charge_node(standing, each) for each in charges if not each.is_tax],
        unit=standing.book.base.code,
        symbol="fees",
        words=phrase("As they were charged, less what came back."),
    )


def taxes_node(standing: Standing, incomes: Sequence[Income], charges: Iterable[ChargePaid]) -> Explained:
    """Taxes that were withheld, or outside the cost, together."""
    withheld = [withheld_node(standing, each) for each in incomes if each.tax.amount]
    return sum_node(
        "Taxes",
        [*withheld, *(charge_node(standing, each) for each in charges if each.is_tax)],
        unit=standing.book.base.code,
        symbol="taxes",
        words=phrase("As they were withheld or charged, less what came back."),
    )
