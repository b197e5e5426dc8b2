"""Where the figures of the performance page are explained."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from tickfolio.services.performance import Asked, PartBy, Performance, Scope
from tickfolio.services.performance_parts import CASH

OF_THE_SPAN = (
    *("twr", "annual", "mwr", "gain", "flows", "volatility", "downside", "sharpe", "sortino", "var", "es", "drawdown"),
)


def explained(found: Performance, *, portfolio_id: str) -> Mapping[str, str]:
    """The address of each figure's explanation, by its name; none of a part that is no account and no holding."""
    part = _part(found.asked.scope)
    if part is None:
        return {}
    root, span, asked = f"/portfolios/{portfolio_id}/explain", found.span, found.asked
    query = urlencode(_span(asked) | part)
    links = {figure: f"{root}/{figure}/?{query}" for figure in OF_THE_SPAN}
    if span.first > found.begun:
        links["opening"] = f"{root}/value/?{urlencode({'as_of': span.before.isoformat()} | part)}"
    as_of = {} if span.last == found.today else {"as_of": span.last.isoformat()}
    links["closing"] = f"{root}/value/?{urlencode(as_of | part)}"
    return links


def _span(asked: Asked) -> dict[str, str]:
    if asked.first is not None and asked.last is not None:
        return {"from": asked.first.isoformat(), "to": asked.last.isoformat()}
    return {"span": asked.name.value}


def _part(scope: Scope) -> dict[str, str] | None:
    if scope.by is None:
        return {}
    if scope.by is PartBy.ACCOUNT:
        return {"account": scope.key}
    if scope.by is PartBy.HOLDING and not scope.key.endswith(f" {CASH}"):
        return {"symbol": scope.key}
    return None
