"""Every address of the product, read from Django's own resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern.

    Attributes:
        pattern: as it is written, with the patterns that it is included in.
        name: by which its address is built, with its namespace.
        parameters: what an address names.
    """

    pattern: str
    name: str
    parameters: tuple[str, ...]
    callback: Any

    def address(self, ids: dict[str, str]) -> str:
        """An address of this pattern."""
        return reverse(self.name, kwargs={name: ids[name] for name in self.parameters})


def routes() -> tuple[Route, ...]:
    """All of them, in the resolver's order."""
    return tuple(_routes(get_resolver(), "", "", ()))


def _routes(resolver: URLResolver, prefix: str, namespace: str, around: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        written = "" if entry is resolver else f"{prefix}{entry.pattern}"
        names = (*around, *_parameters(entry))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _routes(entry, written, inner, names)
        elif isinstance(entry, URLPattern):
            yield Route(written, f"{namespace}{entry.name}" if entry.name else "", names, entry.callback)


def _parameters(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    converters = getattr(entry.pattern, "converters", {})
    return tuple(converters) or tuple(entry.pattern.regex.groupindex)
