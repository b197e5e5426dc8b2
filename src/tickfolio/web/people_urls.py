"""The addresses of sign-in. The names are allauth's, by which its flows find one another; hence they are in no namespace."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import views as allauth
from django.http import HttpResponseBase
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_safe

from tickfolio.web.access import personal
from tickfolio.web.views import people

type View = Callable[..., HttpResponseBase]


def form(view: View) -> View:
    """A page with a form: shown and sent, and nothing else."""
    return require_http_methods(["GET", "HEAD", "POST"])(personal(view))


def page(view: View) -> View:
    """A page that is only read."""
    return require_safe(personal(view))


urlpatterns = [
    path("sign-in/", form(people.SignIn.as_view()), name="account_login"),
    path("sign-in/inactive/", page(allauth.account_inactive), name="account_inactive"),
    path("sign-up/", form(people.SignUp.as_view()), name="account_signup"),
    path("sign-out/", form(allauth.logout), name="account_logout"),
    path(
        "e-mail/confirm/",
        people.with_mail(page(allauth.email_verification_sent)),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^e-mail/confirm/(?P<key>[-:\w]+)/$",
        people.with_mail(form(allauth.confirm_email)),
        name="account_confirm_email",
    ),
    path("password/change/", people.password_change, name="account_change_password"),
    path("password/reset/", people.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        people.with_mail(page(allauth.password_reset_done)),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        form(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        page(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
