"""Which rows the gains report shows, and how its holding periods are counted, as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.valuation.holding_periods import MOST_MONTHS, DayCount, HoldingPeriods
from tickfolio.services.gains_reports import GainsReport, Wanted
from tickfolio.services.portfolios import AccountView
from tickfolio.web.forms.fields import Choice, PageForm
from tickfolio.words import marked_phrase, phrase

ALL_YEARS = "all"
DAY_COUNTS = (
    (DayCount.ACTUAL, marked_phrase("Real days: the day of the sale less the day of the purchase")),
    (DayCount.INCLUSIVE, marked_phrase("Real days, the first and the last both counted")),
    (DayCount.THIRTY_360, marked_phrase("Months of 30 days: 30E/360")),
)


class GainsFilterForm(PageForm):
    """The year and the filters. Where one of them cannot be read it is named, and none of them is applied."""

    year = Choice(label=marked_phrase("Year"), choices=(), what="a year", required=False)
    account = Choice(label=marked_phrase("Account"), choices=(), what=marked_phrase("an account"), required=False)
    symbol = Choice(label=marked_phrase("Symbol"), choices=(), what="a symbol", required=False)

    def __init__(self, *arguments: Any, report: GainsReport, accounts: Sequence[AccountView], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._newest = str(report.years[0]) if report.years else ALL_YEARS
        years = [(str(year), str(year)) for year in report.years]
        self._offer("year", [*years, (ALL_YEARS, phrase("All years"))])
        self._offer("account", [("", phrase("All accounts")), *((each.id, each.name) for each in accounts)])
        self._offer("symbol", [("", phrase("All symbols")), *((str(each), str(each)) for each in report.symbols)])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, Choice)
        field.choices = choices

    @property
    def filters(self) -> list[forms.BoundField]:
        """The fields besides the year, which has links of its own."""
        return [self["account"], self["symbol"]]

    @property
    def is_used(self) -> bool:
        """Whether anything but a year is asked for."""
        return any(self.data.get(name) for name in ("account", "symbol"))

    @property
    def shown_year(self) -> str:
        """The year that is shown, the newest unless said; or all of them."""
        typed = self.cleaned_data if self.is_valid() else {}
        return typed.get("year") or self._newest

    def wanted(self) -> Wanted:
        """The rows that are asked for; all of the newest year where a part cannot be read."""
        typed = self.cleaned_data if self.is_valid() else {}
        year = self.shown_year
        return Wanted(
            year=None if year == ALL_YEARS else int(year),
            account=AccountId(typed["account"]) if typed.get("account") else None,
            symbol=Symbol(typed["symbol"]) if typed.get("symbol") else None,
        )

    def query(self, *, year: str = "", page: int = 1) -> str:
        """The query string of a year with the same filters; of the year that is shown unless said."""
        asked = {"year": year or self.shown_year}
        asked |= {name: self.data[name] for name in ("account", "symbol") if self.is_valid() and self.data.get(name)}
        if page > 1:
            asked["page"] = str(page)
        return f"?{urlencode(asked)}"


class HoldingPeriodsForm(PageForm):
    """How days are counted, and after how many months something was held for long."""

    day_count = Choice(label=marked_phrase("Days"), choices=DAY_COUNTS, what=marked_phrase("a day count"))
    long_term_months = forms.CharField(label=marked_phrase("Long term after, in months"), max_length=20)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["day_count"].help_text = phrase("How many days something was held.")
        months = self.fields["long_term_months"]
        months.help_text = phrase(
            "What is sold later than the same day so many months on was held for long. 0: no difference."
        )
        months.error_messages["required"] = phrase("Expected a number of months; the field is empty.")
        months.widget.attrs |= {"class": "input", "inputmode": "numeric", "autocomplete": "off"}

    def clean_long_term_months(self) -> int:
        """The number of months."""
        typed = str(self.cleaned_data["long_term_months"]).strip()
        if not (typed.isascii() and typed.isdigit() and int(typed) <= MOST_MONTHS):
            raise forms.ValidationError(
                phrase("Expected 0 to {most_months} months, was {typed}.", most_months=MOST_MONTHS, typed=typed[:20])
            )
        return int(typed)

    def chosen(self) -> HoldingPeriods:
        """What was chosen."""
        return HoldingPeriods(DayCount(self.cleaned_data["day_count"]), self.cleaned_data["long_term_months"])


def periods_shown(periods: HoldingPeriods) -> dict[str, Any]:
    """The values of a form that shows `periods`."""
    return {"day_count": periods.day_count.value, "long_term_months": periods.long_term_months}
