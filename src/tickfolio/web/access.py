"""Who may see which page, and what others are answered."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Container
from functools import wraps
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare
from django.views.defaults import page_not_found, permission_denied

from tickfolio.errors import NotAllowed, NotFound
from tickfolio.web.problems import problem
from tickfolio.words import phrase

PERSONAL = "private, no-store"
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def quotes_for_visitors[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Shows `view` to anonymous visitors only where the operator allows them quotes; the socket keeps the same rule."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = _request(args)
        if not _may_see_quotes(request):
            raise PermissionDenied(phrase("Quotes are for signed-in people here."))
        return view(*args, **kwargs)

    return guarded


def signed_in[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Shows `view` to signed-in people; others are led to the sign-in page and back, and a program is told with a 401.

    What belongs to another is answered as what does not exist, and no answer is kept by any cache.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = _request(args)
        if not _is_signed_in(request):
            return _uncached(_sign_in_first(request))
        try:
            return _uncached(view(*args, **kwargs))
        except (NotFound, Http404) as error:
            return _uncached(_missing(request, error))
        except NotAllowed as error:
            return _uncached(_forbidden(request, error))

    return guarded


def personal[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Lets no cache keep what `view` answers: it is about one person, or holds a secret of theirs."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _uncached(view(*args, **kwargs))

    return guarded


def offers_demo(request: HttpRequest) -> bool:
    """Whether this is the demo, asked for from this very machine and through no proxy."""
    return settings.TICKFOLIO_MODE == "demo" and is_at_this_machine(request)


def may_read_metrics(request: HttpRequest) -> bool:
    """Whether a program asks that may know how the instance does: one at this machine, or one that has the token."""
    return is_at_this_machine(request) or is_metrics_token(request.headers.get("Authorization", ""))


def is_at_this_machine(request: HttpRequest) -> bool:
    """Whether somebody asks who sits at the server itself, through no proxy."""
    return is_from_here(request.META.get("REMOTE_ADDR", ""), request.headers, host=request.get_host)


def is_from_here(peer: str, headers: Container[str], *, host: Callable[[], str]) -> bool:
    """The same of any request, its headers found by their names in small letters; `host` may refuse one, and is asked last."""
    return not any(name in headers for name in FORWARDED) and _is_loopback(peer) and _is_loopback_host(host())


def is_metrics_token(authorization: str) -> bool:
    """Whether the header `Authorization` holds the token of the metrics, if there is one."""
    token: str = settings.TICKFOLIO_METRICS_TOKEN
    scheme, _, given = authorization.partition(" ")
    return bool(token) and scheme.lower() == "bearer" and constant_time_compare(given.strip(), token)


def _request(args: tuple[object, ...]) -> HttpRequest:
    request = args[0]
    assert isinstance(request, HttpRequest)
    return request


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def _may_see_quotes(request: HttpRequest) -> bool:
    return settings.TICKFOLIO_ANONYMOUS_QUOTES or _is_signed_in(request)


def is_data(request: HttpRequest) -> bool:
    """Whether a program asks: by an address of data, by the form that it wants, or by what it accepts."""
    if request.path.endswith(".json") or request.GET.get("format") in ("json", "text"):
        return True
    return request.accepts("application/json") and not request.accepts("text/html")


def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    """One answer to what is not there and to what is another's; its words depend on neither."""
    if not is_data(request):
        return page_not_found(request, error)
    detail = phrase("Expected something that is there and shared with you, found none at this address.")
    return problem(status=HTTPStatus.NOT_FOUND, code=NotFound.code, detail=detail)


def _forbidden(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    if not is_data(request):
        return permission_denied(request, error)
    return problem(status=HTTPStatus.FORBIDDEN, code=error.code, detail=str(error))


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if is_data(request):
        detail = phrase(
            "Expected a signed-in person, found none: the session is missing or over. Sign in, then ask again."
        )
        return problem(status=HTTPStatus.UNAUTHORIZED, code="sign_in_required", detail=detail)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))


def _uncached[R: HttpResponseBase](response: R) -> R:
    response["Cache-Control"] = PERSONAL
    return response


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_loopback_host(host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    return name == "localhost" or _is_loopback(name.strip("[]"))
