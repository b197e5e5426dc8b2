"""The cells of the holdings in the columns that somebody chose.

Each column is a part of page_cells.html and, where it is summed, of page_sum_cells.html. A table of 300 rows has thousands of
cells: the parts of its columns are looked up once a page, and a cell costs no more than if it stood in the row's template.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()


class CellsNode(template.Node):
    """Writes a cell for each name in a variable of the context."""

    def __init__(self, file: str, names: str) -> None:
        self._file = file
        self._names = template.Variable(names)

    def render(self, context: Context) -> SafeString:
        names: tuple[str, ...] = self._names.resolve(context)
        # Every cell is what a template gave, which has escaped it.
        return SafeString("".join(part.render(context) for part in _parts(self._file, names)))


@lru_cache(maxsize=256)
def _parts(file: str, names: tuple[str, ...]) -> tuple[NodeList, ...]:
    return tuple(_part(f"{file}#{name}") for name in names)


def _part(name: str) -> NodeList:
    found: Any = get_template(name)  # the type of a backend's template does not tell what it wraps
    nodes: NodeList = found.template.nodelist
    return nodes


@register.tag
def cells(parser: Parser, token: Token) -> CellsNode:
    """`{% cells "portfolios/page_cells.html" layout.names %}`."""
    _, file, names = token.split_contents()
    return CellsNode(file.strip('"'), names)
