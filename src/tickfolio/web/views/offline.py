"""The service worker, and the page that it shows where the server cannot be reached. Neither is about anybody."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from tickfolio.web.built_files import offline_files, worker_script

REVALIDATED = "no-cache"
"""Asked for anew each time: a browser that kept the worker would keep an old one."""


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker of this build in the language asked for, allowed for the whole site."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in _languages() else settings.LANGUAGES[0][0]
    build = {
        "name": f"{settings.TICKFOLIO_BUILD}-{language}",
        "page": reverse("web:offline", args=[language]),
        "files": offline_files(language),
    }
    script = f"self.build = {json.dumps(build)};\n{worker_script()}"
    headers = {"Cache-Control": REVALIDATED, "Service-Worker-Allowed": "/"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def offline_page(request: HttpRequest, language: str) -> HttpResponse:
    """The page that each browser keeps: without a request, so that nothing of a person, a theme or a message is on it."""
    if language not in _languages():
        raise Http404("Expected a language that Tickfolio speaks.")
    with translation.override(language):
        page = loader.get_template("offline/page.html").render({"build": settings.TICKFOLIO_BUILD, "numbers": "en"})
    return HttpResponse(page, headers={"Cache-Control": REVALIDATED, "Content-Language": language})


def _languages() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}
