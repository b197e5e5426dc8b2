"""What stands in the form of a transaction that is booked instead of what a corporate action would do by itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.ledger.applied_actions import ActionOutcome, paid_for
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.web.transaction_texts import percent_of


def values_of_action(outcome: ActionOutcome) -> dict[str, Any]:
    """The values of the fields, for the units that were held before the ex-date; nothing of taxes and fees."""
    action, units = outcome.fact.action, outcome.units.copy_abs()
    place = {"account_id": outcome.account, "symbol": action.symbol, "day": action.ex_date}
    match action:
        case facts.Split():
            return place | _ratio(action)
        case facts.StockDistribution():
            return place | {"quantity": split_quantity(units, new=action.new, old=action.old)}
        case facts.Demerger():
            return (
                place
                | _ratio(action)
                | {"new_symbol": action.new_symbol, "cost_share": Decimal(percent_of(action.cost_share))}
            )
        case facts.Takeover():
            cash = None if action.currency is None else paid_for(units, action.amount, action.currency).amount
            share = None if action.cost_share is None else Decimal(percent_of(action.cost_share))
            return place | _ratio(action) | {"new_symbol": action.new_symbol, "amount": cash, "cost_share": share}
        case facts.CapitalRepayment():
            paid = paid_for(units, action.amount, action.currency).amount
            return place | {"amount": paid, "currency": action.currency.code}
        case facts.Renaming():
            return place | {"new_symbol": action.new_symbol}
        case facts.CashDividend():
            return place | {
                "day": action.pay_date or action.ex_date,
                "ex_date": action.ex_date,
                "gross": paid_for(units, action.amount, action.currency).amount,
                "currency": action.currency.code,
            }


def _ratio(action: facts.Split | facts.Demerger | facts.Takeover) -> dict[str, Any]:
    return {"split_new": action.new, "split_old": action.old}
