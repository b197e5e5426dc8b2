"""Transactions in words and figures: the rows of the list, the facts of one, what a version changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.money import EXACT, Currency, plain
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.persistence.selectors.ledger import TransactionView
from tickfolio.web.booked_days import day_without_time
from tickfolio.web.figures import MINUS, count_text, price_text
from tickfolio.web.stock_texts import day_text, short_day_text
from tickfolio.web.transaction_kinds import WITHHELD, cash_moved
from tickfolio.words import marked_phrase, phrase

NOBODY = marked_phrase("the system")
type CalendarOf = Callable[[str], ExchangeCalendar | None]
NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Told:
    """To whom facts are told, and with what at hand.

    Attributes:
        lots: what chosen lots are called, by the transactions that brought them.
        calendar_of: the sessions of a symbol's exchange; None where no feed offers the symbol.
    """

    zone: ZoneInfo
    lots: Mapping[str, str] = NO_NAMES
    calendar_of: CalendarOf = lambda _symbol: None

    def day_alone(self, view: TransactionView) -> date | None:
        """The day of a transaction whose time nobody has typed; None where its time says something."""
        return day_without_time(view.at, kind=view.type, zone=self.zone, calendar=self.calendar_of(view.symbol))


@dataclass(frozen=True, slots=True)
class AmountText:
    """An amount that moved, signed: what came in has a plus. A flow is no gain, so it has no colour."""

    text: str
    currency: str


@dataclass(frozen=True, slots=True)
class RowText:
    """A transaction in the list."""

    id: str
    version: int
    type: str
    day: str
    time: str
    subject: str
    name: str
    quantity: str
    price: str
    price_currency: str
    fees: str
    amounts: tuple[AmountText, ...]
    account: str
    note: str
    badges: tuple[str, ...]
    counts: bool
    later: str
    files: str = ""

    @property
    def label(self) -> str:
        """What a screen reader calls the row's link."""
        what = " ".join(str(part) for part in (self.type, self.subject) if part)
        return phrase("{what} of {day}", what=what, day=self.day)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a transaction."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What one version says otherwise than the one before; empty where it says nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionText:
    """One version in the history."""

    number: int
    what: str
    who: str
    when: str
    changes: tuple[Change, ...]
    is_deletion: bool = False


def row_text(view: TransactionView, told: Told, *, names: Mapping[str, str], files: int = 0) -> RowText:
    """`view` for the list; `names` of instruments by symbol; how many `files` are attached to it."""
    local, day = view.at.astimezone(told.zone), told.day_alone(view)
    return RowText(
        id=view.id,
        version=view.version,
        type=TYPE_NAMES[view.type],
        day=short_day_text(day or local.date()),
        time="" if day else f"{local:%H:%M}",
        subject=_subject(view) or _pair(view) or view.currency,
        name=names.get(view.symbol, ""),
        quantity=_ratio(view) or _number(view.quantity),
        price="" if view.price is None else price_text(view.price, places=_coins(view.currency)),
        price_currency="" if view.price is None else view.currency,
        fees=price_text(view.fees, places=_coins(view.currency)) if view.fees else "",
        amounts=amounts_moved(view),
        account=_accounts(view),
        note=view.note,
        badges=_badges(view),
        counts=view.is_reached or view.is_due,
        later=later_text(view),
        files=count_text(files) if files else "",
    )


def amounts_moved(view: TransactionView) -> tuple[AmountText, ...]:
    """What moved in cash, each amount with its sign."""
    return tuple(signed_text(amount, currency) for amount, currency in cash_moved(view))


def signed_text(amount: Decimal, currency: str) -> AmountText:
    """An amount that moved, with its sign."""
    sign = "" if not amount else MINUS if amount < 0 else "+"
    return AmountText(f"{sign}{price_text(amount.copy_abs(), places=_coins(currency))}", currency)


def summary_text(view: TransactionView) -> str:
    """A transaction in a few words: ``Buy 10 AAPL, −5,574.30 USD``."""
    what = _ratio(view) or _number(view.quantity)
    words = " ".join(str(part) for part in (TYPE_NAMES[view.type], what, _subject(view)) if part)
    moved = ", ".join(f"{amount.text} {amount.currency}" for amount in amounts_moved(view))
    return f"{words}, {moved}" if moved else words


# ---------- Facts and versions ----------


def facts_of(view: TransactionView, told: Told) -> tuple[Fact, ...]:
    """Everything that is known of a transaction, in the order in which it is read."""
    return tuple(Fact(label, text) for label, text in _facts(view, told).items() if text)


def version_texts(versions: tuple[TransactionView, ...], told: Told) -> tuple[VersionText, ...]:
    """The history, newest first, each version against the one before it."""
    earlier = (*versions[1:], None)
    return tuple(_version(view, before, told) for view, before in zip(versions, earlier, strict=True))


def when_text(view: TransactionView, told: Told) -> str:
    """When a transaction was: its day, and its time where that says something."""
    day = told.day_alone(view)
    return day_text(day) if day else moment_text(view.at, zone=told.zone)


def later_text(view: TransactionView) -> str:
    """What marks a transaction that the market has not reached; empty for all others."""
    if view.is_due:
        return phrase("due, not paid yet")
    return "" if view.is_reached else phrase("not yet reached")


def counts_text(view: TransactionView, told: Told) -> str:
    """From when on a transaction counts that the market has not reached; empty for all others."""
    if view.is_reached:
        return ""
    when = when_text(view, told)
    if view.accrues_at is None or view.ex_date is None:
        return phrase("It counts from {when} on.", when=when)
    counts = "counts" if view.is_due else phrase("will count")
    return phrase(
        "It {counts} from its ex-date on, {day_text}, and is paid on {when}.",
        counts=counts,
        day_text=day_text(view.ex_date),
        when=when,
    )


def moment_text(at: datetime, *, zone: ZoneInfo) -> str:
    """A moment as people write it: ``21 May 2012, 15:30``."""
    local = at.astimezone(zone)
    return f"{day_text(local.date())}, {local:%H:%M}"


def _version(view: TransactionView, before: TransactionView | None, told: Told) -> VersionText:
    if view.is_deleted:
        what = phrase("Deleted")
    elif before is None:
        what = phrase("Imported") if view.import_batch_id else phrase("Entered")
    else:
        what = phrase("Restored") if before.is_deleted else phrase("Edited")
    return VersionText(
        number=view.version,
        what=what,
        who=view.recorded_by or NOBODY,
        when=moment_text(view.recorded_at, zone=told.zone),
        changes=() if before is None or view.is_deleted else _changes(before, view, told),
        is_deletion=view.is_deleted,
    )


def _changes(before: TransactionView, after: TransactionView, told: Told) -> tuple[Change, ...]:
    old, new = _facts(before, told), _facts(after, told)
    labels = [*old, *(label for label in new if label not in old)]
    return tuple(
        Change(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    )


def _facts(view: TransactionView, told: Told) -> dict[str, str]:
    """The facts by label; one label names one thing in every version, whatever the type."""
    local, day = view.at.astimezone(told.zone), told.day_alone(view)
    is_withheld = view.type in WITHHELD
    is_reinvested = view.type is TransactionType.DIVIDEND_REINVESTED
    return {
        phrase("Type"): TYPE_NAMES[view.type],
        phrase("Instrument"): view.symbol,
        phrase("New instrument"): view.new_symbol,
        phrase("Account"): view.account_name,
        phrase("To account"): view.to_account_name,
        phrase("Date"): day_text(day) if day else f"{day_text(local.date())}, {local:%H:%M:%S}",
        phrase("Ex-date"): day_text(view.ex_date) if view.ex_date else "",
        phrase("Quantity"): _number(view.quantity),
        phrase("Ratio"): _ratio(view),
        phrase("Price"): _money(view.price, view.currency),
        _amount_label(view): _money(view.amount, view.currency),
        phrase("Reinvested"): _money(view.counter_amount, view.currency) if is_reinvested else "",
        phrase("Bought"): "" if is_reinvested else _money(view.counter_amount, view.counter_currency),
        phrase("Fees"): _money(view.fees, view.currency) if view.fees else "",
        phrase("Withholding tax") if is_withheld else phrase("Taxes"): _money(view.taxes, view.currency)
        if view.taxes
        else "",
        phrase("Settled"): _money(view.settlement_amount, view.settlement_currency),
        phrase("Rate paid"): _rate(view),
        phrase("Share of the cost"): "" if view.cost_share is None else f"{percent_of(view.cost_share)} %",
        phrase("Cash for a fraction"): _money(view.cash_in_lieu, view.currency),
        phrase("Lots"): "; ".join(_lot(lot, view, told) for lot in view.lots),
        phrase("Note"): view.note,
    }


def _amount_label(view: TransactionView) -> str:
    if view.type is TransactionType.CURRENCY_EXCHANGE:
        return phrase("Sold")
    return phrase("Before tax") if view.type in WITHHELD else phrase("Amount")


def percent_of(share: Decimal) -> str:
    """A share in percent, exact.

    >>> percent_of(Decimal("0.125"))
    '12.5'
    """
    text = plain(share.scaleb(2, EXACT))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _lot(lot: KeptLot, view: TransactionView, told: Told) -> str:
    quantity = _number(lot.quantity)
    if lot.acquired_at is None:
        return phrase(
            "{quantity} of {get}",
            quantity=quantity,
            get=told.lots.get(lot.transaction_id or "", "a lot that is not there any more"),
        )
    return phrase(
        "{quantity} of {day_text} for {money}",
        quantity=quantity,
        day_text=day_text(lot.acquired_at.astimezone(told.zone).date()),
        money=_money(lot.cost, view.currency),
    )


# ---------- Figures ----------


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{price_text(amount, places=_coins(currency))} {currency}"


def _number(number: Decimal | None) -> str:
    return "" if number is None else price_text(number, places=0)


def _coins(currency: str) -> int:
    return Currency(currency).minor_unit


def _ratio(view: TransactionView) -> str:
    return (
        phrase("{split_new} for {split_old}", split_new=view.split_new, split_old=view.split_old)
        if view.split_new and view.split_old
        else ""
    )


def _subject(view: TransactionView) -> str:
    return (
        phrase("{symbol} to {new_symbol}", symbol=view.symbol, new_symbol=view.new_symbol)
        if view.new_symbol
        else view.symbol
    )


def _accounts(view: TransactionView) -> str:
    return (
        phrase(
            "{account_name} to {to_account_name}", account_name=view.account_name, to_account_name=view.to_account_name
        )
        if view.to_account_name
        else view.account_name
    )


def _pair(view: TransactionView) -> str:
    return (
        phrase("{currency} to {counter_currency}", currency=view.currency, counter_currency=view.counter_currency)
        if view.counter_currency
        else ""
    )


def _rate(view: TransactionView) -> str:
    if view.settlement_rate is None:
        return ""
    return phrase(
        "{rate} {paid} for 1 {currency}",
        rate=price_text(view.settlement_rate, places=4),
        paid=view.settlement_currency,
        currency=view.currency,
    )


def _badges(view: TransactionView) -> tuple[str, ...]:
    badges = []
    if view.taxes:
        badges.append(phrase("tax {price_text}", price_text=price_text(view.taxes, places=_coins(view.currency))))
    if view.settlement_rate is not None:
        badges.append(phrase("at {price_text}", price_text=price_text(view.settlement_rate, places=4)))
    if view.import_batch_id is not None:
        badges.append("imported")
    if view.version > 1:
        badges.append("edited")
    return tuple(badges)
