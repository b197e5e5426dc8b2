"""What should be asked before something is booked: a price far from the market's, and cash that falls below zero.

Neither is impossible, so neither is refused: who means it books it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.instruments import Symbol, normalise_symbol
from tickfolio.domain.ledger.cash import CashFlow
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.lots import ZERO
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import AccountId, Buy, Sell, Transaction, TransactionId, TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency
from tickfolio.errors import ImpossibleLedger, InvalidDraft, InvalidSymbol, InvalidValue
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.persistence.selectors.surroundings import accounts_by_id, instruments_by_symbol
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.draft_reading import read_draft
from tickfolio.services.drafts import Surroundings, TransactionDraft
from tickfolio.services.instruments import listed_instruments
from tickfolio.services.ledgers import book_of
from tickfolio.services.suggestions import PriceSuggestion, price_suggestion

FAR_FACTOR = Decimal(2)
"""A price of more than so many times the market's, or less than the market's divided by it, is asked about.

Coins and options may move by half within a day: who is asked without need learns to say yes."""
SAME_DAY = timedelta(days=7)
"""A close so much older is still the price of a day: exchanges are closed over weekends and feasts, not for longer."""
_TAKES_CASH = frozenset(
    {
        TransactionType.BUY,
        TransactionType.WITHDRAWAL,
        TransactionType.CASH_TRANSFER,
        TransactionType.CURRENCY_EXCHANGE,
        TransactionType.FEE,
        TransactionType.TAX,
        TransactionType.INTEREST_CHARGE,
    }
)
_NEW = TransactionId("new")
type Flows = Mapping[tuple[AccountId, Currency], Sequence[CashFlow]]


@dataclass(frozen=True, slots=True)
class FarPrice:
    """A price as it was typed, and what the market's was: as it was paid on that day, so no later split is in either."""

    typed: Decimal
    known: PriceSuggestion


@dataclass(frozen=True, slots=True)
class Overdraft:
    """Cash that would fall below zero, or further below it, first at a moment; `balance` is what is left then."""

    account: AccountView
    currency: Currency
    balance: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is asked before a booking; nothing where all is as expected."""

    price: FarPrice | None = None
    overdrafts: tuple[Overdraft, ...] = ()


def doubts_of(
    *,
    actor: Actor,
    portfolio_id: str,
    draft: TransactionDraft,
    on: date | None = None,
    replaces: str | None = None,
    is_paid_in: bool = False,
) -> Doubts:
    """What is to be asked about a draft. Of one that cannot be booked it is nothing: that is refused with its own words.

    Args:
        on: the exchange's day that was typed; None: the one of the draft's moment.
        replaces: the transaction that is edited: what it says already is asked about no more.
        is_paid_in: whether what it costs is booked as a deposit with it, so that no cash is missing.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    held = book_of(actor=actor, portfolio_id=portfolio_id)
    before = next((each for each in held.book.transactions if each.id == replaces), None) if replaces else None
    accounts = accounts_by_id(held.portfolio_id, actor=actor)
    known = instruments_by_symbol(held.portfolio_id, actor=actor, symbols=_symbols(draft))
    surroundings = Surroundings(
        accounts=accounts, instruments=known, listed=listed_instruments(set(_symbols(draft)) - known.keys())
    )
    sequence = held.head + 1 if before is None else before.sequence
    try:
        new = read_draft(
            draft, surroundings=surroundings, transaction_id=TransactionId(replaces or _NEW), sequence=sequence
        ).transaction
    except InvalidDraft:
        return Doubts()
    overdrafts: tuple[Overdraft, ...] = ()
    if not is_paid_in and (before is not None or draft.type in _TAKES_CASH):
        overdrafts = _overdrafts(held.book.transactions, new, accounts)
    return Doubts(_far_price(new, before, actor=actor, portfolio_id=portfolio_id, on=on), overdrafts)


def _symbols(draft: TransactionDraft) -> list[Symbol]:
    found = []
    for typed in filter(None, (draft.symbol, draft.new_symbol)):
        try:
            found.append(normalise_symbol(typed))
        except InvalidSymbol:
            continue
    return found


# ---------- The price ----------


def _far_price(
    new: Transaction, before: Transaction | None, *, actor: Actor, portfolio_id: str, on: date | None
) -> FarPrice | None:
    if not isinstance(new, Buy | Sell):
        return None
    if isinstance(before, Buy | Sell) and _priced(before) == _priced(new):
        return None
    known = price_suggestion(actor=actor, portfolio_id=portfolio_id, symbol=new.symbol, at=new.at, on=on)
    if isinstance(known, NotAvailable) or known.currency != new.currency:
        return None
    if (on or new.at.date()) - known.day > SAME_DAY:
        return None
    is_near = (
        EXACT.multiply(known.price, FAR_FACTOR) >= new.price and EXACT.multiply(new.price, FAR_FACTOR) >= known.price
    )
    return None if is_near else FarPrice(new.price, known)


def _priced(trade: Buy | Sell) -> tuple[Symbol, Decimal, date]:
    return trade.symbol, trade.price, trade.at.date()


# ---------- The cash ----------


def _overdrafts(
    booked: Iterable[Transaction], new: Transaction, accounts: Mapping[str, AccountView]
) -> tuple[Overdraft, ...]:
    """Of each account and currency, the first moment at which less than nothing is left, and less than without the change.

    An account that may sell short is one that borrows by agreement, and one in which there never was any cash of a currency
    is of somebody who does not enter it: nobody is asked about either.
    """
    booked = tuple(booked)
    others = [each for each in booked if each.id != new.id]
    try:
        flows = _flows([*others, new], accounts)
        # Of what is not edited, the ledger of before is the one of after without it: a long one is folded once.
        before = _flows(booked, accounts) if len(others) < len(booked) else _without(flows, new.id)
    except (ImpossibleLedger, InvalidValue):  # the booking itself says what cannot be
        return ()
    now, then = ({place: _balances(each) for place, each in found.items()} for found in (before, flows))
    found = []
    for (account, currency), after in then.items():
        view = accounts[account]
        left = now.get((account, currency), [])
        if view.options.allows_shorts or not any(balance > 0 for _, balance in left):
            continue
        short = _first_short(left, after)
        if short is not None:
            at, balance = short
            found.append(Overdraft(view, currency, balance, at))
    return tuple(found)


def _flows(transactions: Iterable[Transaction], accounts: Mapping[str, AccountView]) -> Flows:
    """The cash that moved, in ledger order; which lots go does not matter to that."""
    options = AccountOptions(allows_shorts=True)
    ledgers = fold_all({AccountId(each): options for each in accounts}, transactions)
    return {
        (account, currency): cash.flows for account, each in ledgers.items() for currency, cash in each.cash.items()
    }


def _without(flows: Flows, left_out: TransactionId) -> Flows:
    return {place: [flow for flow in each if flow.transaction != left_out] for place, each in flows.items()}


def _balances(flows: Iterable[CashFlow]) -> list[tuple[datetime, Decimal]]:
    """What is left after each moment at which cash moved."""
    balance, steps = ZERO, list[tuple[datetime, Decimal]]()
    for flow in flows:
        balance = EXACT.add(balance, flow.amount)
        if steps and steps[-1][0] == flow.at:
            steps.pop()
        steps.append((flow.at, balance))
    return steps


def _first_short(
    now: list[tuple[datetime, Decimal]], then: list[tuple[datetime, Decimal]]
) -> tuple[datetime, Decimal] | None:
    """The first moment of either at which what is left then is below zero and below what is left now."""
    left, without = ZERO, ZERO
    steps = sorted({at for at, _ in now} | {at for at, _ in then})
    after, before = dict(then), dict(now)
    for at in steps:
        left, without = after.get(at, left), before.get(at, without)
        if left < 0 and left < without:
            return at, left
    return None
