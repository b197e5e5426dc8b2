"""Who may see which page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def quotes_for_visitors[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Shows `view` to anonymous visitors only where the operator allows them quotes; the socket keeps the same rule."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = args[0]
        assert isinstance(request, HttpRequest)
        if not settings.TICKFOLIO_ANONYMOUS_QUOTES and not request.user.is_authenticated:
            raise PermissionDenied("Quotes are for signed-in people here.")
        return view(*args, **kwargs)

    return guarded
