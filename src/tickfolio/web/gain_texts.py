"""The gains report in words and figures: its rows, its sums, what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, Money, rounded
from tickfolio.domain.valuation.gain_rows import BaseGain, Closing, GainRow, GainTotals, Term
from tickfolio.domain.valuation.gains_report import Summary, Sums
from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.domain.valuation.year_sums import YearSums
from tickfolio.web.figures import DASH, count_text, money_direction, money_text, signed_money_text
from tickfolio.web.holding_texts import NO_FIGURE, Figure, shortened_quantity
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import counted_phrase, marked_phrase, phrase

NOT_AVAILABLE = marked_phrase("not available")
CLOSINGS = {
    Closing.SALE: "",
    Closing.COVER: marked_phrase("sold short"),
    Closing.RETURN_OF_CAPITAL: marked_phrase("return of capital"),
    Closing.MERGER_CASH: marked_phrase("cash of a merger"),
    Closing.FRACTION: marked_phrase("cash for a fraction"),
}
_DAY_COUNTS = {
    DayCount.ACTUAL: marked_phrase("Days are real ones, the day of the purchase not counted"),
    DayCount.INCLUSIVE: marked_phrase("Days are real ones, the first and the last both counted"),
    DayCount.THIRTY_360: marked_phrase("Days are those of months of 30 days (30E/360)"),
}
TERMS = {Term.SHORT: marked_phrase("short"), Term.LONG: marked_phrase("long")}


@dataclass(frozen=True, slots=True)
class AmountText:
    """An amount in the base currency, and in the currency of the trade where that is another one."""

    text: str
    traded: str = ""


@dataclass(frozen=True, slots=True)
class GainText:
    """A row. `reason` says what is not available, and is empty where all is; `whole_quantity` where `quantity` is whole.

    `transaction` is what closed it; empty where that was a corporate action, which nobody booked.
    """

    transaction: str
    symbol: str
    name: str
    badge: str
    reason: str
    quantity: str
    whole_quantity: str
    acquired: str
    closed: str
    days: str
    held: str
    term: str
    cost: AmountText
    proceeds: AmountText
    gain: Figure
    traded_gain: str
    price: Figure
    currency: Figure
    account: str
    is_dated: bool
    has_gain: bool
    explained: str


@dataclass(frozen=True, slots=True)
class SumsText:
    """A line of the sums."""

    label: str
    hint: str
    lots: int
    count: str
    cost: str
    proceeds: str
    gain: Figure
    price: Figure
    currency: Figure
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class BesidesText:
    """A figure that stands beside the rows; a flow has no arrow.

    Attributes:
        explained: by which name it is explained; empty where it is not.
    """

    label: str
    hint: str
    figure: Figure
    explained: str = ""


def gain_text(row: GainRow, *, base: Currency) -> GainText:
    """`row` for the page."""
    quantity, whole = shortened_quantity(row.quantity, places=0)
    known = row.base if isinstance(row.base, BaseGain) else None
    traded_gain = (
        "" if isinstance(row.gain, NotAvailable) else _traded(_difference(row, row.gain), base, is_signed=True)
    )
    return GainText(
        transaction="" if is_derived(row.closed_by) else row.closed_by,
        symbol=row.symbol,
        name="" if row.name == row.symbol else row.name,
        badge=CLOSINGS[row.closing],
        reason=_reason(row),
        quantity=quantity if row.quantity else DASH,
        whole_quantity=whole,
        acquired=short_day_text(row.acquired) if isinstance(row.acquired, date) else DASH,
        closed=short_day_text(row.closed),
        days=count_text(row.days) if isinstance(row.days, int) else DASH,
        held=counted_phrase("{days} day", "{days} days", row.days, days=count_text(row.days))
        if isinstance(row.days, int)
        else DASH,
        term=TERMS[row.term] if isinstance(row.term, Term) else "",
        cost=_amount(known.cost if known else None, row.cost, base),
        proceeds=_amount(known.proceeds if known else None, row.proceeds, base),
        gain=_signed(known.gain) if known else Figure(NOT_AVAILABLE),
        traded_gain=traded_gain,
        price=_signed(known.price) if known else NO_FIGURE,
        currency=_signed(known.currency) if known else NO_FIGURE,
        account=row.account.name,
        is_dated=isinstance(row.acquired, date),
        has_gain=known is not None,
        explained=f"?{urlencode({'lot': row.key})}",
    )


def sums_texts(sums: Sums, periods: HoldingPeriods) -> tuple[SumsText, ...]:
    """The lines of the sums, the total last."""
    months = months_text(periods.long_term_months)
    lines = []
    if sums.short is not None and sums.long is not None:
        lines.append(_sums(phrase("Short term"), phrase("held for at most {months}", months=months), sums.short))
        lines.append(_sums(phrase("Long term"), phrase("held for more than {months}", months=months), sums.long))
    return (*lines, _sums(phrase("Total"), "", sums.total, is_total=True))


def besides_texts(sums: YearSums) -> tuple[BesidesText, ...]:
    """What stands beside the rows."""
    booked: list[tuple[str, str, Decimal, str]] = [
        (phrase("Dividends"), phrase("gross, on the ex-date where it is known"), sums.dividends, "dividends"),
        (phrase("Interest"), phrase("gross"), sums.interest, "interest"),
        (phrase("Withholding tax"), phrase("on dividends and interest"), sums.withholding_tax, "withheld"),
        (phrase("Fees"), phrase("not part of a cost"), sums.fees, "fees"),
        (phrase("Taxes"), phrase("not part of a cost"), sums.taxes, "taxes"),
    ]
    texts = [BesidesText(label, hint, Figure(money_text(value)), name) for label, hint, value, name in booked]
    if sums.cash_currency is not None:
        hint = phrase("foreign cash that went out at other rates than it had come in")
        texts.append(BesidesText(phrase("Currency result on cash"), hint, _signed(sums.cash_currency), "cash-currency"))
    return tuple(texts)


def derived_text(sums: YearSums, base: Currency) -> str:
    """How much of the dividends nobody booked; empty where all were booked."""
    return f"{money_text(sums.derived)} {base}" if sums.derived else ""


def left_out_text(summary: Summary) -> str:
    """What the sums lack and why; empty where they lack nothing."""
    count, reason = summary.sums.total.left_out, summary.lack
    if not count:
        return ""
    if count == 1:
        return phrase("One lot is left out of the sums: {reason}.", reason=reason)
    return phrase(
        "{count_text} lots are left out of the sums; of the first, {reason}.",
        count_text=count_text(count),
        reason=reason,
    )


def unpaid_text(sums: YearSums) -> str:
    """What the figures beside the rows lack and why; empty where they lack nothing."""
    if not sums.left_out:
        return ""
    if sums.left_out == 1:
        return phrase("One entry is left out: {reason}.", reason=sums.reason)
    return phrase(
        "{count_text} entries are left out; of the first, {reason}.",
        count_text=count_text(sums.left_out),
        reason=sums.reason,
    )


def periods_text(periods: HoldingPeriods) -> str:
    """How days are counted and terms told apart, in a sentence."""
    days = _DAY_COUNTS[periods.day_count]
    if not periods.tells_terms:
        return phrase("{days}; short and long term are not told apart.", days=days)
    return phrase(
        "{days}; what was held for more than {months_text} is long term.",
        days=days,
        months_text=months_text(periods.long_term_months),
    )


def months_text(months: int) -> str:
    """A number of months.

    >>> months_text(1), months_text(12)
    ('1 month', '12 months')
    """
    return counted_phrase("{shown} month", "{shown} months", months, shown=count_text(months))


def _sums(label: str, hint: str, totals: GainTotals, *, is_total: bool = False) -> SumsText:
    return SumsText(
        label=label,
        hint=hint,
        lots=totals.counted,
        count=count_text(totals.counted),
        cost=money_text(totals.cost),
        proceeds=money_text(totals.proceeds),
        gain=_signed(totals.gain),
        price=_signed(totals.price),
        currency=_signed(totals.currency),
        is_total=is_total,
    )


def _signed(value: Decimal | NotAvailable) -> Figure:
    if isinstance(value, NotAvailable):
        return NO_FIGURE
    return Figure(signed_money_text(value), money_direction(value))


def _amount(value: Decimal | None, traded: Money | NotAvailable, base: Currency) -> AmountText:
    text = "" if isinstance(traded, NotAvailable) else _traded(traded, base)
    return AmountText(money_text(value), text)


def _traded(money: Money, base: Currency, *, is_signed: bool = False) -> str:
    """An amount of another currency than the base currency, in its coins; empty of the base currency."""
    if money.currency == base:
        return ""
    amount = money.to_minor_unit().amount
    return f"{signed_money_text(amount) if is_signed else money_text(amount)} {money.currency}"


def _difference(row: GainRow, gain: Money) -> Money:
    """The gain of what is shown: of proceeds and cost in coins, so that the line adds up."""
    assert isinstance(row.cost, Money)
    assert isinstance(row.proceeds, Money)
    places = gain.currency.minor_unit
    return Money(rounded(row.proceeds.amount, places=places) - rounded(row.cost.amount, places=places), gain.currency)


def _reason(row: GainRow) -> str:
    if isinstance(row.base, NotAvailable):
        return row.base.reason
    return row.base.price.reason if isinstance(row.base.price, NotAvailable) else ""
