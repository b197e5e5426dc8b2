"""Signing in and up, passwords, and what people prefer. What allauth's forms do stays; how they look and speak is ours."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.account import forms as allauth
from django import forms

from tickfolio.identity.models import Language
from tickfolio.services.people import Preferences, time_zones
from tickfolio.web.currencies import currency_choices
from tickfolio.words import marked_phrase, phrase

PASSWORD_HINT = marked_phrase("At least 10 characters; no common word, not only figures, not your address.")  # a hint
LANGUAGES = [("", marked_phrase("As the browser")), *Language.choices[1:]]
"""Each calls itself by its own name."""
THEMES = [("", marked_phrase("As the system")), ("light", marked_phrase("Light")), ("dark", marked_phrase("Dark"))]
LOCALES = [("en", marked_phrase("1,234.56 and 31 Dec 2012")), ("de", marked_phrase("1.234,56 and 31.12.2012"))]


def _plain(form: forms.Form, **labels: str) -> None:
    """Gives the fields their labels and the look of this product's, without allauth's placeholders and links."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
        if not isinstance(field.widget, forms.CheckboxInput):
            field.widget.attrs["class"] = "input"


class SignInForm(allauth.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(
            self, login=phrase("E-mail"), password=phrase("Password"), remember=phrase("Keep me signed in")
        )  # labels
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    @property
    def note(self) -> str:
        """How many tries are left, once one has failed."""
        left = getattr(self.request, "tries_left", None)
        match left:
            case None:
                return ""
            case 0:
                return phrase("That was the last try before a pause of 5 minutes.")
            case 1:
                return phrase("One more try before a pause of 5 minutes.")
            case _:
                return phrase("{left} more tries before a pause of 5 minutes.", left=left)

    def clean(self) -> Any:
        """Marks both fields where the two do not belong together: which of them is wrong is not said."""
        try:
            return super().clean()  # type: ignore[no-untyped-call]  # allauth's carries no types
        except forms.ValidationError:
            for name in ("login", "password"):
                self.fields[name].widget.attrs["aria-invalid"] = "true"
            raise


class SignUpForm(allauth.SignupForm):
    """E-mail and a password to be, and the time zone of the browser, which a script fills in."""

    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-own-zone": ""}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, email=phrase("E-mail"), password1=phrase("Password"))  # labels
        self.fields["password1"].help_text = PASSWORD_HINT

    def clean_time_zone(self) -> str:
        """The zone, or none where it is none that could be chosen: nobody has typed it, so nobody can put it right."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in time_zones() else ""


class PasswordChangeForm(allauth.ChangePasswordForm):
    """The password that is and, twice, the one to be."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(
            self,
            oldpassword=phrase("Current password"),
            password1=phrase("New password"),
            password2=phrase("New password, again"),
        )
        self.fields["password1"].help_text = PASSWORD_HINT


class PasswordResetForm(allauth.ResetPasswordForm):
    """Whose password is to be reset."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, email=phrase("E-mail"))


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """The password to be, twice, of somebody with a reset link."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self, password1=phrase("New password"), password2=phrase("New password, again"))  # labels
        self.fields["password1"].help_text = PASSWORD_HINT


class PreferencesForm(forms.Form):
    """What somebody prefers; whether it can be had is said by the service."""

    base_currency = forms.CharField(
        label=marked_phrase("Base currency"),
        help_text=marked_phrase(
            "Home adds up in it where portfolios have several; offered for new ones, and each keeps its own."
        ),
    )
    language = forms.CharField(label=marked_phrase("Language"), required=False)
    locale = forms.CharField(label=marked_phrase("Numbers and dates"))
    time_zone = forms.CharField(
        label=marked_phrase("Time zone"),
        help_text=marked_phrase("Its midnight ends a day of your reports. Begin to type a city."),
    )
    theme = forms.CharField(label=marked_phrase("Theme"), required=False)

    def __init__(self, *args: Any, rated: Collection[str] | None = None, now: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        offered = currency_choices(only=rated, also=[now])
        self.fields["base_currency"].widget = forms.Select(choices=offered, attrs={"class": "input"})
        self.fields["language"].widget = forms.Select(choices=LANGUAGES, attrs={"class": "input"})
        self.fields["locale"].widget = forms.Select(choices=LOCALES, attrs={"class": "input"})
        self.fields["time_zone"].widget = forms.TextInput(
            attrs={"class": "input", "list": "time-zones", "autocomplete": "off", "spellcheck": "false"}
        )
        self.fields["theme"].widget = forms.Select(choices=THEMES, attrs={"class": "input"})

    @classmethod
    def of(cls, preferences: Preferences, *, rated: Collection[str] | None = None) -> PreferencesForm:
        """The form, filled with what is preferred now; of the currencies it offers those `rated`, and the preferred one."""
        return cls(
            rated=rated,
            now=preferences.base_currency.code,
            initial={
                "base_currency": preferences.base_currency.code,
                "language": preferences.language.value,
                "locale": preferences.locale.value,
                "time_zone": preferences.time_zone.key,
                "theme": preferences.theme.value,
            },
        )
