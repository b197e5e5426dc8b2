"""The pages that a person can open, and what each takes on the server: for `./dev bench web`.

Files, such as an export of all transactions, are downloads and no pages: they are left out.
"""

from __future__ import annotations

import re

from benchmarks.bench_portfolio import PAGES, Place, Visitor, page_times
from benchmarks.report import Figure

OWN = {
    "stocks": "/stocks/?symbol=S007",
    "stock_day": "/stocks/S007/today.json",
    "instrument_alone": "/instruments/S007/",
    "candles": "/instruments/S007/candles.json?span=3M",
    "definitions": "/definitions/",
    "preferences": "/preferences/",
    "watchlists": "/watchlists/",
    "search": "/search.json?text=s00",
    "portfolio_new": "/portfolios/new/",
}
OF_A_PORTFOLIO = {
    "sparks": "sparks.json",
    "value": "value.json?span=all",
    "gains": "gains/",
    "gains_all": "gains/?year=all",
    "periods": "gains/periods/",
    "income": "income/",
    "members": "members/",
    "actions": "actions/",
    "allocation": "allocation/?by=sector",
    "proposal": "allocation/proposal/",
    "targets": "allocation/targets/",
    "classes": "allocation/instruments/",
    "attribution": "attribution/",
    "attribution_then": "attribution/?day=2012-05-18",
    "explain_value": "explain/value/",
    "explain_day": "explain/day/",
    "explain_unrealized": "explain/unrealized/",
    "performance": "performance/",
    "performance_all": "performance/?span=all",
    "benchmark": "performance/benchmark/",
    "prices": "prices/",
    "then": "then/?day=2011-05-18",
    "line": "transactions/line.json?text=buy+10+S007",
    "instrument": "instruments/S007/",
    "suggested": "instruments.json?text=S0",
}
MOST_LISTED = 8


def server_figures(place: Place) -> list[Figure]:
    """The slowest of all pages from request to last byte, warm, and by name those that take longest, the slowest first."""
    times = page_times(place, all_pages(place))
    slowest = sorted(times, key=lambda name: times[name], reverse=True)
    return [
        Figure("web.server", times[slowest[0]], "ms"),
        *(Figure(f"web.server.{name}", times[name], "ms") for name in slowest[:MOST_LISTED]),
    ]


def all_pages(place: Place) -> dict[str, str]:
    """The addresses by name."""
    visitor, below = Visitor(place), "/portfolios/{id}/"
    transaction = _found(r"/transactions/([0-9a-f-]{36})/", visitor.get(f"{below}transactions/"))
    account = _found(r"/accounts/([0-9a-f-]{36})/", visitor.get(f"{below}settings/"))
    single = {
        "transaction": f"{below}transactions/{transaction}/",
        "account": f"{below}accounts/{account}/",
        "costs": f"{below}accounts/{account}/costs/",
        # Of 10,000 transactions, 50 a page.
        "last_page": f"{below}transactions/?page=200",
    }
    return {**PAGES, **OWN, **{name: below + path for name, path in OF_A_PORTFOLIO.items()}, **single}


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"Expected a link like {pattern} in the page, found none.")
    return found[1]
