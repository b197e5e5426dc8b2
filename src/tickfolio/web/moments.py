"""Moments and decimals as the JSON addresses write them: the same as in the live protocol."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django.http import HttpRequest


def moment_json(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def typed_moment_of(request: HttpRequest) -> str:
    """What an address has as `known`; a plus sign that was not escaped has become a blank on the way."""
    return request.GET.get("known", "").strip().replace(" ", "+")


def decimal_json(value: Decimal | None) -> str | None:
    """Text, so that no reader turns it into a binary float by the way."""
    return None if value is None else f"{value:f}"
