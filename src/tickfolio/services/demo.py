"""The demo's owner and two portfolios of theirs, made once, by the same services that pages call.

What was decided is told in services/demo_story.py. What the market had to say is looked up: each price lies within the range
of its day, each rate is the European Central Bank's with a bank's margin on it, and splits and dividends are those of the
shares that are held on their ex-dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import structlog
from django.conf import settings
from django.db import transaction

from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency, Money, rounded
from tickfolio.errors import FeedDataError, StartupRefused
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.feeds.replay.config import NEW_YORK
from tickfolio.feeds.replay.history import DailyBar, share_histories
from tickfolio.persistence.tenancy import Person
from tickfolio.services.demo_story import LAST_EX_DATE, MORNING, STORY, Step, StoryAccount, StoryPortfolio
from tickfolio.services.drafts import TransactionDraft
from tickfolio.services.market_records import instruments_register
from tickfolio.services.people import demo_owner, demo_owner_create
from tickfolio.services.portfolios import account_create, portfolio_create, portfolio_delete, portfolios_of
from tickfolio.services.transactions import transaction_add
from tickfolio.words import phrase

USD = Currency("USD")
WITHHOLDING = Decimal("0.15")
MARGIN = Decimal("0.003")
RATE_PLACES = 6
_OPENING = time(9, 30)
_TRADES = (TransactionType.BUY, TransactionType.SELL)

log = structlog.get_logger(__name__)


def demo_seed() -> int:
    """Makes the demo's owner and portfolios where there is no such owner yet; how many transactions were booked.

    All or nothing, in one database transaction. Who has them already is left alone, whatever became of them.
    """
    if demo_owner() is not None:
        return 0
    with transaction.atomic():
        booked = _tell(Person(demo_owner_create()))
    log.info("demo.seeded", transactions=booked)
    return booked


def demo_begin_again() -> int:
    """Takes the demo's portfolios away, whatever they hold by now, and makes them anew; how many transactions were booked.

    Raises:
        StartupRefused: this instance is no demo.
    """
    refuse_no_demo()
    with transaction.atomic():
        owner = Person(demo_owner_create())
        for portfolio in portfolios_of(actor=owner):
            portfolio_delete(actor=owner, portfolio_id=portfolio.id)
        return _tell(owner)


def is_demo() -> bool:
    """Whether this instance is a demo: for whoever opens the page on this machine, on a replay."""
    return bool(settings.TICKFOLIO_MODE == "demo" and settings.TICKFOLIO_IS_REPLAY)


def refuse_no_demo() -> None:
    """Lets nobody into an instance that others rely on without a password.

    Raises:
        StartupRefused: this instance is no demo.
    """
    if not is_demo():
        raise StartupRefused(
            "Expected a demo (TICKFOLIO_MODE=demo, TICKFOLIO_REPLAY=on), was another kind of instance. "
            "The demo's owner signs in without a password, so there is none elsewhere."
        )


def _tell(owner: Person) -> int:
    instruments_register(instruments=[history.instrument for history in share_histories().values()])
    return sum(_portfolio(owner, told) for told in STORY)


def _portfolio(owner: Person, told: StoryPortfolio) -> int:
    portfolio = portfolio_create(actor=owner, name=told.name, base_currency=told.base_currency)
    booked = 0
    for account in told.accounts:
        made = account_create(actor=owner, portfolio_id=portfolio.id, name=account.name, currency=account.currency)
        for draft in drafts_of(account, account_id=made.id):
            transaction_add(actor=owner, portfolio_id=portfolio.id, draft=draft)
            booked += 1
    return booked


# ---------- From decisions to transactions ----------


@dataclass(frozen=True, slots=True)
class _Happening:
    """A decision of the owner's, or what a company did to the shares."""

    at: datetime
    what: Step | CorporateAction


def drafts_of(account: StoryAccount, *, account_id: str) -> Iterator[TransactionDraft]:
    """All transactions of an account, in the order in which they came about."""
    held: defaultdict[str, int] = defaultdict(int)
    for happening in _happenings(account):
        match happening.what:
            case Step() as step if step.type in _TRADES:
                held[step.symbol] += step.quantity if step.type is TransactionType.BUY else -step.quantity
                yield _trade(account, step, at=happening.at, account_id=account_id)
            case Step() as step:
                yield _cash(account, step, at=happening.at, account_id=account_id)
            case Split() as split if held[split.symbol]:
                held[split.symbol] = held[split.symbol] * split.new // split.old
                yield _split(split, at=happening.at, account_id=account_id)
            case CashDividend() as dividend if held[dividend.symbol]:
                yield _dividend(account, dividend, quantity=held[dividend.symbol], account_id=account_id)


def _happenings(account: StoryAccount) -> list[_Happening]:
    """Decisions, and what companies did to shares that are traded here; an ex-date begins with its session."""
    decided = [_Happening(moment(step.day, step.at), step) for step in account.steps]
    traded = sorted({step.symbol for step in account.steps if step.symbol})
    first, last = account.steps[0].day, LAST_EX_DATE
    done = [
        _Happening(moment(action.ex_date, _OPENING), action)
        for symbol in traded
        for action in share_histories()[Symbol(symbol)].actions
        if first <= action.ex_date <= last
    ]
    return sorted([*decided, *done], key=lambda happening: happening.at)


def _trade(account: StoryAccount, step: Step, *, at: datetime, account_id: str) -> TransactionDraft:
    settles_at = None
    if account.settles:
        settles_at = paid_rate(USD, Currency(account.currency), at=at, is_paid=step.type is TransactionType.BUY)
    price = price_of(step)
    exact = Money(step.quantity * price, USD)
    # The history has closes with fractions of a cent; the statement of a broker has none.
    stated = exact.to_minor_unit()
    return TransactionDraft(
        type=step.type,
        account_id=account_id,
        at=at,
        symbol=step.symbol,
        quantity=Decimal(step.quantity),
        price=price,
        gross=None if stated == exact else stated.amount,
        fees=step.fees,
        settlement_currency=account.currency if account.settles else None,
        settlement_rate=settles_at,
        note=step.note,
    )


def _cash(account: StoryAccount, step: Step, *, at: datetime, account_id: str) -> TransactionDraft:
    currency = step.currency or account.currency
    draft = TransactionDraft(
        type=step.type, account_id=account_id, at=at, amount=step.amount, currency=currency, note=step.note
    )
    if step.type is not TransactionType.CURRENCY_EXCHANGE:
        return draft
    sold, into = Money(step.amount, Currency(currency)), Currency(step.into)
    rate = paid_rate(sold.currency, into, at=at, is_paid=False)
    bought = Money(rounded(sold.amount * rate, places=into.minor_unit), into)
    return TransactionDraft(
        type=step.type,
        account_id=account_id,
        at=at,
        amount=sold.amount,
        currency=sold.currency.code,
        counter_amount=bought.amount,
        counter_currency=into.code,
        note=step.note,
    )


def _split(split: Split, *, at: datetime, account_id: str) -> TransactionDraft:
    return TransactionDraft(
        type=TransactionType.SPLIT,
        account_id=account_id,
        at=at,
        symbol=split.symbol,
        split_new=split.new,
        split_old=split.old,
    )


def _dividend(account: StoryAccount, dividend: CashDividend, *, quantity: int, account_id: str) -> TransactionDraft:
    paid_at = moment(payment_day(dividend), MORNING)
    gross = Money(quantity * dividend.amount, USD).to_minor_unit()
    settles_at = None
    if account.settles:
        settles_at = paid_rate(USD, Currency(account.currency), at=paid_at, is_paid=False)
    return TransactionDraft(
        type=TransactionType.DIVIDEND,
        account_id=account_id,
        at=paid_at,
        symbol=dividend.symbol,
        gross=gross.amount,
        taxes=Money(gross.amount * WITHHOLDING, USD).to_minor_unit().amount,
        currency=USD.code,
        ex_date=dividend.ex_date,
        settlement_currency=account.currency if account.settles else None,
        settlement_rate=settles_at,
    )


# ---------- What the market had to say ----------


def moment(day: date, at: time) -> datetime:
    """A time of New York's, in UTC."""
    return datetime.combine(day, at, tzinfo=NEW_YORK).astimezone(UTC)


def price_of(step: Step) -> Decimal:
    """The price of a trade: the close, or a price to the cent within the range of the day.

    Raises:
        FeedDataError: the share did not trade on that day, or not at that price.
    """
    bar = _bar(step)
    if step.within is None:
        return bar.close
    price = rounded(bar.low + (bar.high - bar.low) * step.within, places=2)
    if not bar.low <= price <= bar.high:
        raise FeedDataError(
            phrase(
                "Expected a price of {symbol} from {low} to {high} on {day}, was {price}.",
                symbol=step.symbol,
                low=bar.low,
                high=bar.high,
                day=bar.day,
                price=price,
            )
        )
    return price


def _bar(step: Step) -> DailyBar:
    history = share_histories().get(Symbol(step.symbol))
    bar = None if history is None else history.on(step.day)
    if bar is None:
        raise FeedDataError(
            phrase("Expected a session of {symbol} on {day}, found none.", symbol=step.symbol, day=step.day)
        )
    return bar


def paid_rate(base: Currency, quote: Currency, *, at: datetime, is_paid: bool) -> Decimal:
    """The rate in force at `at`, made worse by what a bank keeps: higher for who pays in `quote`, lower for who receives it.

    Raises:
        FeedDataError: no rate was in force.
    """
    rate = rate_history().rate_at(base, quote, at=at)
    if isinstance(rate, Unpriced):
        raise FeedDataError(
            phrase(
                "Expected a rate from {base} to {quote} at {at:%Y-%m-%d}, found none: {reason}.",
                base=base,
                quote=quote,
                at=at,
                reason=rate.reason,
            )
        )
    return rounded(rate.rate * (1 + MARGIN if is_paid else 1 - MARGIN), places=RATE_PLACES)


def payment_day(dividend: CashDividend) -> date:
    """When a dividend was paid, by the habit of its company; the history knows ex-dates only.

    >>> str(payment_day(CashDividend(Symbol("IBM"), date(2012, 5, 8), Decimal("0.85"), USD)))
    '2012-06-08'
    >>> str(payment_day(CashDividend(Symbol("MSFT"), date(2012, 5, 15), Decimal("0.20"), USD)))
    '2012-06-14'
    """
    first_of_next = (dividend.ex_date.replace(day=1) + timedelta(days=32)).replace(day=1)
    match dividend.symbol:
        case "IBM":  # the tenth of the month after, or the working day before it
            tenth = first_of_next.replace(day=10)
            return tenth - timedelta(days=max(0, tenth.weekday() - 4))
        case "MSFT":  # the second Thursday of the month after
            return first_of_next + timedelta(days=(3 - first_of_next.weekday()) % 7 + 7)
        case _:  # a week later
            return dividend.ex_date + timedelta(days=7)
