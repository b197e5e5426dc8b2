"""Corporate actions as rows, and rows as corporate actions."""

from __future__ import annotations

from typing import Any

from tickfolio.domain.corporate_actions import (
    ActionFact,
    CapitalRepayment,
    CashDividend,
    CorporateAction,
    Demerger,
    Renaming,
    Split,
    StockDistribution,
    Takeover,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.money import Currency
from tickfolio.persistence.models import CorporateActionFact

Kind = CorporateActionFact.Kind
_KINDS: dict[type[object], Kind] = {
    Split: Kind.SPLIT,
    CashDividend: Kind.CASH_DIVIDEND,
    StockDistribution: Kind.STOCK_DIVIDEND,
    Demerger: Kind.SPIN_OFF,
    Takeover: Kind.MERGER,
    CapitalRepayment: Kind.RETURN_OF_CAPITAL,
    Renaming: Kind.SYMBOL_CHANGE,
}


def kind_of(action: CorporateAction) -> Kind:
    """What happened."""
    return _KINDS[type(action)]


def columns_of_action(action: CorporateAction) -> dict[str, Any]:
    """The columns that say what happened; those that a kind does not have are as empty as they begin."""
    currency = getattr(action, "currency", None)
    return {
        "kind": kind_of(action),
        "ex_date": action.ex_date,
        "split_new": getattr(action, "new", None),
        "split_old": getattr(action, "old", None),
        "amount": getattr(action, "amount", None),
        "currency": "" if currency is None else currency.code,
        "pay_date": getattr(action, "pay_date", None),
        "new_symbol": getattr(action, "new_symbol", ""),
        "cost_share": getattr(action, "cost_share", None),
    }


def fact_from(row: CorporateActionFact, symbol: Symbol) -> ActionFact:
    """The fact that `row` keeps of the instrument of `symbol`."""
    return ActionFact(row.pk, _action(row, symbol))


def _action(row: CorporateActionFact, symbol: Symbol) -> CorporateAction:
    new, old = row.split_new or 1, row.split_old or 1
    new_symbol, currency = Symbol(row.new_symbol), Currency(row.currency) if row.currency else None
    match Kind(row.kind):
        case Kind.SPLIT:
            return Split(symbol, row.ex_date, new, old)
        case Kind.STOCK_DIVIDEND:
            return StockDistribution(symbol, row.ex_date, new, old)
        case Kind.SPIN_OFF:
            assert row.cost_share is not None
            return Demerger(symbol, row.ex_date, new_symbol, new, old, row.cost_share)
        case Kind.MERGER:
            assert row.amount is not None
            return Takeover(symbol, row.ex_date, new_symbol, new, old, row.amount, currency, row.cost_share)
        case Kind.SYMBOL_CHANGE:
            return Renaming(symbol, row.ex_date, new_symbol)
        case Kind.CASH_DIVIDEND:
            assert row.amount is not None
            assert currency is not None
            return CashDividend(symbol, row.ex_date, row.amount, currency, row.pay_date)
        case Kind.RETURN_OF_CAPITAL:
            assert row.amount is not None
            assert currency is not None
            return CapitalRepayment(symbol, row.ex_date, row.amount, currency)
