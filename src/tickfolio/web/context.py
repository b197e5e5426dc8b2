"""What every page needs to know: the build, the theme, how figures are written, and whether prices are a replay."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tickfolio.services import market
from tickfolio.services.market_hours import market_hours
from tickfolio.web.actors import actor_of
from tickfolio.web.flash import flash_taken
from tickfolio.web.hours_texts import hours_text
from tickfolio.web.notation import notation_of
from tickfolio.web.privacy import hides_amounts
from tickfolio.web.rail import NO_ENTRY, RailEntry, rail_of
from tickfolio.web.stock_texts import day_text
from tickfolio.web.venues import city_of

THEME_COOKIE = "theme"
THEME_CIRCLE = ("", "light", "dark")
"""What the theme button goes through; nothing means as the system."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """The variables of document.html. `Any`: Django's own type of a template context."""
    state = market.market_state()
    theme = chosen_theme(request)
    return {
        "build": settings.TICKFOLIO_BUILD,
        "sign_up": settings.TICKFOLIO_SIGN_UP,
        "theme": theme,
        "privacy": hides_amounts(request),
        "numbers": notation_of(request).locale.value,
        "next_theme": THEME_CIRCLE[(THEME_CIRCLE.index(theme) + 1) % len(THEME_CIRCLE)],
        "market": state,
        "market_day": day_text(state.market_time.astimezone(ZoneInfo(state.zone)).date()) if state.market_time else "",
        "market_city": city_of(state.zone),
        "flash": flash_taken(request),
        # Asked for by app.html alone.
        "rail": SimpleLazyObject(lambda: _rail(request)),
        "no_entry_of_rail": NO_ENTRY,
        "hours": SimpleLazyObject(lambda: hours_text(market_hours())),
    }


def _rail(request: HttpRequest) -> tuple[RailEntry, ...]:
    user = getattr(request, "user", None)
    return rail_of(actor_of(request)) if user is not None and user.is_authenticated else ()


def chosen_theme(request: HttpRequest) -> str:
    """The theme that a signed-in person prefers, or the cookie of a visitor; empty where it is the system's.

    Either is known to the server and not in local storage, so that the first paint has it without a script.
    """
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEME_CIRCLE else ""
