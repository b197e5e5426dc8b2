"""What each figure means: the page `/definitions/`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.web.definitions import sections


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """All definitions, as explanations name them."""
    return render(request, "explanations/definitions.html", {"section": "definitions", "sections": sections()})
