from __future__ import annotations

from datetime import date
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.gain_rows import NO_COST, GainTotals
from tickfolio.services.closed_positions import ClosedPosition, ClosedPositions
from tickfolio.web.closed_texts import closed_table


def totals(*, counted: int = 2, left_out: int = 0) -> GainTotals:
    cost, proceeds = Decimal("200.00"), Decimal("250.00")
    return GainTotals(counted, left_out, cost, proceeds, proceeds - cost, Decimal("50.00"), Decimal("0.00"))


def position(opened: date | NotAvailable = date(2011, 3, 1), **parts: int) -> ClosedPosition:
    return ClosedPosition("a-1", "Northbank", Symbol("AAPL"), "Apple Inc.", opened, date(2012, 5, 2), totals(**parts))


def test_a_closed_position_is_told_with_what_it_brought_and_leads_to_its_lots() -> None:
    table = closed_table(ClosedPositions((position(),), totals()), portfolio_id="p-1")
    (row,) = table.rows
    assert (row.opened, row.closed, row.cost, row.proceeds) == ("1 Mar 2011", "2 May 2012", "200.00", "250.00")
    assert (row.realized.text, row.realized.direction, row.percent.text) == ("+50.00", "up", "+25.00 %")
    assert row.address == "/portfolios/p-1/gains/?year=all&account=a-1&symbol=AAPL"
    assert (row.note, table.total.realized.text) == ("", "+50.00")


def test_what_is_not_known_is_said_and_never_zero() -> None:
    held = ClosedPositions((position(NO_COST, counted=0, left_out=1), position(left_out=2)), totals(left_out=3))
    table = closed_table(held, portfolio_id="p-1")
    unknown, partly = table.rows
    assert (unknown.opened, unknown.realized.text, unknown.cost, unknown.note) == (
        "not known",
        "—",
        "—",
        "without 1 lot of unknown gain",
    )
    assert (partly.realized.text, partly.note) == ("+50.00", "without 2 lots of unknown gain")
