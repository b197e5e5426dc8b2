"""Corporate actions in words: what happened, and what became of it in each account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Dividend,
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    TransactionType,
)
from tickfolio.domain.money import Money, plain
from tickfolio.web.figures import MINUS, price_text, signed_text
from tickfolio.web.notation import notation

_TYPES: Mapping[type[object], TransactionType] = {
    facts.Split: TransactionType.SPLIT,
    facts.CashDividend: TransactionType.DIVIDEND,
    facts.StockDistribution: TransactionType.STOCK_DIVIDEND,
    facts.Demerger: TransactionType.SPIN_OFF,
    facts.Takeover: TransactionType.MERGER,
    facts.CapitalRepayment: TransactionType.RETURN_OF_CAPITAL,
    facts.Renaming: TransactionType.SYMBOL_CHANGE,
}
_WHAT_BECAME = {
    Outcome.APPLIED: "Applied",
    Outcome.OWN: "Booked here",
    Outcome.NOT_WANTED: "Not taken by this account",
    Outcome.BY_HAND: "To be booked by hand",
}


@dataclass(frozen=True, slots=True)
class ActionText:
    """A corporate action in one account.

    Attributes:
        brought: the cash and the units that it brought by itself; empty where it is not applied, or brought neither.
        form: what the address of a form asks for, in which the same is booked by hand.
        why: why it is left to the hand.
    """

    day: str
    symbol: str
    what: str
    account: str
    units: str
    outcome: str
    state: str
    brought: str
    why: str
    form: str


def action_texts(outcomes: Sequence[ActionOutcome], *, accounts: Mapping[AccountId, str]) -> tuple[ActionText, ...]:
    """The newest first."""
    ordered = sorted(outcomes, key=lambda each: (each.fact.action.ex_date, each.fact.id), reverse=True)
    return tuple(
        ActionText(
            day=notation().day(each.fact.action.ex_date),
            symbol=each.fact.action.symbol,
            what=said(each.fact.action),
            account=accounts.get(each.account, ""),
            units=notation().marked(f"{each.units.normalize():,f}"),
            outcome=each.outcome.value,
            state=_WHAT_BECAME[each.outcome],
            brought=_brought(each),
            why=each.reason,
            form=urlencode(
                {"type": _TYPES[type(each.fact.action)].value, "account": each.account, "action": each.fact.id}
            ),
        )
        for each in ordered
    )


def said(action: CorporateAction) -> str:
    """What happened, in a few words.

    >>> from datetime import date
    >>> from tickfolio.domain.instruments import Symbol
    >>> said(facts.Split(Symbol("AAPL"), date(2005, 2, 28), new=2, old=1))
    'Split, 2 for 1'
    """
    match action:
        case facts.Split():
            return f"Split, {action.new} for {action.old}"
        case facts.StockDistribution():
            return f"Stock dividend, {action.new} for {action.old}"
        case facts.Demerger():
            share = plain((action.cost_share * 100).normalize())
            return f"Spin-off of {action.new_symbol}, {action.new} for {action.old}, with {share} % of the cost"
        case facts.Takeover():
            cash = "" if action.currency is None else f" and {_amount(action)} a unit"
            return f"Merger into {action.new_symbol}, {action.new} for {action.old}{cash}"
        case facts.CapitalRepayment():
            return f"Return of capital, {_amount(action)} a unit"
        case facts.Renaming():
            return f"New symbol, {action.new_symbol}"
        case facts.CashDividend():
            paid = "" if action.pay_date is None else f", paid {notation().day(action.pay_date)}"
            return f"Dividend, {_amount(action)} a unit{paid}"


def _brought(each: ActionOutcome) -> str:
    """What an applied action moved in the account, as cash and the list of holdings show it."""
    booked = each.booking
    if each.outcome is not Outcome.APPLIED or booked is None:
        return ""
    match booked:
        case Dividend():
            return _cash(booked.gross)
        case ReturnOfCapital():
            return _cash(booked.amount)
        case Split():
            return _units(split_quantity(each.units, new=booked.new, old=booked.old) - each.units, booked.symbol)
        case StockDividend():
            return _units(booked.quantity, booked.symbol)
        case SpinOff():
            return _units(split_quantity(each.units, new=booked.new, old=booked.old), booked.new_symbol)
        case Merger():
            gone = _units(each.units.copy_negate(), booked.symbol)
            came = _units(split_quantity(each.units, new=booked.new, old=booked.old), booked.new_symbol)
            return ", ".join((gone, came) if booked.cash is None else (gone, came, _cash(booked.cash)))
        case SymbolChange():
            return f"{_units(each.units.copy_negate(), booked.symbol)}, {_units(each.units, booked.new_symbol)}"
        case _:
            return ""


def _cash(money: Money) -> str:
    return f"{signed_text(money.amount, places=money.currency.minor_unit)} {money.currency}"


def _units(units: Decimal, symbol: str) -> str:
    text = notation().marked(f"{abs(units).normalize():,f}")
    return f"{MINUS if units < 0 else '+'}{text} {symbol}"


def _amount(action: facts.CashDividend | facts.CapitalRepayment | facts.Takeover) -> str:
    assert action.currency is not None
    return f"{price_text(action.amount, places=action.currency.minor_unit)} {action.currency}"
