"""The payments of a portfolio in words and figures: received, coming, repeated, and not booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.corporate_actions import CashDividend
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import ActionOutcome, is_derived, paid_for
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Money, plain
from tickfolio.domain.valuation.coming_payments import Coming, ComingPayment, RepeatedPayment
from tickfolio.domain.valuation.payments import BasePayment, Payment, a_year_after
from tickfolio.services.income_reports import IncomeReport
from tickfolio.web.figures import money_text, price_text
from tickfolio.web.holding_texts import known, shortened_quantity
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import marked_phrase, phrase

_KINDS = {
    Coming.DUE: marked_phrase("due"),
    Coming.BOOKED: marked_phrase("booked ahead"),
    Coming.DECLARED: marked_phrase("declared"),
}
_BADGES = {Coming.DUE: "badge-accent", Coming.BOOKED: "", Coming.DECLARED: ""}


@dataclass(frozen=True, slots=True)
class PaymentText:
    """A line of the calendar.

    Attributes:
        badge: what it is, and `badge_class` how that looks.
        days: `ex 21 May 2012, pays 8 Jun 2012`.
        of: `35 × 1.30 USD`; empty where the units are not known.
        amount: with `unit`, in its own currency.
        value: in the base currency; empty where the amount is in it.
        plain_amount, plain_value: what the scripts compute with.
        month: of the payment, `2012-06`; empty where it is in no month of the forecast.
    """

    symbol: str
    name: str
    account: str
    badge: str
    badge_class: str
    days: str
    of: str
    amount: str
    unit: str
    plain_amount: str
    value: str
    plain_value: str
    reason: str
    month: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class MissingText:
    """A dividend that is not booked."""

    symbol: str
    account: str
    ex_day: str
    of: str
    amount: str
    unit: str


def month_key(day: date) -> str:
    """The month of a day, as `2012-06`."""
    return f"{day.year:04}-{day.month:02}"


def received_text(each: Payment, report: IncomeReport, portfolio_id: str) -> PaymentText:
    """What was paid, and what it was of."""
    net = each.gross - each.tax
    tax = (
        phrase(", tax {money_text}", money_text=money_text(each.tax.to_minor_unit().amount)) if each.tax.amount else ""
    )
    ex_day = phrase("ex {short_day_text}, ", short_day_text=short_day_text(each.ex_day)) if each.ex_day else ""
    days = phrase("{ex_day}paid {short_day_text}", ex_day=ex_day, short_day_text=short_day_text(each.paid_on))
    base = each.base.net if isinstance(each.base, BasePayment) else None
    reason = each.base.reason if isinstance(each.base, NotAvailable) else ""
    of = _of(each.units, each.per_unit, each.gross)
    return PaymentText(
        symbol=each.symbol or phrase("Interest"),
        name=_name(each.symbol, report) or (each.account.name if each.symbol is None else ""),
        account=each.account.name,
        badge="interest" if each.is_interest else "",
        badge_class="",
        days=days,
        of=f"{of}{tax}" if of else tax.removeprefix(", "),
        amount=money_text(net.to_minor_unit().amount),
        unit=net.currency.code,
        plain_amount="",
        value=_in_base(net, base, report),
        plain_value="",
        reason=reason,
        month="",
        address="" if is_derived(each.transaction) else f"/portfolios/{portfolio_id}/transactions/{each.transaction}/",
    )


def coming_text(each: ComingPayment, report: IncomeReport) -> PaymentText:
    """What is known to come."""
    ex_day = phrase("ex {short_day_text}, ", short_day_text=short_day_text(each.ex_day)) if each.ex_day else ""
    return PaymentText(
        symbol=each.symbol or phrase("Interest"),
        name=_name(each.symbol, report),
        account=report.accounts.get(each.account, ""),
        badge=_KINDS[each.kind],
        badge_class=_BADGES[each.kind],
        days=phrase("{ex_day}pays {short_day_text}", ex_day=ex_day, short_day_text=short_day_text(each.pay_day)),
        of=_of(each.units, each.per_unit, each.amount),
        amount=money_text(each.amount.to_minor_unit().amount),
        unit=each.amount.currency.code,
        plain_amount=plain(each.amount.amount),
        value=_in_base(each.amount, known(each.value), report),
        plain_value=_plain(each.value),
        reason=each.value.reason if isinstance(each.value, NotAvailable) else "",
        month=month_key(each.pay_day) if each.pay_day <= a_year_after(report.today) else "",
    )


def repeated_text(each: RepeatedPayment, report: IncomeReport) -> PaymentText:
    """What would come again."""
    return PaymentText(
        symbol=each.symbol,
        name=_name(each.symbol, report),
        account="",
        badge=phrase("expected if repeated"),
        badge_class="",
        days=phrase("about {short_day_text}", short_day_text=short_day_text(each.day)),
        of=_of(each.units, each.per_unit, each.amount),
        amount=money_text(each.amount.amount),
        unit=each.amount.currency.code,
        plain_amount=plain(each.amount.amount),
        value=_in_base(each.amount, known(each.value), report),
        plain_value=_plain(each.value),
        reason=each.value.reason if isinstance(each.value, NotAvailable) else "",
        month=month_key(each.day),
    )


def missing_text(each: ActionOutcome, report: IncomeReport) -> MissingText:
    """What is not booked."""
    action = each.fact.action
    assert isinstance(action, CashDividend)
    amount = paid_for(each.units, action.amount, action.currency)
    return MissingText(
        symbol=action.symbol,
        account=report.accounts.get(each.account, ""),
        ex_day=short_day_text(action.ex_date),
        of=_of(each.units, action.amount, amount),
        amount=money_text(amount.amount),
        unit=action.currency.code,
    )


def _of(units: Decimal, per_unit: Decimal | None, amount: Money) -> str:
    if per_unit is None or not units:
        return ""
    quantity, _ = shortened_quantity(units, places=0)
    return f"{quantity} × {price_text(per_unit, places=2)} {amount.currency}"


def _in_base(amount: Money, value: Decimal | None, report: IncomeReport) -> str:
    return "" if amount.currency == report.base else money_text(value)


def _plain(value: Decimal | NotAvailable) -> str:
    return "" if isinstance(value, NotAvailable) else plain(value)


def _name(symbol: Symbol | None, report: IncomeReport) -> str:
    if symbol is None or symbol not in report.instruments:
        return ""
    name = report.instruments[symbol].name
    return "" if name == symbol else name
