"""What every page needs to know: the build, the theme, and whether prices are a replay."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tickfolio.services import market
from tickfolio.web.venues import city_of

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of document.html.

    The theme is a cookie and not local storage, so that the first paint has it without a script. `Any`: Django's own type
    of a template context.
    """
    state = market.market_state()
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "build": settings.TICKFOLIO_BUILD,
        "theme": theme if theme in THEMES else "",
        "market": state,
        "market_city": city_of(state.zone),
    }
