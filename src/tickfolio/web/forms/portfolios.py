"""Portfolios and their accounts, as they are typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms

from tickfolio.domain.ledger.options import AccountOptions, ActionRule, CashMethod, CostMethod
from tickfolio.web.currencies import currency_choices, rate_warning
from tickfolio.web.forms.fields import Choice, PageForm, TypedText
from tickfolio.words import marked_phrase, phrase


class PortfolioForm(PageForm):
    """A portfolio's name and the currency that it is valued in: one of those that have a rate, or the one that it has."""

    name = TypedText(label=marked_phrase("Name"), what="a name")
    base_currency = Choice(label=marked_phrase("Base currency"), choices=currency_choices(), what="a currency")

    def __init__(self, *arguments: Any, rated: Collection[str] | None = None, now: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        currency = self.fields["base_currency"]
        assert isinstance(currency, Choice)
        currency.choices = currency_choices(only=rated, also=[now])
        warning = rate_warning(now, rated)
        currency.help_text = warning or phrase("Every total is shown in it; trades may be in any currency.")


class NewPortfolioForm(PortfolioForm):
    """A portfolio to be made, with its first account: without one nothing can be booked."""

    account_name = TypedText(label=marked_phrase("First account"), what=marked_phrase("a name for the first account"))
    account_currency = Choice(
        label=marked_phrase("Its currency"), choices=currency_choices(), what="a currency", required=False
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, rated: Collection[str] | None = None, **options: Any) -> None:
        super().__init__(*arguments, rated=rated, **options)
        self.fields["account_name"].help_text = phrase("The broker or the bank. More can be added at any time.")
        currency = self.fields["account_currency"]
        assert isinstance(currency, Choice)
        currency.choices = [("", phrase("The base currency")), *currency_choices(rated=rated)]

    def clean(self) -> dict[str, Any]:
        """The account is in the base currency unless another is chosen."""
        typed = super().clean() or self.cleaned_data
        typed["account_currency"] = typed.get("account_currency") or typed.get("base_currency", "")
        return typed


class AccountForm(PageForm):
    """An account's name and the currency that is offered first in it."""

    name = TypedText(label=marked_phrase("Name"), what="a name")
    currency = Choice(label=marked_phrase("Currency"), choices=(), what="a currency")

    def __init__(
        self,
        *arguments: Any,
        currencies: Iterable[str] = (),
        rated: Collection[str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        currency = self.fields["currency"]
        assert isinstance(currency, Choice)
        currency.choices = currency_choices(also=currencies, rated=rated)
        currency.help_text = phrase("What its cash mostly is in. It may hold others.")


METHODS = (
    (CostMethod.FIFO, marked_phrase("First in, first out: a sale takes what was bought first.")),
    (CostMethod.LIFO, marked_phrase("Last in, first out: a sale takes what was bought last.")),
    (CostMethod.HIFO, marked_phrase("Highest cost first: a sale takes what cost most a unit, in the base currency.")),
    (CostMethod.AVERAGE, marked_phrase("Average: every unit costs the average of all that are held.")),
    (
        CostMethod.SPECIFIC,
        marked_phrase("Chosen lots: a sale takes the lots that it names, and else what was bought first."),
    ),
)
CASH_METHODS = (
    (CashMethod.FIFO, marked_phrase("First in, first out: what goes out counts at the rate of what came in first.")),
    (CashMethod.AVERAGE, marked_phrase("Average: what goes out counts at the average rate of all that is there.")),
)


ACTION_RULES = (
    (
        ActionRule.ALL,
        marked_phrase("All: splits, dividends and the like count by themselves, unless they are booked here."),
    ),
    (ActionRule.UNITS, marked_phrase("Those that change units, such as splits; what pays is booked or imported.")),
    (ActionRule.NONE, marked_phrase("None: everything is booked or imported.")),
)


class AccountOptionsForm(PageForm):
    """How an account matches its lots and counts its costs, a sentence for each choice.

    `seen` is what was chosen when the form was made.
    """

    method = Choice(label=marked_phrase("Lots of instruments"), choices=METHODS, what="a method")
    cash_method = Choice(label=marked_phrase("Lots of foreign cash"), choices=CASH_METHODS, what="a method")
    fees_in_cost = forms.BooleanField(
        label=marked_phrase("Fees and taxes of a trade are part of its cost"), required=False
    )
    allows_shorts = forms.BooleanField(label=marked_phrase("More may be sold than is held"), required=False)
    actions = Choice(label=marked_phrase("Corporate actions from market data"), choices=ACTION_RULES, what="a rule")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        hints = {
            "method": phrase("Which units a sale takes, and so what was gained by it."),
            "cash_method": phrase("At which rates cash of another currency goes out."),
            "fees_in_cost": phrase("Without it they are fees and taxes of their own, and gains are before them."),
            "allows_shorts": phrase("What is sold beyond the holding is held short until it is bought back."),
            "actions": phrase(
                "What you book yourself, or import, always takes precedence. What does not count by itself is "
                "proposed under Corporate actions, with its amount."
            ),
        }
        for name, hint in hints.items():
            self.fields[name].help_text = hint

    def chosen(self) -> AccountOptions:
        """The options that were chosen."""
        typed = self.cleaned_data
        return AccountOptions(
            method=CostMethod(typed["method"]),
            cash_method=CashMethod(typed["cash_method"]),
            fees_in_cost=typed["fees_in_cost"],
            allows_shorts=typed["allows_shorts"],
            actions=ActionRule(typed["actions"]),
        )

    def expected(self) -> AccountOptions:
        """The options that the form was made with; those that were chosen where it does not say."""
        parts = str(self.cleaned_data.get("seen", "")).split()
        try:
            method, cash_method, fees, shorts, actions = parts
            matching = CostMethod(method), CashMethod(cash_method)
            return AccountOptions(*matching, fees == "True", shorts == "True", ActionRule(actions))
        except ValueError:
            return self.chosen()


def options_shown(options: AccountOptions) -> dict[str, Any]:
    """The values of a form that shows `options`."""
    shown = {
        "method": options.method.value,
        "cash_method": options.cash_method.value,
        "fees_in_cost": options.fees_in_cost,
        "allows_shorts": options.allows_shorts,
        "actions": options.actions.value,
    }
    return {**shown, "seen": " ".join(str(value) for value in shown.values())}


class DeletePortfolioForm(PageForm):
    """What cannot be undone is confirmed with the portfolio's name."""

    name = TypedText(label=marked_phrase("Its name, to be sure"), what=marked_phrase("the name of the portfolio"))

    def __init__(self, *arguments: Any, portfolio_name: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._portfolio_name = portfolio_name

    def clean_name(self) -> str:
        """The name, which must be the portfolio's."""
        name: str = self.cleaned_data["name"]
        if name != self._portfolio_name:
            raise forms.ValidationError(
                phrase("Expected {portfolio_name}, was {name}.", portfolio_name=self._portfolio_name, name=name)
            )
        return name
