"""Who asks: the actor that every service on somebody's data is called with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tickfolio.persistence.tenancy import Person
from tickfolio.words import phrase


def asker_of(request: HttpRequest) -> int | str:
    """Whose questions are counted where they cost a vendor's budget: the person, or the address that asks."""
    return request.user.pk if request.user.pk is not None else request.META.get("REMOTE_ADDR", "")


def actor_of(request: HttpRequest) -> Person:
    """The signed-in person of `request`; a view that calls this is `signed_in`.

    Raises:
        PermissionDenied: nobody is signed in, so the view has forgotten to say that somebody must be.
    """
    if request.user.pk is None:
        raise PermissionDenied(phrase("Expected a signed-in person, was an anonymous visitor."))
    return Person(user_id=request.user.pk)
