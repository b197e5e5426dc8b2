"""A page is of one moment of the market: its side bar, its figures and its notes read what was recorded once, together.

Only answers to GET and HEAD: a form can make an instrument known, or a price, that the page after it has to show.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from django.http import HttpRequest

from tickfolio.services.one_reading import one_reading
from tickfolio.web.middlewares import answers_within

SAFE = ("GET", "HEAD")


@answers_within
def read_once_for_each(request: HttpRequest) -> AbstractContextManager[None]:
    """Has the recorded market read once for a page."""
    return one_reading() if request.method in SAFE else nullcontext()
