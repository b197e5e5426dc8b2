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
)
from tickfolio.domain.money import Money
from tickfolio.web.figures import MINUS, price_text, signed_text
from tickfolio.web.forms.action_values import type_of_action
from tickfolio.web.notation import notation
from tickfolio.web.transaction_texts import percent_of
from tickfolio.words import marked_phrase, phrase

_WHAT_BECAME = {
    Outcome.APPLIED: marked_phrase("Applied"),
    Outcome.OWN: marked_phrase("Booked here"),
    Outcome.NOT_WANTED: marked_phrase("Proposed from its ex-date on"),
    Outcome.BY_HAND: marked_phrase("To be booked by hand"),
    Outcome.DISMISSED: marked_phrase("Dismissed"),
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
            form=form_query(each),
        )
        for each in ordered
    )


def form_query(outcome: ActionOutcome) -> str:
    """What the address of a form asks for, in which an action is booked by hand."""
    kind = type_of_action(outcome.fact.action)
    return urlencode({"type": kind.value, "account": outcome.account, "action": outcome.fact.id})


def said(action: CorporateAction) -> str:
    """What happened, in a few words.

    >>> from datetime import date
    >>> from tickfolio.domain.instruments import Symbol
    >>> said(facts.Split(Symbol("AAPL"), date(2005, 2, 28), new=2, old=1))
    'Split, 2 for 1'
    """
    match action:
        case facts.Split():
            return phrase("Split, {new} for {old}", new=action.new, old=action.old)
        case facts.StockDistribution():
            return phrase("Stock dividend, {new} for {old}", new=action.new, old=action.old)
        case facts.Demerger():
            share = percent_of(action.cost_share)
            return phrase(
                "Spin-off of {new_symbol}, {new} for {old}, with {share} % of the cost",
                new_symbol=action.new_symbol,
                new=action.new,
                old=action.old,
                share=share,
            )
        case facts.Takeover():
            cash = "" if action.currency is None else phrase(" and {amount} a unit", amount=_amount(action))
            return phrase(
                "Merger into {new_symbol}, {new} for {old}{cash}",
                new_symbol=action.new_symbol,
                new=action.new,
                old=action.old,
                cash=cash,
            )
        case facts.CapitalRepayment():
            return phrase("Return of capital, {amount} a unit", amount=_amount(action))
        case facts.Renaming():
            return phrase("New symbol, {new_symbol}", new_symbol=action.new_symbol)
        case facts.CashDividend():
            paid = "" if action.pay_date is None else phrase(", paid {day}", day=notation().day(action.pay_date))
            return phrase("Dividend, {amount} a unit{paid}", amount=_amount(action), paid=paid)


def _brought(each: ActionOutcome) -> str:
    """What an applied action moved in the account, as cash and the list of holdings show it."""
    booked = each.booking
    if each.outcome is not Outcome.APPLIED or booked is None:
        return ""
    match booked:
        case Dividend():
            return cash_text(booked.gross)
        case ReturnOfCapital():
            return cash_text(booked.amount)
        case Split():
            return units_text(split_quantity(each.units, new=booked.new, old=booked.old) - each.units, booked.symbol)
        case StockDividend():
            return units_text(booked.quantity, booked.symbol)
        case SpinOff():
            return units_text(split_quantity(each.units, new=booked.new, old=booked.old), booked.new_symbol)
        case Merger():
            gone = units_text(each.units.copy_negate(), booked.symbol)
            came = units_text(split_quantity(each.units, new=booked.new, old=booked.old), booked.new_symbol)
            return ", ".join((gone, came) if booked.cash is None else (gone, came, cash_text(booked.cash)))
        case SymbolChange():
            return f"{units_text(each.units.copy_negate(), booked.symbol)}, {units_text(each.units, booked.new_symbol)}"
        case _:
            return ""


def cash_text(money: Money) -> str:
    """What came in or went out, signed, with its currency."""
    return f"{signed_text(money.amount, places=money.currency.minor_unit)} {money.currency}"


def units_text(units: Decimal, symbol: str) -> str:
    """What came or went, signed, with its symbol."""
    text = notation().marked(f"{abs(units).normalize():,f}")
    return f"{MINUS if units < 0 else '+'}{text} {symbol}"


def _amount(action: facts.CashDividend | facts.CapitalRepayment | facts.Takeover) -> str:
    assert action.currency is not None
    return f"{price_text(action.amount, places=action.currency.minor_unit)} {action.currency}"
