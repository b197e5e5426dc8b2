"""A late answer does not sign out who has just signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tickfolio.web.middlewares import changes_answers


@changes_answers
def newer_session_kept(request: HttpRequest, response: Any) -> Any:
    """Stands before Django's session middleware, which deletes the cookie of every session that it does not find.

    While somebody signs in as another, requests of the page before are still under way with the cookie of the session that
    has just ended. Told to delete it, the browser would delete the new one, which has the same name. So only a request that
    ends a session itself, as signing out does, deletes its cookie; one that is left names nothing and opens nothing.
    """
    cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie is not None and not cookie.value and not request.session.modified:
        del response.cookies[settings.SESSION_COOKIE_NAME]
    return response
