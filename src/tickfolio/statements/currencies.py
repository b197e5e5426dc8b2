"""Currencies as files spell them. Prices in pence are brought to pounds by their fixed factor, never by a rate."""

from __future__ import annotations

import re
from functools import lru_cache

from tickfolio.errors import InvalidValue
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase

_CODE = re.compile(r"[A-Za-z]{3}\Z", re.ASCII)
_HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}


@lru_cache(maxsize=500)
def currency_of(text: str) -> tuple[str, int]:
    """The ISO code, and by how many places an amount in the spelt unit is moved to be in that currency.

    Raises:
        InvalidValue: it is no code.

    >>> currency_of("usd"), currency_of("GBp")
    (('USD', 0), ('GBP', -2))
    """
    spelt = text.strip()
    if spelt in _HUNDREDTHS:
        return _HUNDREDTHS[spelt], -2
    if not _CODE.match(spelt):
        raise InvalidValue(
            phrase("Expected a currency code of three letters such as USD, was {text}.", text=repr(shortened(text)))
        )
    return spelt.upper(), 0


def stated_currency(text: str) -> str:
    """The ISO code that a file states beside its rows, or nothing where it is none: rows do without it.

    >>> stated_currency(" eur"), stated_currency("euro")
    ('EUR', '')
    """
    spelt = text.strip()
    return currency_of(spelt)[0] if spelt in _HUNDREDTHS or _CODE.match(spelt) else ""
