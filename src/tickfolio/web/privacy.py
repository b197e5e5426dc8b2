"""Privacy mode: whether this device hides amounts, and what is left of a sentence without them.

The choice is a cookie, so that the server's first paint has it and nothing flashes. The twin in TypeScript is
frontend/src/lib/privacy.ts. What is hidden is in the page all the same: it keeps eyes from a screen, not a program from a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest

PRIVACY_COOKIE = "privacy"
HIDDEN = "•••••"

_MONTHS = "Jan|Feb|Mar|Mär|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez"
_KEPT = rf"""
    \d{{4}}-\d\d-\d\d(?:T[\d:]+)?                     # a day, such as 2012-09-03
  | \d\d\.\d\d\.\d{{4}}                                # or 03.09.2012
  | \d{{1,2}}\.?\s(?:{_MONTHS})[a-zä]*\.?(?:\s\d{{4}})?       # or 3 September 2012
  | \d\d:\d\d(?::\d\d)?                                # a time
  | [+−-]?\d(?:[\d.,]*\d)?\s?%                         # a share
"""
_FIGURE = re.compile(rf"(?<![\w.,:-])(?:(?P<kept>{_KEPT})|(?P<amount>[+−-]?\d(?:[\d.,]*\d)?))(?!\w)", re.VERBOSE)


def hides_amounts(request: HttpRequest) -> bool:
    """Whether amounts are hidden on the device that asks."""
    return request.COOKIES.get(PRIVACY_COOKIE) == "on"


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """A sentence in pieces, each with whether it is a figure that privacy mode hides: not a day, a time or a share.

    >>> list(pieces("Buy 10 AAPL on 2012-05-21"))
    [('Buy ', False), ('10', True), (' AAPL on 2012-05-21', False)]
    """
    begun = 0
    for found in _FIGURE.finditer(text):
        if found["amount"] is None:
            continue
        if found.start() > begun:
            yield text[begun : found.start()], False
        yield found["amount"], True
        begun = found.end()
    if begun < len(text):
        yield text[begun:], False


def masked(text: str) -> str:
    """A sentence without its amounts, for a place that holds no markup, such as a title.

    >>> masked("Buy 10 AAPL on 2012-05-21")
    'Buy ••••• AAPL on 2012-05-21'
    """
    return "".join(HIDDEN if is_amount else piece for piece, is_amount in pieces(text))
