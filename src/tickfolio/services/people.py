"""People: what they prefer, and what the operator does for them. Signing in and out is allauth's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import Language, Locale, Theme, User
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.sessions import end_sessions
from tickfolio.services.tokens import revoke_all
from tickfolio.words import phrase

PREFERENCES = ("base_currency", "language", "locale", "time_zone", "theme")
DEMO_OWNER_EMAIL = "demo@tickfolio.example"


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wants to see figures.

    Attributes:
        base_currency: offered for a new portfolio; where portfolios have several, Home adds up in it.
        language: of the pages.
        locale: how numbers and dates are written.
        time_zone: whose midnight ends a day of their reports, and in which times are shown.
    """

    base_currency: Currency
    language: Language
    locale: Locale
    time_zone: ZoneInfo
    theme: Theme


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the operator sees them; moments are of the real clock, in UTC."""

    user_id: int
    email: str
    is_active: bool
    has_password: bool
    joined_at: datetime
    last_sign_in: datetime | None
    is_operator: bool = False


# ---------- Preferences ----------


def preferences_of(user_id: int) -> Preferences:
    """What a person prefers.

    Raises:
        NotFound: there is no such person.
    """
    return _preferences(_user(User.objects.filter(pk=user_id).first(), str(user_id)))


def preferences_update(*, user_id: int, wanted: Mapping[str, str]) -> Preferences:
    """Changes what a person prefers, all or nothing.

    Args:
        wanted: all of `PREFERENCES`, each as it was chosen.

    Raises:
        InvalidDraft: some of it is not offered; a message for each such field.
        NotFound: there is no such person.
    """
    if errors := _preference_errors(wanted):
        raise InvalidDraft(errors)
    with transaction.atomic():
        user = _user(User.objects.select_for_update().filter(pk=user_id).first(), str(user_id))
        for name in PREFERENCES:
            setattr(user, name, wanted[name])
        user.save(update_fields=PREFERENCES)
    return _preferences(user)


def theme_choose(*, user_id: int, theme: str) -> None:
    """Changes the theme alone.

    Raises:
        InvalidDraft: there is no such theme.
    """
    if theme not in Theme.values:
        raise InvalidDraft({"theme": _theme_error(theme)})
    User.objects.filter(pk=user_id).update(theme=theme)


def currency_choose(*, user_id: int, currency: str) -> None:
    """Changes the person's currency alone: what Home adds up in, and what is offered for a new portfolio.

    Raises:
        InvalidDraft: the European Central Bank has no rate of it.
    """
    if currency not in currencies():
        raise InvalidDraft({"base_currency": _currency_error(currency)})
    User.objects.filter(pk=user_id).update(base_currency=currency)


@cache
def currencies() -> frozenset[str]:
    """The codes that may be chosen: the euro, and those that the European Central Bank publishes or published a rate of."""
    return frozenset(currency.code for currency in rate_table_now().currencies)


@cache
def time_zones() -> tuple[str, ...]:
    """The names of the time zones, without the historical spellings and the technical ones."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return ("UTC", *sorted(places))


def _preference_errors(wanted: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if (currency := wanted["base_currency"]) not in currencies():
        errors["base_currency"] = _currency_error(currency)
    for name, offered in (("language", Language), ("locale", Locale)):
        if wanted[name] not in offered.values:
            errors[name] = phrase(
                "Expected one of {offered}, was {found}.",
                offered=", ".join(filter(None, offered.values)),
                found=repr(wanted[name][:20]),
            )
    if (zone := wanted["time_zone"]) not in time_zones():
        errors["time_zone"] = phrase("Expected a time zone such as Europe/Berlin, was {found}.", found=repr(zone[:64]))
    if wanted["theme"] not in Theme.values:
        errors["theme"] = _theme_error(wanted["theme"])
    return errors


def _currency_error(currency: str) -> str:
    return phrase(
        "Expected a currency that the European Central Bank has a rate of, such as EUR, was {found}.",
        found=repr(currency[:20]),
    )


def _theme_error(theme: str) -> str:
    return phrase("Expected light, dark or nothing, was {found}.", found=repr(theme[:20]))


def _preferences(user: User) -> Preferences:
    return Preferences(
        base_currency=Currency(user.base_currency),
        language=Language(user.language),
        locale=Locale(user.locale),
        time_zone=ZoneInfo(user.time_zone),
        theme=Theme(user.theme),
    )


# ---------- The operator ----------


def people() -> tuple[PersonView, ...]:
    """Everybody, by e-mail address."""
    return tuple(_view(user) for user in User.objects.order_by("email"))


def person_add(*, email: str) -> PersonView:
    """Somebody new, whose address the operator vouches for. A reset link lets them choose a password.

    The first person of an instance is its operator.

    Raises:
        InvalidDraft: `email` is no address, or somebody has it already.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidDraft(
            {"email": phrase("Expected an e-mail address, was {email}.", email=repr(email[:80]))}
        ) from None
    with transaction.atomic():
        if User.objects.filter(email=email).exists():
            raise InvalidDraft(
                {
                    "email": phrase(
                        "Expected an address that nobody has yet, was {email}, which has an account.", email=email
                    )
                }
            )
        user = User.objects.create_user(email)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return _view(user)


def person_deactivate(*, email: str) -> None:
    """Ends all sessions and tokens of somebody and lets them begin no other. What they own stays.

    Raises:
        NotFound: nobody has that address.
    """
    with transaction.atomic():
        user = _by_email(email)
        user.is_active = False
        revoke_all(user)
        end_sessions(user)


def person_activate(*, email: str) -> None:
    """Lets somebody sign in again.

    Raises:
        NotFound: nobody has that address.
    """
    with transaction.atomic():
        user = _by_email(email)
        user.is_active = True
        user.save(update_fields=["is_active"])


@transaction.atomic
def reset_link(*, email: str) -> str:
    """The path at which somebody can set a new password: once, and for as long as `PASSWORD_RESET_TIMEOUT` says.

    Raises:
        NotFound: nobody has that address.
        InvalidDraft: they have no use for a password: they are deactivated, or the demo's owner.
    """
    user = _by_email(email)
    if not user.is_active:
        raise InvalidDraft(
            {"email": phrase("Expected somebody active, was {email}. Activate them first.", email=user.email)}
        )
    if user.is_demo_owner:
        raise InvalidDraft(
            {
                "email": phrase(
                    "Expected somebody with a password, was {email}, the owner of the demo.", email=user.email
                )
            }
        )
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def _by_email(email: str) -> User:
    return _user(User.objects.select_for_update().filter(email=email.strip()).first(), email)


def _user(user: User | None, asked: str) -> User:
    if user is None:
        raise NotFound(phrase("Expected somebody who has an account here, was {asked}.", asked=repr(asked[:80])))
    return user


def _view(user: User) -> PersonView:
    return PersonView(
        user_id=user.pk,
        email=user.email,
        is_active=user.is_active,
        has_password=user.has_usable_password(),
        joined_at=user.date_joined,
        last_sign_in=user.last_login,
        is_operator=user.is_staff,
    )


# ---------- The demo ----------


def demo_owner_create(
    *, base_currency: str = "EUR", time_zone: str = "Europe/Berlin", locale: str = Locale.ENGLISH
) -> int:
    """The user id of the demo's owner, who is made at the first call. They have no password: a click signs in as them."""
    user, _is_new = User.objects.get_or_create(
        is_demo_owner=True,
        defaults={
            "email": DEMO_OWNER_EMAIL,
            "password": "!",  # no hash, so that no password fits
            "base_currency": base_currency,
            "time_zone": time_zone,
            "locale": locale,
        },
    )
    return user.pk


def demo_owner() -> int | None:
    """The user id of the demo's owner; None where there is none."""
    return User.objects.filter(is_demo_owner=True, is_active=True).values_list("pk", flat=True).first()
