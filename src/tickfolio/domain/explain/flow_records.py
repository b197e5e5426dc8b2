"""What a portfolio was worth just before and just after a flow, by the prices and rates that were recorded with it.

**Source**: docs/reference/definitions.md, section Daily series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.explain.definitions import DAILY_SERIES
from tickfolio.domain.explain.facts import ratio_inputs, transaction_name, unit_factor
from tickfolio.domain.explain.nodes import Explained, Fact, FactKind, Input, Node, Unit, one, several
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import INNER_PLACES
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionId
from tickfolio.domain.money import EXACT, Currency, rounded
from tickfolio.domain.performance.daily_values import without_later_splits
from tickfolio.domain.performance.flow_values import HeldThen, Units
from tickfolio.domain.performance.twr import ExternalFlow
from tickfolio.domain.valuation.holdings import unit_value
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class RecordedPrice:
    """A price that was recorded; splits up to `basis` are in it."""

    fact: Fact
    basis: datetime

    @property
    def price(self) -> Decimal:
        """How much it says."""
        return _number(self.fact)


@dataclass(frozen=True, slots=True)
class FlowRecord:
    """What was held on both sides of a flow that was valued, and the prices and rates that value it."""

    before: HeldThen
    after: HeldThen
    prices: Mapping[Symbol, RecordedPrice]
    rates: Mapping[Currency, Fact]


def value_before(standing: Standing, record: FlowRecord | None, flow: ExternalFlow, transaction: TransactionId) -> Node:
    """The value just before a flow: of what was held, or as it was recorded, where that is not known."""
    assert flow.before is not None
    if record is None:
        return _bare(standing, "before", flow.before, transaction)
    return _valued(
        standing,
        record,
        record.before,
        phrase("Value just before {name}", name=_name(standing, transaction)),
        flow.before,
    )


def value_after(standing: Standing, record: FlowRecord | None, flow: ExternalFlow, transaction: TransactionId) -> Node:
    """The value just after a flow of instruments, which are worth then what they are worth then."""
    assert flow.after is not None
    if record is None:
        return _bare(standing, "after", flow.after, transaction)
    return _valued(
        standing, record, record.after, phrase("Value just after {name}", name=_name(standing, transaction)), flow.after
    )


def _bare(standing: Standing, side: str, value: Decimal, transaction: TransactionId) -> Fact:
    label, at = (
        phrase("Value just before {name}", name=_name(standing, transaction))
        if side == "before"
        else phrase("Value just after {name}", name=_name(standing, transaction)),
        standing.transactions[transaction].at,
    )
    return Fact(FactKind.VALUED_FLOW, label, value, standing.book.base.code, at, reference=transaction)


def _name(standing: Standing, transaction: TransactionId) -> str:
    return transaction_name(standing.transactions[transaction])


def _valued(standing: Standing, record: FlowRecord, held: HeldThen, name: str, value: Decimal) -> Explained:
    return Explained(
        name=name,
        value=value,
        unit=standing.book.base.code,
        formula="Σ(rows)",
        words=phrase("What was held then, by the prices and rates that were recorded with the flow, each row rounded."),
        definition=DAILY_SERIES,
        make_inputs=lambda: [
            several(
                "rows",
                [
                    *(_holding(standing, record, held, each) for each in held.units),
                    *(_amount(standing, record, held, *each) for each in held.amounts),
                ],
            )
        ],
    )


def _holding(standing: Standing, record: FlowRecord, held: HeldThen, units: Units) -> Explained:
    instrument, price = standing.book.instrument(units.symbol), record.prices[units.symbol]
    into, rates, rate = _conversion(standing, record, instrument.currency)
    factor, properties = unit_factor(instrument)
    new, old = 1, 1
    for split in units.splits:
        if price.basis < split.at <= held.at:
            new, old = new * split.new, old * split.old
    exact = EXACT.multiply(EXACT.multiply(units.quantity, price.price), EXACT.multiply(unit_value(instrument), rate))
    exact = without_later_splits(exact, units.splits, known=price.basis, until=held.at)
    formula, splits = f"quantity × price{factor}{into}", list[Input]()
    if new != old:
        formula = f"round({formula} × old ÷ new, {INNER_PLACES})"
        splits += ratio_inputs((new, old))
    quantity = _held(
        phrase("Quantity of {symbol} in one account", symbol=units.symbol), units.quantity, Unit.UNITS, held
    )
    return _row(
        standing,
        phrase("Value of {symbol} then", symbol=units.symbol),
        exact,
        formula,
        [one("quantity", quantity), one("price", price.fact), *properties, *rates, *splits],
    )


def _amount(standing: Standing, record: FlowRecord, held: HeldThen, currency: Currency, amount: Decimal) -> Explained:
    into, rates, rate = _conversion(standing, record, currency)
    cash = _held(
        phrase("{currency} cash in one account, or a dividend that is due", currency=currency),
        amount,
        currency.code,
        held,
    )
    inputs = [one("amount", cash), *rates]
    return _row(
        standing,
        phrase("Value of {currency} then", currency=currency),
        EXACT.multiply(amount, rate),
        f"amount{into}",
        inputs,
    )


def _row(standing: Standing, name: str, exact: Decimal, formula: str, inputs: list[Input]) -> Explained:
    return Explained(
        name,
        rounded(exact, places=standing.places),
        standing.book.base.code,
        f"round({formula}, {standing.places})",
        phrase("By what was recorded."),
        DAILY_SERIES,
        lambda: inputs,
    )


def _held(label: str, value: Decimal, unit: str, held: HeldThen) -> Fact:
    return Fact(FactKind.VALUED_FLOW, label, value, unit, held.at, source="ledger")


def _conversion(standing: Standing, record: FlowRecord, currency: Currency) -> tuple[str, list[Input], Decimal]:
    if currency == standing.book.base:
        return "", [], Decimal(1)
    rate = record.rates[currency]
    return " × rate", [one("rate", rate)], _number(rate)


def _number(fact: Fact) -> Decimal:
    assert isinstance(fact.value, Decimal)
    return fact.value
