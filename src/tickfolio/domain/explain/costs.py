"""What is held cost, and what it gained until now.

**Source**: docs/reference/definitions.md, sections Cost basis and lots, and Gains.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tickfolio.domain.explain.considerations import consideration_node, signed_node
from tickfolio.domain.explain.definitions import COST_BASIS, GAINS
from tickfolio.domain.explain.nodes import Explained, Node, one, several, unexplained
from tickfolio.domain.explain.standing import Standing
from tickfolio.domain.explain.values import row_name, row_value
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.words import phrase

ZERO = Decimal(0)


def row_cost(standing: Standing, row: Row) -> Explained:
    """The cost basis of a holding."""
    return standing.once(("cost", row.key), lambda: _row_cost(standing, row))


def _row_cost(standing: Standing, row: Row) -> Explained:
    name, unit = phrase("Cost of {row_name}", row_name=row_name(row)), standing.book.base.code
    if isinstance(row.cost, NotAvailable):
        return unexplained(name, row.cost, unit, COST_BASIS)
    assert row.symbol is not None
    position = standing.position(row.account, row.symbol)

    def lots() -> list[Node]:
        if position.pool is not None:
            pool = consideration_node(
                standing, position.pool, position.lots[0].transaction, name=phrase("Cost of all lots")
            )
            return [signed_node(pool, position.quantity)]
        return [
            signed_node(
                consideration_node(
                    standing,
                    lot.cost,
                    lot.transaction,
                    name=phrase("Cost of the lot of {acquired_at:%Y-%m-%d}", acquired_at=lot.acquired_at),
                ),
                position.quantity,
            )
            for lot in position.lots
        ]

    return Explained(
        name=name,
        value=row.cost,
        unit=unit,
        formula=f"round(Σ(lots), {standing.places})",
        words=phrase("What the open lots cost, each at the rate of its purchase."),
        definition=COST_BASIS,
        make_inputs=lambda: [several("lots", lots())],
    )


def row_unrealized(standing: Standing, row: Row) -> Explained:
    """What a holding gained until now."""
    return standing.once(("unrealized", row.key), lambda: _row_unrealized(standing, row))


def _row_unrealized(standing: Standing, row: Row) -> Explained:
    name, unit = phrase("Unrealized gain of {row_name}", row_name=row_name(row)), standing.book.base.code
    gained = row.worth.unrealized if isinstance(row.worth, Worth) else NotAvailable(row.worth.reason)
    if isinstance(gained, NotAvailable):
        return unexplained(name, gained, unit, GAINS)
    return Explained(
        name,
        gained,
        unit,
        "value − cost",
        phrase("What it is worth, less what it cost."),
        GAINS,
        lambda: [one("value", row_value(standing, row)), one("cost", row_cost(standing, row))],
        is_gain=True,
    )


def cost_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """The cost of the holdings among some rows whose value and cost are known."""
    return _sum_of_rows(standing, rows, phrase("Cost of {name}", name=name), is_cost=True)


def unrealized_of_rows(standing: Standing, rows: Iterable[Row], *, name: str) -> Explained:
    """What they gained until now."""
    return _sum_of_rows(standing, rows, phrase("Unrealized gain of {name}", name=name), is_cost=False)


def _sum_of_rows(standing: Standing, rows: Iterable[Row], name: str, *, is_cost: bool) -> Explained:
    chosen = [row for row in rows if row.kind is RowKind.HOLDING]
    known = [row for row in chosen if isinstance(row.worth, Worth) and isinstance(row.worth.unrealized, Decimal)]
    node = row_cost if is_cost else row_unrealized
    values = [row.cost if is_cost else row.worth.unrealized for row in known if isinstance(row.worth, Worth)]
    return Explained(
        name=name,
        value=exact_sum(
            (rounded(ZERO, places=standing.places), *(each for each in values if isinstance(each, Decimal)))
        ),
        unit=standing.book.base.code,
        formula="Σ(rows)",
        words=phrase("The sum of the holdings whose value and cost are known."),
        definition=GAINS,
        make_inputs=lambda: [several("rows", (node(standing, row) for row in known))],
        notes=tuple(
            phrase("{row_name} is left out: {reason}.", row_name=row_name(row), reason=_reason(row))
            for row in chosen
            if row not in known
        ),
        is_gain=not is_cost,
    )


def _reason(row: Row) -> str:
    if not isinstance(row.worth, Worth):
        return row.worth.reason
    assert isinstance(row.worth.unrealized, NotAvailable)
    return row.worth.unrealized.reason
