"""Corporate actions of instruments, applied to the accounts that hold them.

A fact is booked at the beginning of its ex-date in every account that holds the instrument then, unless the account has booked
the same by itself. So a fact that is recorded late, corrected or withdrawn changes what is derived from it and nothing else.

**Source**: docs/reference/definitions.md, section Corporate actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict, assert_never

from tickfolio.domain import corporate_actions as facts
from tickfolio.domain.corporate_actions import ActionFact, CorporateAction
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.held_units import HeldUnits
from tickfolio.domain.ledger.lots import split_quantity
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.domain.ledger.touches import symbols_of
from tickfolio.domain.ledger.transactions import (
    AccountId,
    Booking,
    Buy,
    Dividend,
    DividendPayment,
    DividendReinvested,
    Merger,
    ReturnOfCapital,
    SpinOff,
    Split,
    StockDividend,
    SymbolChange,
    Transaction,
    TransactionId,
    TransferIn,
    in_ledger_order,
)
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.errors import InvalidValue
from tickfolio.words import phrase

NEAR = timedelta(days=7)
"""How far from the ex-date an account may have booked the same: brokers book a capital change days later."""

PAID_WITHIN = timedelta(days=90)
"""How long after the ex-date a dividend that states only its payment can be the same."""

_PREFIX = "action:"
_BEFORE_ALL, _MOST_ACCOUNTS = -(2**60), 2**12
"""Before everything that was entered at the same moment, and a place of its own in each account."""

type BeginsAt = Callable[[Symbol, date], datetime]
"""The first moment of a day at the exchange of an instrument, in UTC."""

type Pair = tuple[AccountId, Symbol]
type Dismissed = frozenset[tuple[AccountId, int]]
"""Facts, by their ids, of which somebody has said that an account does not take them."""


class Outcome(StrEnum):
    """What became of a fact in an account that held the instrument."""

    APPLIED = "applied"
    OWN = "own"
    NOT_WANTED = "not_wanted"
    BY_HAND = "by_hand"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class ActionOutcome:
    """A fact in an account.

    Attributes:
        units: held before the ex-date.
        booking: the derived transaction, or the account's own.
        reason: why it must be booked by hand.
    """

    fact: ActionFact
    account: AccountId
    units: Decimal
    outcome: Outcome
    booking: Transaction | None = None
    reason: str = ""


def is_derived(transaction: TransactionId) -> bool:
    """Whether a transaction was derived from a fact and not entered."""
    return transaction.startswith(_PREFIX)


def action_outcomes(
    transactions: Iterable[Transaction],
    known: Sequence[ActionFact],
    *,
    rules: Mapping[AccountId, ActionRule],
    begins_at: BeginsAt,
    excluded: frozenset[Pair] = frozenset(),
    dismissed: Dismissed = frozenset(),
) -> list[ActionOutcome]:
    """What becomes of each fact in each account that holds its instrument, in the order of the facts' ex-dates.

    Args:
        excluded: accounts and symbols whose own bookings leave no room for what is known; all is by hand there.
        dismissed: what is left out whatever the rule of the account is.
    """
    symbols = {fact.action.symbol for fact in known}
    if not symbols:
        return []
    ordered = in_ledger_order(each for each in transactions if symbols_of(each))
    waiting = sorted(known, key=lambda fact: (begins_at(fact.action.symbol, fact.action.ex_date), fact.id))
    deriving = _Deriving(ordered, waiting, rules=rules, begins_at=begins_at, excluded=excluded, dismissed=dismissed)
    return deriving.outcomes()


class _Deriving:
    def __init__(
        self,
        ordered: Sequence[Transaction],
        waiting: Sequence[ActionFact],
        *,
        rules: Mapping[AccountId, ActionRule],
        begins_at: BeginsAt,
        excluded: frozenset[Pair],
        dismissed: Dismissed,
    ) -> None:
        self._ordered, self._waiting = ordered, waiting
        self._rules, self._begins_at = rules, begins_at
        self._excluded, self._dismissed = excluded, dismissed
        self._units = HeldUnits()
        self._places = {account: number for number, account in enumerate(rules)}
        self._own = _own_bookings(ordered, waiting, begins_at)
        self._parted = _parted(ordered)
        self._currencies = {
            (symbol, each.gross.currency) for each in ordered if isinstance(each, Buy) for symbol in symbols_of(each)
        } | {(each.symbol, lot.cost.currency) for each in ordered if isinstance(each, TransferIn) for lot in each.lots}

    def outcomes(self) -> list[ActionOutcome]:
        found: list[ActionOutcome] = []
        booked = 0
        for fact in self._waiting:
            at = self._begins_at(fact.action.symbol, fact.action.ex_date)
            while booked < len(self._ordered) and self._ordered[booked].at < at:
                self._units.book(self._ordered[booked])
                booked += 1
            for account, units in self._units.of(fact.action.symbol):
                outcome = self._outcome(fact, account, units, at)
                if outcome.outcome is Outcome.APPLIED and outcome.booking is not None:
                    self._units.book(outcome.booking)
                found.append(outcome)
        return found

    def _outcome(self, fact: ActionFact, account: AccountId, units: Decimal, at: datetime) -> ActionOutcome:
        own = self._own.get((account, fact.id))
        if own is not None:
            return ActionOutcome(fact, account, units, Outcome.OWN, own)
        if (account, fact.id) in self._dismissed:
            return ActionOutcome(fact, account, units, Outcome.DISMISSED)
        # What cannot be is told whatever the rule is: else it would be offered as if it could be accepted.
        reason = self._obstacle(fact.action, account, units, at)
        if not reason:
            rule = self._rules.get(account, ActionRule.NONE)
            if rule is ActionRule.NONE or (rule is ActionRule.UNITS and pays(fact.action)):
                return ActionOutcome(fact, account, units, Outcome.NOT_WANTED)
            try:
                place = fact.id * _MOST_ACCOUNTS + self._places[account]
                booking = _booking(fact, account, units, at, self._begins_at, sequence=_BEFORE_ALL + place)
            except InvalidValue as invalid:
                reason = str(invalid)
            else:
                return ActionOutcome(fact, account, units, Outcome.APPLIED, booking)
        return ActionOutcome(fact, account, units, Outcome.BY_HAND, reason=reason)

    def _obstacle(self, action: CorporateAction, account: AccountId, units: Decimal, at: datetime) -> str:
        """Why an action cannot be derived; empty where it can."""
        if (account, action.symbol) in self._excluded:
            return phrase("what the account has booked leaves no room for it")
        if units < 0 and not isinstance(action, (facts.Split, facts.Renaming)):
            return phrase("{symbol} is sold short", symbol=action.symbol)
        if isinstance(action, (facts.Split, facts.Demerger, facts.Takeover)) and not split_quantity(
            units, new=action.new, old=action.old
        ):
            return phrase("it would leave nothing")
        match action:
            case facts.Split() if any(
                abs(booked - at) <= NEAR for booked in self._parted.get((account, action.symbol), ())
            ):
                return phrase(
                    "the account has booked a spin-off or a merger of {symbol} then, which may be the same",
                    symbol=action.symbol,
                )
            case facts.CapitalRepayment():
                return self._other_currency(action.symbol, action.currency.code)
            case facts.Takeover() if action.currency is not None:
                return self._other_currency(action.symbol, action.currency.code)
            case facts.Takeover() | facts.Renaming() | facts.Demerger():
                there = self._units.held(account, action.new_symbol)
                return (
                    phrase("{new_symbol} is held the other way round", new_symbol=action.new_symbol)
                    if there * units < 0
                    else ""
                )
            case _:
                return ""

    def _other_currency(self, symbol: Symbol, code: str) -> str:
        others = sorted({currency.code for of, currency in self._currencies if of == symbol} - {code})
        return (
            phrase("{symbol} was bought in {others}, and this pays {code}", symbol=symbol, others=others[0], code=code)
            if others
            else ""
        )


def pays(action: CorporateAction) -> bool:
    """Whether an action brings cash."""
    match action:
        case facts.CashDividend() | facts.CapitalRepayment():
            return True
        case facts.Takeover():
            return action.amount > 0
        case _:
            return False


# ---------- What an account has booked itself ----------

_FAMILIES: tuple[tuple[tuple[type[object], ...], tuple[type[Booking], ...]], ...] = (
    ((facts.Split, facts.StockDistribution), (Split, StockDividend)),
    ((facts.CashDividend,), (Dividend, DividendReinvested)),
    ((facts.Demerger,), (SpinOff,)),
    ((facts.Takeover, facts.Renaming), (Merger, SymbolChange)),
    ((facts.CapitalRepayment,), (ReturnOfCapital,)),
)


def _own_bookings(
    transactions: Iterable[Transaction], known: Sequence[ActionFact], begins_at: BeginsAt
) -> dict[tuple[AccountId, int], Transaction]:
    """The bookings that say the same as a fact, by account and fact; of several the last one."""
    by_family: dict[tuple[Symbol, type[object]], list[ActionFact]] = {}
    for fact in known:
        for actions, bookings in _FAMILIES:
            if isinstance(fact.action, actions):
                for kind in bookings:
                    by_family.setdefault((fact.action.symbol, kind), []).append(fact)
    own: dict[tuple[AccountId, int], Transaction] = {}
    for each in transactions:
        candidates = by_family.get((symbols_of(each)[0], type(each)))
        same = None if not candidates else _same(each, candidates, begins_at)
        if same is not None:
            own[each.account, same.id] = each
    return own


def _parted(transactions: Iterable[Transaction]) -> dict[Pair, list[datetime]]:
    """When each account has booked spin-offs and mergers of an instrument, which some vendors tell as splits."""
    found: dict[Pair, list[datetime]] = {}
    for each in transactions:
        if isinstance(each, (SpinOff, Merger)):
            found.setdefault((each.account, each.symbol), []).append(each.at)
    return found


def _same(booked: Transaction, candidates: Sequence[ActionFact], begins_at: BeginsAt) -> ActionFact | None:
    """The fact that `booked` says the same as: the nearest one or, of a payment without an ex-date, the last one before it."""
    is_payment = isinstance(booked, DividendPayment)
    stated = booked.accrues_at if isinstance(booked, DividendPayment) else booked.at
    moments = [(begins_at(fact.action.symbol, fact.action.ex_date), fact) for fact in candidates]
    if is_payment and stated is None:
        before = [(at, fact) for at, fact in moments if at <= booked.at + timedelta(days=1)]
        last = max(before, key=lambda each: each[0], default=None)
        return last[1] if last is not None and booked.at - last[0] <= PAID_WITHIN else None
    assert stated is not None
    nearest = min(moments, key=lambda each: abs(each[0] - stated))
    return nearest[1] if abs(nearest[0] - stated) <= NEAR else None


# ---------- Bookings ----------


def _booking(
    fact: ActionFact, account: AccountId, units: Decimal, at: datetime, begins_at: BeginsAt, *, sequence: int
) -> Transaction:
    """The transaction that `fact` is in an account that holds `units`.

    Raises:
        InvalidValue: it is none that can be booked.
    """
    action = fact.action
    place = _Place(
        id=TransactionId(f"{_PREFIX}{fact.id}:{account}"),
        account=account,
        at=at,
        sequence=sequence,
        symbol=action.symbol,
    )
    match action:
        case facts.Split():
            return Split(**place, new=action.new, old=action.old)
        case facts.StockDistribution():
            return StockDividend(**place, quantity=split_quantity(units, new=action.new, old=action.old))
        case facts.Demerger():
            ratio = _Ratio(new_symbol=action.new_symbol, new=action.new, old=action.old)
            return SpinOff(**place, **ratio, cost_share=action.cost_share)
        case facts.Takeover():
            ratio = _Ratio(new_symbol=action.new_symbol, new=action.new, old=action.old)
            cash = None if action.currency is None else paid_for(units, action.amount, action.currency)
            return Merger(**place, **ratio, cash=cash, cost_share=None if cash is None else action.cost_share)
        case facts.CapitalRepayment():
            return ReturnOfCapital(**place, amount=paid_for(units, action.amount, action.currency))
        case facts.Renaming():
            return SymbolChange(**place, new_symbol=action.new_symbol)
        case facts.CashDividend():
            return _dividend(action, place, units, begins_at)
        case _:
            assert_never(action)


class _Place(TypedDict):
    id: TransactionId
    account: AccountId
    at: datetime
    sequence: int
    symbol: Symbol


class _Ratio(TypedDict):
    new_symbol: Symbol
    new: int
    old: int


def _dividend(action: facts.CashDividend, place: _Place, units: Decimal, begins_at: BeginsAt) -> Dividend:
    ex_date = begins_at(action.symbol, action.ex_date)
    paid = ex_date if action.pay_date is None else begins_at(action.symbol, action.pay_date)
    place["at"] = paid
    return Dividend(
        **place,
        gross=paid_for(units, action.amount, action.currency),
        withholding_tax=Money(Decimal(0), action.currency),
        accrues_at=ex_date if paid > ex_date else None,
    )


def paid_for(units: Decimal, amount: Decimal, currency: Currency) -> Money:
    """What `amount` a unit is for all of them, in whole coins."""
    return Money(EXACT.multiply(units, amount), currency).to_minor_unit()
