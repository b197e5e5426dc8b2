"""Trades that would bring a portfolio nearer to its targets, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tickfolio.domain.money import EXACT, ROUNDING, plain
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.rebalancing import Plan, Trade
from tickfolio.domain.valuation.valuation import Row
from tickfolio.services.allocations import Allocation, Proposal
from tickfolio.web.allocation_texts import part_name, percent_text, points_text
from tickfolio.web.figures import DASH, money_text, price_text, signed_money_text, weight_text
from tickfolio.web.notation import notation
from tickfolio.web.venues import city_of
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class TradeText:
    """One proposed trade. `query` is that of the form that books it, and `rest` says what that form leaves out."""

    key: str
    verb: str
    symbol: str
    name: str
    part: str
    quantity: str
    price: str
    unit: str
    amount: str
    query: str
    rest: str = ""
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """A part before and after."""

    key: str
    name: str
    before: str
    after: str
    weight: str
    target: str
    points: str
    unplaced: str


@dataclass(frozen=True, slots=True)
class ProposalText:
    """The list, what comes of it, and of when its prices are."""

    at: str
    city: str
    """Whose time that is: of the person’s own zone."""
    invest: str
    trades: tuple[TradeText, ...]
    outcomes: tuple[OutcomeText, ...]
    facts: tuple[tuple[str, str], ...]
    problem: str
    nothing: str


def proposal_text(found: Allocation, proposal: Proposal, *, zone: ZoneInfo) -> ProposalText:
    """A proposal as its part of the page has it."""
    plan = proposal.plan
    local = proposal.at.astimezone(zone)
    trades = () if plan is None else tuple(_trade(each, found, proposal) for each in plan.trades)
    return ProposalText(
        at=f"{notation().day(local.date())}, {local:%H:%M:%S}",
        city=city_of(str(zone)),
        invest=money_text(proposal.invest),
        trades=trades,
        outcomes=() if plan is None else _outcomes(plan, found, proposal),
        facts=() if plan is None else _facts(plan, found, proposal),
        problem=proposal.problem,
        nothing="" if trades or plan is None else _nothing(proposal),
    )


def _trade(trade: Trade, found: Allocation, proposal: Proposal) -> TradeText:
    rows = proposal.rows[trade.key]
    row, is_sale = rows[0], trade.quantity < 0
    quantity = abs(trade.quantity)
    # A sale is booked in one account, the one that holds the most.
    booked = min(quantity, row.quantity) if is_sale else quantity
    query = {
        "type": "sell" if is_sale else "buy",
        "symbol": trade.key,
        "account": row.account,
        "quantity": plain(booked.normalize()),
    }
    return TradeText(
        key=trade.key,
        verb=phrase("Sell") if is_sale else phrase("Buy"),
        symbol=trade.key,
        name="" if row.name == trade.key else row.name,
        part=part_name(proposal.names[trade.part], found.dimension),
        quantity=price_text(quantity, places=0),
        price=price_text(row.price, places=_places(row)),
        unit=row.instrument.quoted_in if row.instrument else row.currency.code,
        amount=money_text(abs(trade.amount)),
        query=f"?{urlencode(query)}",
        rest=phrase(
            "{price_text} of them in {account_name}",
            price_text=price_text(booked, places=0),
            account_name=row.account_name,
        )
        if booked < quantity
        else "",
        is_stale=trade.key in proposal.stale,
    )


def _places(row: Row) -> int:
    return row.instrument.price_places if row.instrument else 2


def _outcomes(plan: Plan, found: Allocation, proposal: Proposal) -> tuple[OutcomeText, ...]:
    rows = []
    for part in plan.parts:
        target = found.targets.of(part.key)
        off = None if target is None else EXACT.subtract(_percent(part.after, plan.whole), target)
        rows.append(
            OutcomeText(
                key=part.key,
                name=part_name(proposal.names[part.key], found.dimension),
                before=money_text(part.before),
                after=money_text(part.after),
                weight=weight_text(part.after, plan.whole),
                target=DASH if target is None else percent_text(target),
                points=DASH if off is None else points_text(off),
                unplaced=money_text(part.unplaced) if part.unplaced else "",
            )
        )
    return tuple(rows)


def _percent(value: Decimal, whole: Decimal) -> Decimal:
    return ROUNDING.divide(EXACT.multiply(value, Decimal(100)), whole).quantize(Decimal("1E-20"), context=ROUNDING)


def _facts(plan: Plan, found: Allocation, proposal: Proposal) -> tuple[tuple[str, str], ...]:
    bought = exact_sum(-trade.amount for trade in plan.trades if trade.amount > 0)
    sold = exact_sum(-trade.amount for trade in plan.trades if trade.amount < 0)
    facts = [(phrase("Free cash now"), found.free_cash)]
    facts += [(phrase("To be paid in first"), plan.paid_in)] if plan.paid_in else []
    facts += [(phrase("Taken out"), -proposal.asked.withdraw)] if proposal.asked.withdraw else []
    facts += [(phrase("Sales"), sold)] if sold else []
    facts += [(phrase("Purchases"), bought)] if bought else []
    facts.append((phrase("Cash left"), plan.cash))
    return tuple(
        (name, money_text(amount) if name in ("Free cash now", "Cash left") else signed_money_text(amount))
        for name, amount in facts
    )


def _nothing(proposal: Proposal) -> str:
    if proposal.asked.withdraw:
        return phrase("The cash is enough: nothing needs to be sold.")
    if not proposal.invest and not proposal.asked.sells:
        return phrase("There is no cash to invest. Type an amount, or let it sell as well.")
    return phrase("No whole unit of at least the minimum brings any part nearer to its target.")
