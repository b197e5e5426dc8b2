"""Signing in and up, passwords, preferences. The flows are allauth's; here is what is added to or left out of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, PasswordChangeView, PasswordResetView, SignupView
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tickfolio.errors import InvalidDraft
from tickfolio.runtime.program import command_text
from tickfolio.services import people, portfolios, sessions
from tickfolio.services.tokens import tokens_of
from tickfolio.web.access import is_at_this_machine, offers_demo, personal, signed_in
from tickfolio.web.actors import actor_of
from tickfolio.web.forms.people import PreferencesForm
from tickfolio.web.page_before import back
from tickfolio.words import counted_phrase, marked_phrase, phrase

DONE = {
    "saved": marked_phrase("Saved."),
    "password": marked_phrase("Your password is changed. Everybody else who was signed in as you is signed out."),
}


# ---------- Signing in and up, and passwords ----------


class SignIn(LoginView):
    """allauth's, which in the demo also offers to become its owner."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        has_demo = offers_demo(self.request) and people.demo_owner() is not None
        return {**super().get_context_data(**context), "has_demo": has_demo}


class SignUp(SignupView):
    """allauth's, which also answers the second of two who sign up with one address at the same moment."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            form.add_error("email", get_adapter().validation_error("email_taken"))
            response = self.form_invalid(form)
        return response


def with_mail[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Has `view` only where there is a mail server: without one nobody is sent a mail, and there is nothing to confirm."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not settings.MAILERS:
            raise Http404(phrase("Expected a mail server, this instance has none."))
        return view(*args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def password_reset(request: HttpRequest) -> HttpResponseBase:
    """Asks whose password is to be reset, or says whom to ask where no mail can be sent."""
    if not settings.MAILERS:
        # Where the program and its data are is nothing for strangers.
        words = ("user", "reset-password", "you@example.org")
        command = command_text(*words, data=settings.TICKFOLIO_DATA) if is_at_this_machine(request) else ""
        return render(request, "account/password_reset_by_operator.html", {"command": command})
    return PasswordResetView.as_view()(request)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password_change(request: HttpRequest) -> HttpResponseBase:
    """Changes the password of who is signed in; the demo's owner has none."""
    assert request.user.is_authenticated
    if not request.user.has_usable_password():
        return render(request, "account/no_password.html")
    return PasswordChangeView.as_view()(request)


@require_POST
@signed_in
def sign_out_everywhere(request: HttpRequest) -> HttpResponseBase:
    """Ends every session of who is signed in, this one too."""
    sessions.sign_out_everywhere(user_id=actor_of(request).user_id)
    get_adapter().logout(request)
    return redirect("web:home")


# ---------- Preferences ----------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def preferences(request: HttpRequest) -> HttpResponseBase:
    """What somebody prefers, in a form that keeps what was typed."""
    user_id = actor_of(request).user_id
    preferred, rated = people.preferences_of(user_id), portfolios.base_currencies()
    form = (
        PreferencesForm(request.POST, rated=rated, now=preferred.base_currency.code)
        if request.method == "POST"
        else PreferencesForm.of(preferred, rated=rated)
    )
    if form.is_bound and _is_saved(form, user_id):
        return HttpResponseRedirect(f"{reverse('web:preferences')}?done=saved")
    tokens = len(tokens_of(actor=actor_of(request)))
    context = {
        "form": form,
        "section": "preferences",
        "tokens": tokens,
        "time_zones": people.time_zones(),
        # The switch is a script's, and of this browser; see frontend/src/lib/shortcuts.ts.
        "single_keys": request.COOKIES.get("keys") != "off",
        "done": "" if form.is_bound else _done(request.GET.get("done", ""), tokens=tokens),
    }
    return render(request, "people/preferences.html", context)


def _done(what: str, *, tokens: int) -> str:
    """Who changes a password because somebody knows it must hear of what that does not end."""
    said = DONE.get(what, "")
    if what != "password" or not tokens:
        return said
    standing = counted_phrase(
        "{count} token for programs stands as before: revoke it below if it may be in wrong hands.",
        "{count} tokens for programs stand as before: revoke below what may be in wrong hands.",
        tokens,
    )
    return f"{said} {standing}"


@require_POST
@signed_in
def currency(request: HttpRequest) -> HttpResponseBase:
    """Keeps the currency that Home is to add up in, and goes back there."""
    try:
        people.currency_choose(user_id=actor_of(request).user_id, currency=request.POST.get("currency", ""))
    except InvalidDraft as error:
        return HttpResponse(str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")
    return redirect("web:home")


@require_POST
@signed_in
def theme(request: HttpRequest) -> HttpResponseBase:
    """Keeps the theme that the button of each page was clicked to, and goes back to that page."""
    try:
        people.theme_choose(user_id=actor_of(request).user_id, theme=request.POST.get("theme", ""))
    except InvalidDraft as error:
        return HttpResponse(str(error), status=HTTPStatus.BAD_REQUEST, content_type="text/plain; charset=utf-8")
    return back(request)


def _is_saved(form: PreferencesForm, user_id: int) -> bool:
    if not form.is_valid():
        return False
    try:
        people.preferences_update(user_id=user_id, wanted=form.cleaned_data)
    except InvalidDraft as error:
        for field, message in error.errors.items():
            form.add_error(field, message)
        return False
    return True


# ---------- The demo ----------


@require_POST
@personal
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Signs a visitor of the demo in as its owner. Elsewhere, and for whoever is not at this machine, there is no such page."""
    owner_id = people.demo_owner() if offers_demo(request) else None
    if owner_id is None:
        raise Http404(phrase("Expected a demo on this machine, was none."))
    if request.user.is_authenticated and request.user.pk != owner_id:
        get_adapter().logout(request)
    owner = get_user_model().objects.get(pk=owner_id)
    get_adapter().login(request, owner)
    return redirect("web:home")
