"""What stands in the form of a transaction that is booked instead of what a corporate action would do by itself.

Accepting an action books what that form would: it is filled and read as if somebody had sent it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, paid_for, pays
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.errors import InvalidDraft
from tickfolio.services.drafts import TransactionDraft
from tickfolio.web.forms.desk import Desk
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.web.transaction_texts import percent_of
from tickfolio.words import phrase

_TYPES: Mapping[type[object], TransactionType] = {
    facts.Split: TransactionType.SPLIT,
    facts.CashDividend: TransactionType.DIVIDEND,
    facts.StockDistribution: TransactionType.STOCK_DIVIDEND,
    facts.Demerger: TransactionType.SPIN_OFF,
    facts.Takeover: TransactionType.MERGER,
    facts.CapitalRepayment: TransactionType.RETURN_OF_CAPITAL,
    facts.Renaming: TransactionType.SYMBOL_CHANGE,
}
_AMOUNTS = ("gross", "amount")


def type_of_action(action: CorporateAction) -> TransactionType:
    """The type of transaction by which an action is booked."""
    return _TYPES[type(action)]


def draft_of_action(outcome: ActionOutcome, *, desk: Desk) -> TransactionDraft:
    """What is booked where somebody sends the filled form as it is.

    Raises:
        InvalidDraft: the form would be refused, with a message for each field.
    """
    if _is_owed(outcome):
        symbol = outcome.fact.action.symbol
        raise InvalidDraft(
            {
                "account_id": phrase(
                    "{symbol} is sold short: it pays this. Book a fee of what was paid, and dismiss this.",
                    symbol=symbol,
                )
            }
        )
    kind = type_of_action(outcome.fact.action)
    filled = TransactionForm(kind, initial=values_of_action(outcome), desk=desk)
    shown = {name: filled[name].value() for name in filled.fields}
    form = TransactionForm(kind, {name: value for name, value in shown.items() if value not in (None, "")}, desk=desk)
    if not form.is_valid():
        raise InvalidDraft({field: str(errors[0]) for field, errors in form.errors.items()})
    return form.draft()


def values_of_action(outcome: ActionOutcome) -> dict[str, Any]:
    """The values of the fields, for the units that were held before the ex-date; nothing of taxes and fees.

    No amount where it would be owed and not received: such a form has no place for it.
    """
    said = _values(outcome)
    return {name: value for name, value in said.items() if name not in _AMOUNTS} if _is_owed(outcome) else said


def _is_owed(outcome: ActionOutcome) -> bool:
    return outcome.units < 0 and pays(outcome.fact.action)


def _values(outcome: ActionOutcome) -> dict[str, Any]:
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
