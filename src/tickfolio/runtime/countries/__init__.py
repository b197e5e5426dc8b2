"""The countries of ISO 3166-1, by their two letters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def countries() -> Mapping[str, str]:
    """The English name of each country by its code, in the order of the codes.

    >>> countries()["CH"]
    'Switzerland'
    """
    text = files(__package__ or __name__).joinpath("names.csv").read_text(encoding="utf-8")
    _head, *lines = text.splitlines()
    return MappingProxyType(dict(line.split(",", 1) for line in lines))


def country_name(code: str) -> str:
    """The name of a country; the code itself where there is no such country."""
    return countries().get(code, code)
