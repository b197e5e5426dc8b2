"""How a portfolio is divided now, and which trades would bring it nearer to its targets. Nothing here books anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tickfolio.domain.instruments import InstrumentClass, Symbol
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.money import EXACT, ROUNDING, Currency, rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.rebalancing import Line, Part, Plan, Wish, rebalanced
from tickfolio.domain.valuation.valuation import Row, RowKind, Totals, Worth
from tickfolio.errors import InvalidValue
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.allocation_parts import (
    CASH,
    AllocationPart,
    Dimension,
    PartName,
    divided,
    part_of_row,
)
from tickfolio.services.allocation_targets import Targets, targets_of
from tickfolio.services.classifications import Classification, classifications_in
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.portfolio_values import ValuedPortfolio, valuation_of
from tickfolio.services.valuations import RecordedMarket

FRACTIONS = {InstrumentClass.CRYPTO: Decimal("0.00000001"), InstrumentClass.FUND: Decimal("0.0001")}
"""The least quantity of what can be bought in fractions; all else is bought in whole units."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """A portfolio divided by one dimension.

    Attributes:
        parts: the largest first; they sum to the value.
        classified: what each of its instruments is.
    """

    valued: ValuedPortfolio
    dimension: Dimension
    parts: tuple[AllocationPart, ...]
    targets: Targets
    classified: Mapping[Symbol, Classification]

    @property
    def totals(self) -> Totals:
        """Of the portfolio."""
        return self.valued.valuation.totals

    @property
    def base(self) -> Currency:
        """The base currency."""
        return self.totals.currency

    @property
    def free_cash(self) -> Decimal:
        """Cash of all currencies, in the base currency; none where there is an overdraft."""
        values = (row.worth.value for row in self._rows(RowKind.CASH) if isinstance(row.worth, Worth))
        return rounded(max(exact_sum(values), Decimal(0)), places=self.base.minor_unit)

    @property
    def cash_to_invest(self) -> Decimal:
        """The free cash beyond what the targets say should stay cash."""
        kept = self.targets.of(CASH) or Decimal(0)
        wanted = rounded(
            ROUNDING.divide(EXACT.multiply(kept, self.totals.value), Decimal(100)), places=self.base.minor_unit
        )
        return max(EXACT.subtract(self.free_cash, max(wanted, Decimal(0))), Decimal(0))

    @property
    def unpriced(self) -> tuple[Row, ...]:
        """Rows without a value, which are in no part."""
        return tuple(row for row in self.valued.valuation.rows if not isinstance(row.worth, Worth))

    def _rows(self, kind: RowKind) -> list[Row]:
        return [row for row in self.valued.valuation.rows if row.kind is kind]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done with a portfolio: an amount to invest, or one to withdraw; the free cash where `invest` is None."""

    invest: Decimal | None = None
    withdraw: Decimal | None = None
    sells: bool = False
    minimum: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Trades that bring a portfolio nearer to its targets, at the prices of `at`.

    Attributes:
        names: what each part is called, by its key.
        rows: the rows of each instrument that is traded, the largest first.
        stale: the symbols among them whose price is old.
        problem: why there is no plan; empty where there is one.
    """

    asked: Asked
    invest: Decimal
    plan: Plan | None
    names: Mapping[str, PartName]
    rows: Mapping[str, tuple[Row, ...]]
    stale: frozenset[str]
    at: datetime
    problem: str = ""


def allocation_of(
    *, actor: Actor, portfolio_id: str, dimension: Dimension, market: RecordedMarket | None = None
) -> Allocation:
    """A portfolio as it is divided by what was recorded last.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    valued = valuation_of(actor=actor, portfolio_id=portfolio_id, market=market)
    classified = classifications_in(valued.held.book, actor=actor, portfolio_id=valued.held.portfolio_id)
    targets = targets_of(actor=actor, portfolio_id=portfolio_id, dimension=dimension)
    parts = divided(valued.valuation.rows, dimension, classified)
    return Allocation(valued, dimension, parts, targets, classified)


def proposal_for(allocation: Allocation, asked: Asked) -> Proposal:
    """What would bring a portfolio nearer to its targets; works with what is in hand and asks nothing of the database but rates."""
    rows = _tradable(allocation)
    parts, names = _parts(allocation, rows)
    invest = (
        allocation.cash_to_invest if asked.invest is None and asked.withdraw is None else asked.invest or Decimal(0)
    )
    plan, problem = None, ""
    places = allocation.base.minor_unit
    try:
        wish = Wish(
            invest=invest,
            withdraw=asked.withdraw or Decimal(0),
            sells=asked.sells,
            minimum=asked.minimum,
            cash_part=allocation.base.code if allocation.dimension is Dimension.CURRENCY else CASH,
        )
        plan = rebalanced(parts, _lines(allocation, rows), wish, places=places)
    except InvalidValue as impossible:
        problem = str(impossible)
    stale = {key for key, members in rows.items() if any(row.quality is Quality.STALE for row in members)}
    return Proposal(asked, invest, plan, names, rows, frozenset(stale), allocation.valued.at, problem)


def _tradable(allocation: Allocation) -> dict[str, tuple[Row, ...]]:
    """The rows of each instrument that is held and can be traded, the largest first."""
    found: dict[str, list[Row]] = {}
    for row in allocation.valued.valuation.rows:
        if row.kind is RowKind.HOLDING and isinstance(row.worth, Worth) and row.symbol is not None:
            found.setdefault(row.symbol, []).append(row)
    return {
        symbol: tuple(sorted(rows, key=lambda row: -_value(row)))
        for symbol, rows in found.items()
        if all(row.quantity > 0 and _value(row) > 0 for row in rows) and not _is_delisted(rows[0], allocation.valued.at)
    }


def _is_delisted(row: Row, at: datetime) -> bool:
    return row.instrument is None or row.instrument.is_delisted(at.date())


def _lines(allocation: Allocation, rows: Mapping[str, tuple[Row, ...]]) -> list[Line]:
    rates, base = rate_table_now(), allocation.base
    lines = []
    for symbol, members in rows.items():
        row = members[0]
        assert row.instrument is not None
        assert row.price is not None
        in_force = rates.rate_at(row.instrument.currency, base, at=allocation.valued.at)
        rate = getattr(in_force, "rate", None)
        if row.instrument.currency == base:
            rate = Decimal(1)
        assert isinstance(rate, Decimal)  # what has a value in the base currency has a rate into it
        price = EXACT.multiply(EXACT.multiply(row.price, row.instrument.contract_size), rate)
        lines.append(
            Line(
                key=symbol,
                part=part_of_row(row, allocation.dimension, allocation.classified).key,
                quantity=exact_sum(each.quantity for each in members),
                value=exact_sum(_value(each) for each in members),
                unit=rounded(ROUNDING.divide(price, row.instrument.quote_unit), places=30).normalize(),
                step=FRACTIONS.get(row.instrument.instrument_class, Decimal(1)),
            )
        )
    return lines


def _parts(allocation: Allocation, tradable: Mapping[str, tuple[Row, ...]]) -> tuple[list[Part], dict[str, PartName]]:
    """All parts, those of targets of which nothing is held among them."""
    names = {part.name.key: part.name for part in allocation.parts}
    names |= {each.part.key: each.part for each in allocation.targets.targets if each.part.key not in names}
    cash_part = allocation.base.code if allocation.dimension is Dimension.CURRENCY else CASH
    names.setdefault(cash_part, PartName(cash_part))
    rows = {part.name.key: part.rows for part in allocation.parts}
    found = []
    for key in names:
        members = rows.get(key, ())
        cash = (_value(row) for row in members if row.kind is RowKind.CASH)
        fixed = (_value(row) for row in members if row.kind is not RowKind.CASH and row.symbol not in tradable)
        due = (_value(row) for row in members if row.kind is RowKind.RECEIVABLE and row.symbol in tradable)
        found.append(Part(key, allocation.targets.of(key), exact_sum(cash), exact_sum([*fixed, *due])))
    return found, names


def _value(row: Row) -> Decimal:
    assert isinstance(row.worth, Worth)
    return row.worth.value
