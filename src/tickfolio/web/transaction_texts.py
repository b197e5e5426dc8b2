"""Transactions in words and figures: the rows of the list, the facts of one, what a version changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import assert_never
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import EXACT, Currency
from tickfolio.persistence.selectors.ledger import TransactionView
from tickfolio.web.figures import MINUS, price_text
from tickfolio.web.stock_texts import day_text, short_day_text

TYPE_NAMES = {
    TransactionType.BUY: "Buy",
    TransactionType.SELL: "Sell",
    TransactionType.DIVIDEND: "Dividend",
    TransactionType.DEPOSIT: "Deposit",
    TransactionType.WITHDRAWAL: "Withdrawal",
    TransactionType.FEE: "Fee",
    TransactionType.SPLIT: "Split",
    TransactionType.CURRENCY_EXCHANGE: "Currency exchange",
}
NOBODY = "the system"


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
    is_reached: bool

    @property
    def label(self) -> str:
        """What a screen reader calls the row's link."""
        return f"{self.type}{f' {self.subject}' if self.subject else ''} of {self.day}"


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


def row_text(view: TransactionView, *, zone: ZoneInfo, names: Mapping[str, str]) -> RowText:
    """`view` for the list, its day and time in `zone`; `names` of instruments by symbol."""
    local = view.at.astimezone(zone)
    return RowText(
        id=view.id,
        version=view.version,
        type=TYPE_NAMES[view.type],
        day=short_day_text(local.date()),
        time=f"{local:%H:%M}",
        subject=view.symbol or _pair(view) or view.currency,
        name=names.get(view.symbol, ""),
        quantity=_ratio(view) or _number(view.quantity),
        price="" if view.price is None else price_text(view.price, places=_coins(view.currency)),
        price_currency="" if view.price is None else view.currency,
        fees=price_text(view.fees, places=_coins(view.currency)) if view.fees else "",
        amounts=amounts_moved(view),
        account=view.account_name,
        note=view.note,
        badges=_badges(view),
        is_reached=view.is_reached,
    )


def amounts_moved(view: TransactionView) -> tuple[AmountText, ...]:
    """What moved in cash: in the currency that it was settled in, and of an exchange both sides.

    A purchase takes its fees and taxes with it, a sale and a dividend leave them behind.
    """
    if view.type is TransactionType.CURRENCY_EXCHANGE:
        return (
            _signed(view.amount, view.currency, is_in=False),
            _signed(view.counter_amount, view.counter_currency, is_in=True),
        )
    if view.type is TransactionType.SPLIT or view.amount is None:
        return ()
    is_in = _comes_in(view.type)
    if view.settlement_amount is not None:
        return (_signed(view.settlement_amount, view.settlement_currency, is_in=is_in),)
    return (_signed(total_of(view), view.currency, is_in=is_in),)


def total_of(view: TransactionView) -> Decimal:
    """The amount with fees and taxes, in the currency of the transaction, exact; the scripts compute it alike as one types."""
    amount = view.amount or Decimal(0)
    extras = EXACT.add(view.fees or Decimal(0), view.taxes or Decimal(0))
    match view.type:
        case TransactionType.BUY:
            return EXACT.add(amount, extras)
        case TransactionType.SELL | TransactionType.DIVIDEND:
            return EXACT.subtract(amount, extras)
        case _:
            return amount


def summary_text(view: TransactionView) -> str:
    """A transaction in a few words: ``Buy 10 AAPL, −5,574.30 USD``."""
    what = _ratio(view) if view.type is TransactionType.SPLIT else _number(view.quantity)
    words = " ".join(part for part in (TYPE_NAMES[view.type], what, view.symbol) if part)
    moved = ", ".join(f"{amount.text} {amount.currency}" for amount in amounts_moved(view))
    return f"{words}, {moved}" if moved else words


# ---------- Facts and versions ----------


def facts_of(view: TransactionView, *, zone: ZoneInfo) -> tuple[Fact, ...]:
    """Everything that is known of a transaction, in the order in which it is read."""
    return tuple(Fact(label, text) for label, text in _facts(view, zone=zone).items() if text)


def version_texts(versions: tuple[TransactionView, ...], *, zone: ZoneInfo) -> tuple[VersionText, ...]:
    """The history, newest first, each version against the one before it."""
    earlier = (*versions[1:], None)
    return tuple(_version(view, before, zone=zone) for view, before in zip(versions, earlier, strict=True))


def moment_text(at: datetime, *, zone: ZoneInfo) -> str:
    """A moment as people write it: ``21 May 2012, 15:30``."""
    local = at.astimezone(zone)
    return f"{day_text(local.date())}, {local:%H:%M}"


def _version(view: TransactionView, before: TransactionView | None, *, zone: ZoneInfo) -> VersionText:
    if view.is_deleted:
        what = "Deleted"
    elif before is None:
        what = "Imported" if view.import_batch_id else "Entered"
    else:
        what = "Edited"
    return VersionText(
        number=view.version,
        what=what,
        who=view.recorded_by or NOBODY,
        when=moment_text(view.recorded_at, zone=zone),
        changes=() if before is None or view.is_deleted else _changes(before, view, zone=zone),
    )


def _changes(before: TransactionView, after: TransactionView, *, zone: ZoneInfo) -> tuple[Change, ...]:
    old, new = _facts(before, zone=zone), _facts(after, zone=zone)
    labels = [*old, *(label for label in new if label not in old)]
    return tuple(
        Change(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    )


def _facts(view: TransactionView, *, zone: ZoneInfo) -> dict[str, str]:
    """The facts by label; one label names one thing in every version, whatever the type."""
    local = view.at.astimezone(zone)
    is_exchange = view.type is TransactionType.CURRENCY_EXCHANGE
    is_dividend = view.type is TransactionType.DIVIDEND
    amount = "Sold" if is_exchange else "Before tax" if is_dividend else "Amount"
    return {
        "Type": TYPE_NAMES[view.type],
        "Instrument": view.symbol,
        "Account": view.account_name,
        "Date": f"{day_text(local.date())}, {local:%H:%M:%S}",
        "Ex-date": day_text(view.ex_date) if view.ex_date else "",
        "Quantity": _number(view.quantity),
        "Ratio": _ratio(view),
        "Price": _money(view.price, view.currency),
        amount: _money(view.amount, view.currency),
        "Bought": _money(view.counter_amount, view.counter_currency),
        "Fees": _money(view.fees, view.currency) if view.fees else "",
        "Withholding tax" if is_dividend else "Taxes": _money(view.taxes, view.currency) if view.taxes else "",
        "Settled": _money(view.settlement_amount, view.settlement_currency),
        "Rate paid": _rate(view),
        "Note": view.note,
    }


# ---------- Figures ----------


def _comes_in(kind: TransactionType) -> bool:
    match kind:
        case TransactionType.SELL | TransactionType.DIVIDEND | TransactionType.DEPOSIT:
            return True
        case (
            TransactionType.BUY
            | TransactionType.WITHDRAWAL
            | TransactionType.FEE
            | TransactionType.SPLIT
            | TransactionType.CURRENCY_EXCHANGE
        ):
            return False
        case _:
            assert_never(kind)


def _signed(amount: Decimal | None, currency: str, *, is_in: bool) -> AmountText:
    value = amount or Decimal(0)
    # A purchase may bring cash in: a rebate above what was paid.
    comes_in = is_in == (value >= 0)
    sign = "" if not value else "+" if comes_in else MINUS
    return AmountText(f"{sign}{price_text(value.copy_abs(), places=_coins(currency))}", currency)


def _money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else f"{price_text(amount, places=_coins(currency))} {currency}"


def _number(number: Decimal | None) -> str:
    return "" if number is None else price_text(number, places=0)


def _coins(currency: str) -> int:
    return Currency(currency).minor_unit


def _ratio(view: TransactionView) -> str:
    return f"{view.split_new} for {view.split_old}" if view.split_new and view.split_old else ""


def _pair(view: TransactionView) -> str:
    return f"{view.currency} to {view.counter_currency}" if view.counter_currency else ""


def _rate(view: TransactionView) -> str:
    if view.settlement_rate is None:
        return ""
    return f"{price_text(view.settlement_rate, places=4)} {view.settlement_currency} for 1 {view.currency}"


def _badges(view: TransactionView) -> tuple[str, ...]:
    badges = []
    if view.taxes:
        badges.append(f"tax {price_text(view.taxes, places=_coins(view.currency))}")
    if view.settlement_rate is not None:
        badges.append(f"at {price_text(view.settlement_rate, places=4)}")
    if view.import_batch_id is not None:
        badges.append("imported")
    if view.version > 1:
        badges.append("edited")
    return tuple(badges)
