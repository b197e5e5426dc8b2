"""The income of a portfolio in words and figures: everything that the page's templates print.

The page's scripts write what moves with prices and rates; frontend/src/cells/income.ts has the twins of the rules that stand here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, plain, rounded
from tickfolio.domain.valuation.income_yields import Yield, yield_of_all
from tickfolio.domain.valuation.payments import (
    Payment,
    PaymentSums,
    a_year_after,
    gross_by_month,
    payment_sums,
    sums_by_year,
)
from tickfolio.services.income_reports import IncomeReport
from tickfolio.web.figures import DASH, count_text, money_pieces, money_text
from tickfolio.web.holding_texts import known
from tickfolio.web.notation import SHORT_MONTHS
from tickfolio.web.payment_texts import (
    MissingText,
    PaymentText,
    coming_text,
    missing_text,
    month_key,
    received_text,
    repeated_text,
)
from tickfolio.web.stock_texts import short_day_text
from tickfolio.words import counted_phrase, phrase

MOST_RECENT = 12
"""How many received payments are listed; the ledger has all of them."""


@dataclass(frozen=True, slots=True)
class HeadText:
    """The twelve months up to today."""

    whole: str
    minor: str
    net: str
    tax: str
    on_value: str
    on_cost: str
    left_out: str


@dataclass(frozen=True, slots=True)
class YearText:
    """A year, or all of them."""

    name: str
    dividends: str
    interest: str
    gross: str
    tax: str
    net: str
    count: str


@dataclass(frozen=True, slots=True)
class YieldText:
    """A holding, or all of them. `plain_income` is what the scripts compute with."""

    symbol: str
    name: str
    income: str
    value: str
    cost: str
    on_value: str
    on_cost: str
    plain_income: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ForecastText:
    """A month of the next twelve, or all of them: what is known, and apart from it what would come again."""

    key: str
    name: str
    known: str
    repeated: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the month."""
        return self.known == self.repeated == DASH


@dataclass(frozen=True, slots=True)
class IncomeText:
    """The whole page."""

    base: str
    today: str
    has_payments: bool
    head: HeadText
    years: tuple[YearText, ...]
    all_years: YearText
    yields: tuple[YieldText, ...]
    all_yields: YieldText
    coming: tuple[PaymentText, ...]
    recent: tuple[PaymentText, ...]
    older: str
    repeated: tuple[PaymentText, ...]
    forecast: tuple[ForecastText, ...]
    forecast_sum: ForecastText
    forecast_lacks: str
    missing: tuple[MissingText, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell at all."""
        return not (self.has_payments or self.coming or self.missing)


def income_text(report: IncomeReport, *, portfolio_id: str) -> IncomeText:
    """The page of a report."""
    everything = yield_of_all(report.yields)
    years = sums_by_year(report.payments)
    forecast, forecast_sum = _forecast(report)
    return IncomeText(
        base=report.base.code,
        today=short_day_text(report.today),
        has_payments=bool(report.payments),
        head=_head(payment_sums(report.year), everything, report.base),
        years=tuple(_year(str(year), sums, report.base) for year, sums in years.items()),
        all_years=_year(phrase("All years"), payment_sums(report.payments), report.base),
        yields=tuple(_yield(each, report.base) for each in report.yields),
        all_yields=_yield(everything, report.base),
        coming=tuple(coming_text(each, report) for each in report.coming),
        recent=tuple(received_text(each, report, portfolio_id) for each in _received_of(report)[:MOST_RECENT]),
        older=_older(len(_received_of(report)) - MOST_RECENT),
        repeated=tuple(repeated_text(each, report) for each in report.repeated),
        forecast=forecast,
        forecast_sum=forecast_sum,
        forecast_lacks=_lacks(report),
        missing=tuple(missing_text(each, report) for each in report.missing),
    )


def chart_data(report: IncomeReport) -> dict[str, object]:
    """What the chart is drawn from: gross sums by month and instrument, the oldest first."""
    sums = gross_by_month(report.payments)
    return {
        "currency": report.base.code,
        "places": report.base.minor_unit,
        "today": report.today.isoformat(),
        "payments": [
            {"month": f"{month[0]:04}-{month[1]:02}", "symbol": symbol or "", "gross": plain(gross)}
            for (month, symbol), gross in sorted(sums.items(), key=lambda item: (item[0][0], item[0][1] or ""))
        ],
    }


def yield_text(value: Decimal | NotAvailable) -> str:
    """A percentage without a sign, since nothing was gained or lost by it.

    >>> yield_text(Decimal("2.50"))
    '2.50 %'
    """
    amount = known(value)
    return DASH if amount is None else f"{money_text(amount)} %"


# ---------- What was paid ----------


def _head(sums: PaymentSums, everything: Yield, base: Currency) -> HeadText:
    whole, minor = money_pieces(_coins(sums.gross, base))
    count = sums.left_out
    left_out = counted_phrase(
        "{shown} payment without an exchange rate left out",
        "{shown} payments without an exchange rate left out",
        count,
        shown=count_text(count),
    )
    return HeadText(
        whole=whole,
        minor=minor,
        net=_base_text(sums.net, base),
        tax=_base_text(sums.tax, base),
        on_value=yield_text(everything.on_value),
        on_cost=yield_text(everything.on_cost),
        left_out=left_out if count else "",
    )


def _year(name: str, sums: PaymentSums, base: Currency) -> YearText:
    count = sums.counted + sums.left_out
    told = counted_phrase("{shown} payment", "{shown} payments", count, shown=count_text(count))
    return YearText(
        name=name,
        dividends=_base_text(sums.dividends, base),
        interest=_base_text(sums.interest, base),
        gross=_base_text(sums.gross, base),
        tax=_base_text(sums.tax, base),
        net=_base_text(sums.net, base),
        count=phrase("{told}, {count_text} without a rate", told=told, count_text=count_text(sums.left_out))
        if sums.left_out
        else told,
    )


def _yield(each: Yield, base: Currency) -> YieldText:
    reasons = [figure.reason for figure in (each.on_value, each.on_cost) if isinstance(figure, NotAvailable)]
    return YieldText(
        symbol=each.symbol or "",
        name="" if each.name == each.symbol else each.name,
        income=_base_text(each.income, base),
        value=money_text(each.value),
        cost=money_text(each.cost),
        on_value=yield_text(each.on_value),
        on_cost=yield_text(each.on_cost),
        plain_income=plain(_coins(each.income, base)),
        reason=", ".join(reasons),
    )


def _coins(amount: Decimal, base: Currency) -> Decimal:
    """The same with the places of the coins: a sum of nothing has none."""
    return rounded(amount, places=base.minor_unit)


def _base_text(amount: Decimal, base: Currency) -> str:
    return money_text(_coins(amount, base))


# ---------- The calendar ----------


def _received_of(report: IncomeReport) -> list[Payment]:
    return sorted((each for each in report.payments if not each.is_due), key=lambda each: each.paid_on, reverse=True)


def _older(count: int) -> str:
    return phrase("and {count_text} earlier", count_text=count_text(count)) if count > 0 else ""


# ---------- The next twelve months ----------


def _forecast(report: IncomeReport) -> tuple[tuple[ForecastText, ...], ForecastText]:
    """The months from this one to that of a year later, and the sums of both columns, which are never added."""
    last = a_year_after(report.today)
    coming = [each for each in report.coming if each.pay_day <= last]
    months = []
    for year, month in _months(report.today, last):
        key = f"{year:04}-{month:02}"
        known_sum = _sum(each.value for each in coming if month_key(each.pay_day) == key)
        repeated_sum = _sum(each.value for each in report.repeated if month_key(each.day) == key)
        months.append(
            ForecastText(key, f"{SHORT_MONTHS[month - 1]} {year}", money_text(known_sum), money_text(repeated_sum))
        )
    known_all, repeated_all = _sum(each.value for each in coming), _sum(each.value for each in report.repeated)
    return tuple(months), ForecastText("", phrase("Twelve months"), money_text(known_all), money_text(repeated_all))


def _months(first: date, last: date) -> list[tuple[int, int]]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [(number // 12, number % 12 + 1) for number in range(begin, end + 1)]


def _sum(values: Iterable[Decimal | NotAvailable]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    amounts = [value for value in values if not isinstance(value, NotAvailable)]
    return sum(amounts[1:], amounts[0]) if amounts else None


def _lacks(report: IncomeReport) -> str:
    values = [*(each.value for each in report.coming), *(each.value for each in report.repeated)]
    count = sum(isinstance(value, NotAvailable) for value in values)
    if not count:
        return ""
    reason = next(value.reason for value in values if isinstance(value, NotAvailable))
    return counted_phrase(
        "{shown} payment left out: {reason}.",
        "{shown} payments left out: {reason}.",
        count,
        shown=count_text(count),
        reason=reason,
    )
