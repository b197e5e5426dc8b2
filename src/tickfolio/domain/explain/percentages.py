"""What the day and the unrealized gain are in percent.

**Source**: docs/reference/definitions.md, sections Day change of portfolios, and Gains.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tickfolio.domain.explain.cash_days import flow_value, opening_node, receivable_node
from tickfolio.domain.explain.considerations import consideration_node, negated, sum_node
from tickfolio.domain.explain.costs import row_cost, row_unrealized, unrealized_of_rows
from tickfolio.domain.explain.day_parts import Terms
from tickfolio.domain.explain.days import day_of_rows, row_day
from tickfolio.domain.explain.definitions import DAY, GAINS
from tickfolio.domain.explain.holding_days import HoldingDay
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Node, Unit, one, several, unexplained
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import receivable_of, row_name
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.day_change import exact_sum, is_bought_after
from tickfolio.domain.valuation.valuation import PERCENT_PLACES, Day, Row, RowKind, Worth, percent_of
from tickfolio.words import phrase

_PLACES = PERCENT_PLACES + 2
"""Of the fraction that is shown as a percentage."""


def row_day_percent(standing: Standing, row: Row) -> Explained:
    """The day of a row in percent of its value at the reference and of what was bought since."""
    name = phrase("Day P&L of {row_name} in percent", row_name=row_name(row))
    day = row_day(standing, row)
    if isinstance(day.value, NotAvailable):
        return unexplained(name, day.value, Unit.FRACTION, DAY)
    return _percent(name, "day", day, _reference(standing, row), of_what=phrase("the value at the reference"))


def day_percent_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """The day of some rows in percent of their value at the reference and of what came in over the border since."""
    chosen = list(rows)
    day = day_of_rows(standing, chosen, name=name)
    known = [
        (row, row.worth.day.opening)
        for row in chosen
        if isinstance(row.worth, Worth) and isinstance(row.worth.day, Day) and row.worth.day.opening
    ]
    opening = Explained(
        phrase("Value at the reference of {name}", name=name),
        exact_sum(amount for _, amount in known),
        standing.book.base.code,
        "Σ(rows)",
        phrase("What the rows were worth at the reference, and what came in over the border since."),
        DAY,
        lambda: [several("rows", [_opening(standing, row) for row, _ in known])],
        day.notes,
    )
    return _percent(
        phrase("Day P&L of {name} in percent", name=name),
        "day",
        day,
        opening,
        of_what=phrase("the value at the reference"),
    )


def row_unrealized_percent(standing: Standing, row: Row) -> Explained:
    """What a holding gained until now in percent of its cost."""
    name, gain = (
        phrase("Unrealized gain of {row_name} in percent", row_name=row_name(row)),
        row_unrealized(standing, row),
    )
    if isinstance(gain.value, NotAvailable):
        return unexplained(name, gain.value, Unit.FRACTION, GAINS)
    return _percent(name, "gain", gain, _unsigned_cost(standing, row), of_what=phrase("the cost"))


def unrealized_percent_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """What the holdings among some rows gained in percent of their costs."""
    chosen = list(rows)
    gain = unrealized_of_rows(standing, chosen, name=name)
    known = [row for row in chosen if isinstance(row.worth, Worth) and isinstance(row.worth.unrealized, Decimal)]
    costs = [_unsigned_cost(standing, row) for row in known]
    cost = sum_node(
        phrase("Cost of {name}", name=name),
        costs,
        unit=standing.book.base.code,
        symbol="rows",
        words=phrase("What was paid, or received short."),
    )
    return _percent(
        phrase("Unrealized gain of {name} in percent", name=name), "gain", gain, cost, of_what=phrase("the cost")
    )


def _percent(name: str, symbol: str, part: Explained, whole: Node, *, of_what: str) -> Explained:
    assert isinstance(part.value, Decimal)
    assert isinstance(whole.value, Decimal)
    value = percent_of(part.value, whole.value, of_what=of_what)
    if isinstance(value, NotAvailable):
        return unexplained(name, value, Unit.FRACTION, part.definition)
    return Explained(
        name,
        value.scaleb(-2),
        Unit.FRACTION,
        f"round({symbol} ÷ whole, {_PLACES})",
        phrase("In percent of {of_what}, rounded once.", of_what=of_what),
        part.definition,
        lambda: [one(symbol, part), one("whole", whole)],
        part.notes,
        is_gain=True,
    )


def _unsigned_cost(standing: Standing, row: Row) -> Node:
    cost = row_cost(standing, row)
    assert isinstance(cost.value, Decimal)
    return negated(cost, words=phrase("It was sold short: what it brought counts.")) if cost.value < 0 else cost


# ---------- What a day is of ----------


def _reference(standing: Standing, row: Row) -> Explained:
    if row.kind is RowKind.CASH:
        terms = _cash_terms(standing, row, is_whole=False)
    elif row.kind is RowKind.RECEIVABLE:
        terms = Terms().plus("before", _before(standing, row))
    else:
        terms = _Reference(standing, row, _day(row)).reference()
    words = phrase("What it was worth at the reference, and what was bought or came in since.")
    return _rounded(
        standing,
        phrase("Value at the reference of {row_name}", row_name=row_name(row)),
        _day(row).reference,
        terms,
        words,
    )


def _opening(standing: Standing, row: Row) -> Explained:
    if row.kind is RowKind.CASH:
        terms = _cash_terms(standing, row, is_whole=True)
    elif row.kind is RowKind.RECEIVABLE:
        terms = Terms().plus("before", _before(standing, row))
    else:
        terms = _Reference(standing, row, _day(row)).opening()
    words = phrase("Its part of what the percentage of the portfolio is of.")
    return _rounded(
        standing,
        phrase("Value at the reference of {row_name}", row_name=row_name(row)),
        _day(row).opening,
        terms,
        words,
    )


def _rounded(standing: Standing, name: str, value: Decimal, terms: Terms, words: str) -> Explained:
    formula, inputs = terms.rounded(standing.places), terms.inputs
    return Explained(name, value, standing.book.base.code, formula, words, DAY, lambda: inputs)


def _day(row: Row) -> Day:
    assert isinstance(row.worth, Worth)
    assert isinstance(row.worth.day, Day)
    return row.worth.day


def _before(standing: Standing, row: Row) -> Node:
    return receivable_node(standing, standing.live.account(row.account).ledger.receivables[receivable_of(row)])


def _cash_terms(standing: Standing, row: Row, *, is_whole: bool) -> Terms:
    """What was there and what came in: of a row of cash from anywhere, of the whole over the border or as what had been due."""
    cash = standing.live.account(row.account).ledger.cash[row.currency]
    flows = [flow for flow in cash.flows if flow.at >= standing.day_start]
    came = [flow for flow in flows if flow.amount > 0 and (flow.is_external or not is_whole)]
    due = [flow.pays for flow in flows if flow.pays is not None and flow.pays.counts_at < standing.day_start]
    base = standing.book.base.code
    terms = Terms().plus("opening", opening_node(standing, row, exact_sum(flow.amount for flow in flows)))
    inflows = [flow_value(standing, flow) for flow in came]
    terms.plus(
        phrase("came in"),
        sum_node(phrase("What came in"), inflows, unit=base, symbol="flows", words=phrase("Each at its own rate.")),
    )
    if is_whole:
        paid = [receivable_node(standing, each) for each in due]
        terms.plus(
            "due",
            sum_node(phrase("What had been due"), paid, unit=base, symbol="paid", words=phrase("It was paid since.")),
        )
    return terms


class _Reference(HoldingDay):
    """What the day of a holding is of."""

    def reference(self) -> Terms:
        """Without its sign what it was worth, and what was bought since."""
        held, sold = self._held_then(), self._sold_then()
        terms = Terms()
        values = (node.value for node in (held, sold) if node is not None)
        is_short = exact_sum(value for value in values if isinstance(value, Decimal)) < 0
        for symbol, node in (("held", held), ("sold", sold)):
            terms = terms.minus(symbol, node) if is_short else terms.plus(symbol, node)
        return terms.plus("bought", self._purchases())

    def opening(self) -> Terms:
        """What it was worth, on the same side of the border as the cash."""
        label = phrase("What moved between it and the cash between the two references")
        shift = Fact(FactKind.LOT, label, self.sums.opening_shift, self.base, source="ledger")
        return Terms().plus("held", self._held_then()).plus("sold", self._sold_then()).plus("shift", shift)

    def _held_then(self) -> Explained | None:
        if not self.counts_since or not self.sums.held:
            return None
        return self.node(
            phrase("What was held at the reference"),
            self.valued(self.sums.held, self.close_price(), self.rate_then()),
            self.split_formula("held × close", "rate then"),
            phrase("Its value at the reference."),
            lambda: [*self._held(), *self.prices(with_price=False), *self.rates("rate then"), *self.splits()],
        )

    def _sold_then(self) -> Explained | None:
        if not self.counts_since or not self.sums.sold:
            return None
        return self.node(
            phrase("What was sold since, as it was at the reference"),
            self.flat(self.sums.sold, self.close_price(), self.rate_then()),
            f"units × close{self.factor()}{self.into('rate then')}",
            phrase("Its value at the reference."),
            lambda: [
                *self._sold_units(self._closed(is_turned=False)),
                *self.prices(with_price=False),
                *self.rates("rate then"),
            ],
        )

    def _purchases(self) -> Node:
        bought = [(lot.cost, lot.transaction) for lot in self.position.lots if is_bought_after(lot, self.after)]
        bought += [(lot.own, lot.opened_by) for lot in self._closed(is_turned=True)]
        costs = [consideration_node(self.standing, cost, id_, name="Cost") for cost, id_ in bought]
        return sum_node(
            phrase("Purchases since"),
            costs,
            unit=self.base,
            symbol="lots",
            words=phrase("Each at the rate of its day."),
        )
