"""What people call a market and a time zone."""

from __future__ import annotations

# **Source**: ISO 10383, market identifier codes.
VENUE_NAMES = {
    "XNAS": "Nasdaq",
    "XNYS": "NYSE",
    "XASE": "NYSE American",
    "ARCX": "NYSE Arca",
    "BATS": "Cboe",
    "XETR": "Xetra",
    "XFRA": "Frankfurt",
    "XLON": "London",
    "XPAR": "Euronext Paris",
    "XAMS": "Euronext Amsterdam",
    "XBRU": "Euronext Brussels",
    "XSWX": "SIX",
    "XTSE": "Toronto",
    "XTKS": "Tokyo",
    "XHKG": "Hong Kong",
    "XASX": "ASX",
    "XOFF": "exchange unknown",
}


def venue_name(mic: str) -> str:
    """The market's everyday name, or its code where it has none here.

    >>> venue_name("XNAS"), venue_name("XOSL")
    ('Nasdaq', 'XOSL')
    """
    return VENUE_NAMES.get(mic, mic)


def city_of(zone: str) -> str:
    """The city that a time zone is named after.

    >>> city_of("America/New_York"), city_of("UTC")
    ('New York', 'UTC')
    """
    return zone.rpartition("/")[2].replace("_", " ")
