"""The key under which a browser keeps the last known values of who is signed in: a cookie that ends when the session does.

The pages' scripts keep them (frontend/src/offline) and remove what stands under another key, so that nobody sees what
another, or an earlier session, has left. The key says nothing and opens nothing: it is the session's digest.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tickfolio.web.middlewares import changes_answers

COOKIE = "last-values"


def key_of(session_key: str) -> str:
    """The key of a session's last known values; the session cannot be had from it."""
    return salted_hmac("tickfolio.last-values", session_key, algorithm="sha256").hexdigest()[:32]


@changes_answers
def session_key_told(request: HttpRequest, response: Any) -> Any:
    """Gives the key with a session and takes it back with its end. `Any`: whatever kind of answer it is."""
    session, had = request.session, request.COOKIES.get(COOKIE, "")
    if not session.accessed:
        return response
    if session.get(SESSION_KEY) is None or session.session_key is None:
        if had:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
    key = key_of(session.session_key)
    # As long as the session's own cookie, which is sent anew when the session is changed.
    if key != had or session.modified:
        ends_with_browser = session.get_expire_at_browser_close()
        response.set_cookie(
            COOKIE,
            key,
            max_age=None if ends_with_browser else session.get_expiry_age(),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
