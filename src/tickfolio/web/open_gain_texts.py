"""What is held in words and figures on the gains page, and where all that was gained comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, Money, rounded
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.open_gains import OpenBase, OpenGain, OpenTotals, open_totals
from tickfolio.domain.valuation.valuation import percent_of
from tickfolio.domain.valuation.year_sums import YearSums
from tickfolio.web.figures import money_text, signed_money_text
from tickfolio.web.gain_texts import NOT_AVAILABLE, AmountText
from tickfolio.web.holding_texts import NO_FIGURE, Figure, gain, percent, shortened_quantity


@dataclass(frozen=True, slots=True)
class OpenText:
    """A holding, or their sum; `reason` says what is not available, `whole_quantity` is empty where `quantity` is whole."""

    symbol: str
    name: str
    account: str
    quantity: str
    whole_quantity: str
    reason: str
    cost: AmountText
    value: AmountText
    gain: Figure
    traded_gain: str
    price: Figure
    currency: Figure
    percent: Figure


@dataclass(frozen=True, slots=True)
class StepText:
    """A line of the table that leads from what was paid in to the value."""

    label: str
    hint: str
    figure: Figure
    is_total: bool = False


def wanted_holdings(holdings: Iterable[OpenGain], wanted: Wanted) -> tuple[OpenGain, ...]:
    """Those of the account and the symbol that are wanted, of whatever year."""
    return tuple(
        each for each in holdings if wanted.account in (None, each.account) and wanted.symbol in (None, each.symbol)
    )


def open_texts(holdings: Iterable[OpenGain], *, base: Currency) -> tuple[OpenText, ...]:
    """The holdings for the page."""
    return tuple(_open_text(each, base) for each in holdings)


def open_total_text(holdings: Sequence[OpenGain], *, base: Currency) -> OpenText:
    """Their sum; dashes where none has a gain."""
    totals = open_totals(holdings, places=base.minor_unit)
    known = totals.counted > 0
    return OpenText(
        symbol="Total",
        name="",
        account="",
        quantity="",
        whole_quantity="",
        reason=_left_out(totals),
        cost=AmountText(money_text(totals.cost if known else None)),
        value=AmountText(money_text(totals.value if known else None)),
        gain=gain(totals.gain if known else None),
        traded_gain="",
        price=gain(totals.price if known else None),
        currency=gain(totals.currency if known else None),
        percent=percent(totals.percent if known else None),
    )


def steps_texts(
    value: Decimal, all_gains: Gains | NotAvailable, *, realized: Decimal, sums: YearSums, unrealized: Decimal
) -> tuple[StepText, ...]:
    """From what was paid in to the value, by the figures that stand on the page; nothing where one of them is not known.

    The lines add up, since what the rounding of each by itself leaves is a line too.

    Args:
        realized, sums, unrealized: of all years, all accounts and all holdings.
    """
    if isinstance(all_gains, NotAvailable):
        return ()
    paid_in = rounded(all_gains.external_flows, places=_places(value))
    income = EXACT.add(sums.dividends, sums.interest)
    taxes = EXACT.add(sums.withholding_tax, sums.taxes)
    gained = EXACT.subtract(value, paid_in)
    result = rounded(all_gains.cash_currency, places=_places(value))
    parts = (realized, unrealized, income, sums.fees.copy_negate(), taxes.copy_negate(), result)
    rest = gained
    for part in parts:
        rest = EXACT.subtract(rest, part)
    lines = (
        ("Realized gains", "of closed lots", parts[0]),
        ("Unrealized gains", "of what is held", parts[1]),
        ("Income", "dividends and interest, gross", parts[2]),
        ("Fees", "not part of a cost", parts[3]),
        ("Taxes", "withheld, or not part of a cost", parts[4]),
        ("Currency result on cash", "of what went out and what is there, and of dividends due", parts[5]),
        *((("Rounding", "what rounding each line by itself leaves", rest),) if rest else ()),
    )
    return (
        StepText("Paid in", "deposits less withdrawals, transfers at their cost", Figure(money_text(paid_in))),
        *(StepText(label, hint, gain(EXACT.add(amount, 0))) for label, hint, amount in lines),
        StepText("Value now", "holdings, cash and dividends due", Figure(money_text(value)), is_total=True),
        StepText("All that was gained", "value now less what was paid in", gain(gained), is_total=True),
    )


def _open_text(each: OpenGain, base: Currency) -> OpenText:
    quantity, whole = shortened_quantity(each.quantity, places=0)
    known = each.base if isinstance(each.base, OpenBase) else None
    return OpenText(
        symbol=each.symbol,
        name="" if each.name == each.symbol else each.name,
        account=each.account_name,
        quantity=quantity,
        whole_quantity=whole,
        reason=_reason(each),
        cost=AmountText(money_text(known.cost if known else None), _traded(each.cost, base)),
        value=AmountText(money_text(known.value if known else None), _traded(each.value, base)),
        gain=gain(known.gain) if known else Figure(NOT_AVAILABLE),
        traded_gain=_traded(each.gain, base, is_signed=True),
        price=gain(known.price) if known else NO_FIGURE,
        currency=gain(known.currency) if known else NO_FIGURE,
        percent=percent(percent_of(known.gain, abs(known.cost), of_what="the cost") if known else None),
    )


def _traded(money: Money | NotAvailable, base: Currency, *, is_signed: bool = False) -> str:
    """An amount of another currency than the base currency; empty of the base currency."""
    if isinstance(money, NotAvailable) or money.currency == base:
        return ""
    return f"{signed_money_text(money.amount) if is_signed else money_text(money.amount)} {money.currency}"


def _reason(each: OpenGain) -> str:
    if isinstance(each.base, NotAvailable):
        return each.base.reason
    return each.base.price.reason if isinstance(each.base.price, NotAvailable) else ""


def _left_out(totals: OpenTotals) -> str:
    if not totals.left_out:
        return ""
    return f"without {totals.left_out} holding{'' if totals.left_out == 1 else 's'}"


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent
