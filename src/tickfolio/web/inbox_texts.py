"""Corporate actions that wait to be accepted, in words: what would be booked, and why it waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import CorporateAction
from tickfolio.domain.ledger.applied_actions import ActionOutcome, Outcome, paid_for
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.persistence.selectors.actions import Dismissal
from tickfolio.services.portfolios import AccountView
from tickfolio.web.action_texts import cash_text, form_query, said, units_text
from tickfolio.web.notation import notation
from tickfolio.words import phrase

type Key = tuple[AccountId, int]

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ProposalText:
    """What would be booked in an account.

    Attributes:
        day: of the booking; of a dividend that on which it is paid.
        units: held before the ex-date.
        brings: the cash and the units that would come and go.
        why: why it does not count by itself though the account takes such; empty otherwise.
        refusal: why it could not be booked a moment ago; empty where nobody tried.
        form: what the address of the form asks for, in which it can be changed before it is booked.
    """

    account_id: str
    action_id: int
    day: str
    ex_date: str
    symbol: str
    what: str
    account: str
    units: str
    brings: str
    why: str
    refusal: str
    form: str


@dataclass(frozen=True, slots=True)
class DismissedText:
    """What an account does not take, and who said so."""

    account_id: str
    action_id: int
    ex_date: str
    symbol: str
    what: str
    account: str
    by: str


@dataclass(frozen=True, slots=True)
class RuleText:
    """An account that could take by itself what waits, and what it would take."""

    account_id: str
    account: str
    offer: str


def proposal_texts(
    proposed: Sequence[ActionOutcome], *, accounts: Mapping[AccountId, str], refusals: Mapping[Key, str]
) -> tuple[ProposalText, ...]:
    """The newest first, those that were refused before all others; at most `MOST_SHOWN`."""
    ordered = sorted(proposed, key=lambda each: (each.fact.action.ex_date, each.fact.id), reverse=True)
    ordered.sort(key=lambda each: _key(each) not in refusals)
    return tuple(
        ProposalText(
            account_id=each.account,
            action_id=each.fact.id,
            day=notation().day(_booked_on(each.fact.action)),
            ex_date=notation().day(each.fact.action.ex_date),
            symbol=each.fact.action.symbol,
            what=said(each.fact.action),
            account=accounts.get(each.account, ""),
            units=notation().marked(f"{each.units.normalize():,f}"),
            brings=brings_text(each),
            why=each.reason,
            refusal=refusals.get(_key(each), ""),
            form=form_query(each),
        )
        for each in ordered[:MOST_SHOWN]
    )


def dismissed_texts(
    outcomes: Sequence[ActionOutcome],
    dismissals: Sequence[Dismissal],
    *,
    accounts: Mapping[AccountId, str],
    zone: ZoneInfo,
) -> tuple[DismissedText, ...]:
    """The newest first."""
    by_key = {(each.account, each.fact_id): each for each in dismissals}
    found = [each for each in outcomes if each.outcome is Outcome.DISMISSED]
    found.sort(key=lambda each: (each.fact.action.ex_date, each.fact.id), reverse=True)
    return tuple(
        DismissedText(
            account_id=each.account,
            action_id=each.fact.id,
            ex_date=notation().day(each.fact.action.ex_date),
            symbol=each.fact.action.symbol,
            what=said(each.fact.action),
            account=accounts.get(each.account, ""),
            by=_by(by_key.get(_key(each)), zone),
        )
        for each in found
    )


def rule_texts(proposed: Sequence[ActionOutcome], accounts: Sequence[AccountView]) -> tuple[RuleText, ...]:
    """The accounts with something that waits for no other reason than their rule."""
    waiting = {each.account for each in proposed if each.outcome is Outcome.NOT_WANTED}
    offers = {
        ActionRule.UNITS: phrase("Always take dividends by themselves"),
        ActionRule.NONE: phrase("Always take splits and dividends by themselves"),
    }
    return tuple(
        RuleText(account.id, account.name, offers[account.options.actions])
        for account in accounts
        if AccountId(account.id) in waiting and account.options.actions in offers
    )


def brings_text(outcome: ActionOutcome) -> str:
    """The cash and the units that an action would bring and take, as far as it is known."""
    action, units = outcome.fact.action, outcome.units
    match action:
        case facts.CashDividend() | facts.CapitalRepayment():
            return cash_text(paid_for(units, action.amount, action.currency))
        case facts.Split():
            return units_text(split_quantity(units, new=action.new, old=action.old) - units, action.symbol)
        case facts.StockDistribution():
            return units_text(split_quantity(units, new=action.new, old=action.old), action.symbol)
        case facts.Demerger():
            return units_text(split_quantity(units, new=action.new, old=action.old), action.new_symbol)
        case facts.Takeover():
            came = units_text(split_quantity(units, new=action.new, old=action.old), action.new_symbol)
            parts = [units_text(units.copy_negate(), action.symbol), came]
            if action.currency is not None:
                parts.append(cash_text(paid_for(units, action.amount, action.currency)))
            return ", ".join(str(part) for part in parts)
        case facts.Renaming():
            gone = units_text(units.copy_negate(), action.symbol)
            return f"{gone}, {units_text(units, action.new_symbol)}"


def _booked_on(action: CorporateAction) -> date:
    paid = action.pay_date if isinstance(action, facts.CashDividend) else None
    return paid or action.ex_date


def _by(dismissal: Dismissal | None, zone: ZoneInfo) -> str:
    if dismissal is None:
        return ""
    day = notation().day(dismissal.at.astimezone(zone).date())
    return phrase("by {by} on {day}", by=dismissal.by, day=day) if dismissal.by else phrase("on {day}", day=day)


def _key(outcome: ActionOutcome) -> Key:
    return outcome.account, outcome.fact.id
