"""What is held in words and figures on the gains page, and where all that was gained comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT, Currency, Money, rounded
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.gains import Gains
from tickfolio.domain.valuation.gains_report import Wanted
from tickfolio.domain.valuation.open_gains import OpenBase, OpenGain, OpenTotals, open_totals
from tickfolio.domain.valuation.valuation import percent_of
from tickfolio.domain.valuation.year_sums import YearSums
from tickfolio.web.figures import money_text, signed_money_text
from tickfolio.web.gain_texts import NOT_AVAILABLE, AmountText
from tickfolio.web.holding_texts import NO_FIGURE, Figure, gain, percent, shortened_quantity
from tickfolio.words import counted_phrase, phrase


@dataclass(frozen=True, slots=True)
class OpenText:
    """A holding, or their sum; `reason` says what is not available, `whole_quantity` is empty where `quantity` is whole.

    Attributes:
        is_known: whether there is a gain.
        explained: the query of the addresses that explain its figures.
    """

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
    is_known: bool
    explained: str


@dataclass(frozen=True, slots=True)
class StepText:
    """A line of the table that leads from what was paid in to the value.

    Attributes:
        explained: by which name it is explained; empty where it is not.
    """

    label: str
    hint: str
    figure: Figure
    is_total: bool = False
    explained: str = ""


def wanted_holdings(holdings: Iterable[OpenGain], wanted: Wanted) -> tuple[OpenGain, ...]:
    """Those of the account and the symbol that are wanted, of whatever year."""
    return tuple(
        each for each in holdings if wanted.account in (None, each.account) and wanted.symbol in (None, each.symbol)
    )


def open_texts(holdings: Iterable[OpenGain], *, base: Currency) -> tuple[OpenText, ...]:
    """The holdings for the page."""
    return tuple(_open_text(each, base) for each in holdings)


def open_total_text(holdings: Sequence[OpenGain], *, base: Currency, explained: str = "") -> OpenText:
    """Their sum; dashes where none has a gain.

    Args:
        explained: the query of what is asked for.
    """
    totals = open_totals(holdings, places=base.minor_unit)
    known = totals.counted > 0
    return OpenText(
        symbol=phrase("Total"),
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
        is_known=known,
        explained=explained,
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
    lines = [
        (phrase("Realized gains"), phrase("of closed lots"), realized),
        (phrase("Unrealized gains"), phrase("of what is held"), unrealized),
        (phrase("Income"), phrase("dividends and interest, gross"), income),
        (phrase("Fees"), phrase("not part of a cost"), sums.fees.copy_negate()),
        (phrase("Taxes"), phrase("withheld, or not part of a cost"), taxes.copy_negate()),
        (phrase("Currency result on cash"), phrase("of what went out and what is there, and of dividends due"), result),
    ]
    rest = EXACT.subtract(gained, exact_sum(amount for _, _, amount in lines))
    if rest:
        lines.append((phrase("Rounding"), phrase("what rounding each line by itself leaves"), rest))
    return (
        StepText(
            phrase("Paid in"), phrase("deposits less withdrawals, transfers at their cost"), Figure(money_text(paid_in))
        ),
        *(
            StepText(label, hint, gain(EXACT.add(amount, 0)), explained=_STEPS.get(label, ""))
            for label, hint, amount in lines
        ),
        StepText(
            phrase("Value now"),
            phrase("holdings, cash and dividends due"),
            Figure(money_text(value)),
            is_total=True,
            explained="value",
        ),
        StepText(phrase("All that was gained"), phrase("value now less what was paid in"), gain(gained), is_total=True),
    )


_STEPS = {"Realized gains": "realized", "Unrealized gains": "unrealized"}


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
        percent=percent(percent_of(known.gain, abs(known.cost), of_what=phrase("the cost")) if known else None),
        is_known=known is not None,
        explained=f"?{urlencode({'row': f'h:{each.account}:{each.symbol}'})}",
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
    return counted_phrase("without {count} holding", "without {count} holdings", totals.left_out)


def _places(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent
