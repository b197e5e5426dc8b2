"""How allauth is bent to this product: its decisions, its words, its mail.

**Source**: https://docs.allauth.org/en/latest/account/adapter.html
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_from_request

from tickfolio.identity.models import Theme, User
from tickfolio.identity.signals import sessions_ended
from tickfolio.words import marked_phrase

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Called by allauth's views and forms."""

    error_messages = {  # noqa: RUF012  # allauth declares it without a type
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": marked_phrase("E-mail and password don’t match"),
        "too_many_login_attempts": marked_phrase("Too many tries. Wait 5 minutes, then try again."),
        "email_taken": marked_phrase("This address has an account already. Sign in, or have its password reset."),
        "enter_current_password": marked_phrase("This is not the current password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.TICKFOLIO_SIGN_UP)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: the pages are the only way to sign in, whatever a request says of itself."""
        return False

    def new_user(self, request: HttpRequest) -> AbstractBaseUser:
        """A user who writes numbers and dates as the browser prefers, and keeps the theme chosen so far."""
        theme = request.COOKIES.get("theme", "")
        return User(locale=get_language_from_request(request), theme=theme if theme in Theme.values else Theme.SYSTEM)

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: forms.BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Keeps the time zone that the form brought, so that days and years are the person's own from the start."""
        assert isinstance(user, User)
        user.time_zone = getattr(form, "cleaned_data", {}).get("time_zone") or user.time_zone
        super().save_user(request, user, form, commit=False)
        if commit:
            User.objects.save_new(user)
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Sets the password and ends all sessions; allauth then lets the one at hand live on."""
        assert isinstance(user, User)
        user.set_password(password)
        user.session_version += 1
        user.save()
        sessions_ended.send(sender=User, user_id=user.pk)

    def logout(self, request: HttpRequest) -> None:
        """Ends the session. Django's own signal comes while the session is still there, which is too early for others."""
        user_id = request.user.pk
        super().logout(request)
        sessions_ended.send(sender=User, user_id=user_id)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return f"{reverse('web:preferences')}?done=password"

    # ---------- Failed sign-ins ----------

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Notes for the page how many tries are left before a pause, whether or not the address has an account."""
        request.tries_left = self._tries_left()  # type: ignore[attr-defined]  # for the page of this request
        log.info("sign_in.failed", ip=self.get_client_ip(request))

    def _tries_left(self) -> int | None:
        """By the count that is nearest to its limit, of those that `pre_authenticate` has just counted this try in."""
        usage = getattr(self, "_login_failed_rl_usage", None)
        keys = [single.cache_key for single in usage.usage] if usage else []
        left = [_limit_of(key) - len(cache.get(key, [])) for key in keys]
        return max(0, min(left)) if left else None

    # ---------- Mail ----------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends a mail; where the server does not take it, the page says so instead of breaking."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.error("mail.failed", template=template_prefix, reason=type(error).__name__)  # noqa: TRY400  # no address
            page = render(self.request, "account/mail_failed.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
            raise ImmediateHttpResponse(page) from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tells a person what has been done; that it was done must not hang on the mail."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except ImmediateHttpResponse:
            return  # it is in the log

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Not for the demo's owner, who has no password and no mailbox."""
        if not getattr(user, "is_demo_owner", False):
            super().send_password_reset_mail(user, email, context)


def _limit_of(cache_key: str) -> int:
    """How many tries a count allows, read from its key: ``allauth:rl:allauth.account:login_failed:5/300/key:…``."""
    return int(cache_key.split(":")[4].partition("/")[0])
