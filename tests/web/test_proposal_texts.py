"""Proposed trades in words and figures."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from tests.web.test_allocation_texts import allocation
from tickfolio.domain.valuation.rebalancing import Plan, PlannedPart, Trade
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.services.allocation_parts import PartName
from tickfolio.services.allocation_targets import Target
from tickfolio.services.allocations import Asked, Proposal
from tickfolio.web.proposal_texts import ProposalText, proposal_text

BERLIN = ZoneInfo("Europe/Berlin")
FOUND = allocation(targets=(Target(PartName("equity"), Decimal(60)),))
ROWS = tuple(row for row in FOUND.valued.valuation.rows if row.kind is RowKind.HOLDING and row.symbol == "AAPL")
PARTS = (
    PlannedPart("equity", Decimal("50.00"), Decimal("62.50"), Decimal("60.00"), Decimal("5.00")),
    PlannedPart("cash", Decimal("50.00"), Decimal("37.50"), None),
)


def told(*trades: Trade, asked: Asked | None = None, invest: str = "25.00") -> ProposalText:
    plan = Plan(trades, PARTS, Decimal("100.00"), Decimal("37.50"), Decimal("5.00"))
    names = {"equity": PartName("equity"), "cash": PartName("cash")}
    stale = frozenset({"AAPL"})
    asked = asked or Asked()
    proposal = Proposal(asked, Decimal(invest), plan, names, {"AAPL": ROWS}, stale, FOUND.valued.at)
    return proposal_text(FOUND, proposal, zone=BERLIN)


def test_a_trade_leads_to_the_form_that_books_it() -> None:
    text = told(Trade("AAPL", "equity", Decimal(3), Decimal("12.50")))
    (trade,) = text.trades
    assert (trade.verb, trade.symbol, trade.part, trade.quantity, trade.amount) == (
        "Buy",
        "AAPL",
        "Shares",
        "3",
        "12.50",
    )
    assert trade.is_stale
    assert parse_qs(trade.query[1:]) == {
        "type": ["buy"],
        "symbol": ["AAPL"],
        "account": [ROWS[0].account],
        "quantity": ["3"],
    }
    assert text.at == "21 May 2012, 20:31:00"


def test_a_sale_of_more_than_an_account_holds_begins_with_that_account() -> None:
    most = ROWS[0].quantity
    (trade,) = told(Trade("AAPL", "equity", -most - 1, Decimal("-12.50"))).trades
    assert trade.verb == "Sell"
    assert parse_qs(trade.query[1:])["quantity"] == [f"{most.normalize():f}"]
    assert trade.rest.endswith(f"of them in {ROWS[0].account_name}")


def test_what_comes_of_it_adds_up() -> None:
    text = told(Trade("AAPL", "equity", Decimal(3), Decimal("12.50")))
    assert [(part.name, part.after, part.weight, part.target, part.points) for part in text.outcomes] == [
        ("Shares", "62.50", "62.5 %", "60.0 %", "+2.5"),
        ("Cash", "37.50", "37.5 %", "—", "—"),
    ]
    assert [part.unplaced for part in text.outcomes] == ["5.00", ""]
    assert dict(text.facts)["To be paid in first"] == "+5.00"
    assert dict(text.facts)["Purchases"] == "−12.50"
    assert dict(text.facts)["Cash left"] == "37.50"


def test_where_there_is_nothing_to_do_the_reason_is_told() -> None:
    assert told(asked=Asked(withdraw=Decimal(5))).nothing == "The cash is enough: nothing needs to be sold."
    assert told(invest="0").nothing.startswith("There is no cash to invest.")
    assert told().nothing.startswith("No whole unit")


def test_where_there_is_no_plan_the_problem_is_told() -> None:
    proposal = Proposal(Asked(), Decimal(0), None, {}, {}, frozenset(), FOUND.valued.at, "Expected more.")
    text = proposal_text(FOUND, proposal, zone=BERLIN)
    assert (text.problem, text.trades, text.outcomes, text.facts, text.nothing) == ("Expected more.", (), (), (), "")
