"""Portfolios and their accounts, as they are typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms

from tickfolio.web.currencies import currency_choices, rate_warning
from tickfolio.web.forms.fields import Choice, PageForm, TypedText


class PortfolioForm(PageForm):
    """A portfolio's name and the currency that it is valued in: one of those that have a rate, or the one that it has."""

    name = TypedText(label="Name", what="a name")
    base_currency = Choice(label="Base currency", choices=currency_choices(), what="a currency")

    def __init__(self, *arguments: Any, rated: Collection[str] | None = None, now: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        currency = self.fields["base_currency"]
        assert isinstance(currency, Choice)
        currency.choices = currency_choices(only=rated, also=[now])
        warning = rate_warning(now, rated)
        currency.help_text = warning or "Every total is shown in it; trades may be in any currency."


class NewPortfolioForm(PortfolioForm):
    """A portfolio to be made, with its first account: without one nothing can be booked."""

    account_name = TypedText(label="First account", what="a name for the first account")
    account_currency = Choice(label="Its currency", choices=currency_choices(), what="a currency")
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["account_name"].help_text = "The broker or the bank. More can be added at any time."


class AccountForm(PageForm):
    """An account's name and the currency that is offered first in it."""

    name = TypedText(label="Name", what="a name")
    currency = Choice(label="Currency", choices=(), what="a currency")

    def __init__(self, *arguments: Any, currencies: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        currency = self.fields["currency"]
        assert isinstance(currency, Choice)
        currency.choices = currency_choices(also=currencies)
        currency.help_text = "What its cash mostly is in. It may hold others."


class DeletePortfolioForm(PageForm):
    """What cannot be undone is confirmed with the portfolio's name."""

    name = TypedText(label="Its name, to be sure", what="the name of the portfolio")

    def __init__(self, *arguments: Any, portfolio_name: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._portfolio_name = portfolio_name

    def clean_name(self) -> str:
        """The name, which must be the portfolio's."""
        name: str = self.cleaned_data["name"]
        if name != self._portfolio_name:
            raise forms.ValidationError(f"Expected {self._portfolio_name}, was {name}.")
        return name
