"""Any figure explained: the pages `/portfolios/…/explain/…`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tickfolio.domain.calendars import parse_day, parse_moment
from tickfolio.domain.explain.nodes import Explained, node_at
from tickfolio.domain.explain.printing import MOST_DEPTH, MOST_NODES, Shown, as_lines, shown
from tickfolio.errors import InvalidValue
from tickfolio.services.explanations import (
    PARAMS,
    Asked,
    Explanation,
    explanation_from,
    explanation_keep,
    explanation_kept,
    explanation_of,
    usual_depth,
)
from tickfolio.services.figure_documents import document_of
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.web.actors import actor_of
from tickfolio.web.definitions import section
from tickfolio.web.explanation_texts import Looking, coverage_text, moment_text, node_text
from tickfolio.web.moments import typed_moment_of
from tickfolio.web.notation import short_day
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.words import phrase

INVALID = "invalid_query"
MOST_NODES_OF_A_PAGE = 200
_CHARACTERS_SHOWN = 40
_DIGITS_OF_A_PLACE = 9


@require_safe
def explain(request: HttpRequest, portfolio_id: UUID, figure: str) -> HttpResponse:
    """A figure as it is now or, with a token, as it was when the token was made."""
    actor, portfolio = actor_of(request), _portfolio(request, portfolio_id)
    try:
        token = request.GET.get("token", "")
        if token:
            found = explanation_from(actor=actor, portfolio_id=portfolio.id, token=token)
        else:
            asked = Asked(figure, {name: request.GET[name] for name in PARAMS if request.GET.get(name)})
            found = explanation_of(actor=actor, portfolio_id=portfolio.id, asked=asked, known_by=_known_by(request))
        if found.asked.figure != figure:
            raise InvalidValue(
                phrase(
                    "Expected the address of the figure {figure}, was that of another one.", figure=found.asked.figure
                )
            )
        return _answer(request, portfolio, found, here=request.path, query={"token": found.token})
    except InvalidValue as invalid:
        return _refused(request, portfolio, invalid)


@require_safe
def kept(request: HttpRequest, portfolio_id: UUID, digest: str) -> HttpResponse:
    """An explanation that somebody kept, as it was then."""
    portfolio = _portfolio(request, portfolio_id)
    found = explanation_kept(actor=actor_of(request), portfolio_id=portfolio.id, digest=digest)
    try:
        return _answer(request, portfolio, found, here=request.path, query={}, is_kept=True)
    except InvalidValue as invalid:
        return _refused(request, portfolio, invalid)


@require_POST
def keep(request: HttpRequest, portfolio_id: UUID) -> HttpResponse:
    """Keeps an explanation and leads to its lasting address."""
    token = request.POST.get("token", "")
    try:
        digest = explanation_keep(actor=actor_of(request), portfolio_id=str(portfolio_id), token=token)
    except InvalidValue as invalid:
        return _refused(request, _portfolio(request, portfolio_id), invalid)
    return HttpResponseRedirect(reverse("web:explanation_kept", args=[portfolio_id, digest]))


def _portfolio(request: HttpRequest, portfolio_id: UUID) -> PortfolioView:
    return portfolio_view(actor=actor_of(request), portfolio_id=str(portfolio_id))


def _answer(
    request: HttpRequest,
    portfolio: PortfolioView,
    found: Explanation,
    *,
    here: str,
    query: Mapping[str, str],
    is_kept: bool = False,
) -> HttpResponse:
    path = request.GET.get("path", "")
    form = request.GET.get("format", "")
    most = MOST_NODES if form in ("json", "text") else MOST_NODES_OF_A_PAGE
    depth, first = _depth(request, found.asked.figure), _first(request)
    tree = shown(node_at(found.tree, path), depth=depth, path=path, most=most, first=first)
    match form:
        case "json":
            return SpokenJson(document_of(found, tree))
        case "text":
            return HttpResponse(_text(found, tree), content_type="text/plain; charset=utf-8")
        case _:
            context = _context(portfolio, found, tree, here=here, query=query)
            return render(request, "explanations/page.html", {**context, "is_kept": is_kept})


def _context(
    portfolio: PortfolioView, found: Explanation, tree: Shown, *, here: str, query: Mapping[str, str]
) -> dict[str, object]:
    zone = ZoneInfo(found.frozen.known.zone)
    looking = Looking(portfolio.id, zone)
    as_text = urlencode({**query, "format": "text", **({"path": tree.path} if tree.path else {})})
    return {
        "section": "explain",
        "portfolio": portfolio,
        "found": found,
        "node": node_text(tree, looking),
        "here": here,
        "query": query,
        "definition": section(tree.node.definition.anchor) if isinstance(tree.node, Explained) else None,
        "earlier": max(tree.first - MOST_NODES_OF_A_PAGE, 0) if tree.first else None,
        "as_of": moment_text(found.frozen.at, zone),
        "ended": _ended(found, zone),
        "known_by": "" if found.frozen.known_by is None else moment_text(found.frozen.known_by, zone),
        "zone": zone.key,
        "coverage": coverage_text(found.tree),
        "root": f"{here}?{urlencode(query)}" if tree.path else "",
        "as_text": f"{here}?{as_text}",
        "newer": _newer(portfolio.id, found.asked),
    }


def _ended(found: Explanation, zone: ZoneInfo) -> str:
    """The finished day at whose end the figure is; empty where it is of the market's moment or of a span."""
    asked = found.asked.params.get("as_of", "")
    day = parse_day(asked) if asked else None
    return "" if day is None or day >= found.frozen.at.astimezone(zone).date() else short_day(day)


def _newer(portfolio_id: str, asked: Asked) -> str:
    address = reverse("web:explain", args=[portfolio_id, asked.figure])
    return f"{address}?{urlencode(asked.params)}" if asked.params else address


def _text(found: Explanation, tree: Shown) -> str:
    head = phrase("As of {at:%Y-%m-%d %H:%M:%S}Z, ledger {head}", at=found.frozen.at, head=found.frozen.known.head)
    return "\n".join((*as_lines(tree), head, ""))


def _depth(request: HttpRequest, figure: str) -> int:
    typed = request.GET.get("depth", "")
    if not typed:
        return usual_depth(figure)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST_DEPTH)) and int(typed) <= MOST_DEPTH):
        raise InvalidValue(
            phrase(
                "Expected a depth from 0 to {most_depth}, was {typed}.",
                most_depth=MOST_DEPTH,
                typed=repr(typed[:_CHARACTERS_SHOWN]),
            )
        )
    return int(typed)


def _first(request: HttpRequest) -> int:
    typed = request.GET.get("first", "")
    if not typed:
        return 0
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS_OF_A_PLACE):
        raise InvalidValue(
            phrase(
                "Expected the place of the first that is shown, from 0, was {typed}.",
                typed=repr(typed[:_CHARACTERS_SHOWN]),
            )
        )
    return int(typed)


def _known_by(request: HttpRequest) -> datetime | None:
    typed = typed_moment_of(request)
    return parse_moment(typed) if typed else None


def _refused(request: HttpRequest, portfolio: PortfolioView, invalid: InvalidValue) -> HttpResponse:
    if request.GET.get("format") == "json":
        return problem(status=HTTPStatus.BAD_REQUEST, code=INVALID, detail=str(invalid))
    context = {"section": "explain", "portfolio": portfolio, "problem": str(invalid)}
    return render(request, "explanations/refused.html", context, status=HTTPStatus.BAD_REQUEST)
