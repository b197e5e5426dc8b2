"""A portfolio, live: the page `/portfolios/…/` and the data of its chart and sparklines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tickfolio.domain.instruments import PRIVATE_MIC
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Row, RowKind
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.countries import country_name
from tickfolio.services.action_inbox import proposed_in
from tickfolio.services.classifications import Classification, classifications_in
from tickfolio.services.closed_positions import closed_positions
from tickfolio.services.day_charts import DayChart, day_chart
from tickfolio.services.holdings_view import holdings_view_of
from tickfolio.services.people import currencies, preferences_of
from tickfolio.services.permissions import MINIMUM_ROLE, Operation
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.sparks import Spark, sparks
from tickfolio.services.valuations import RecordedMarket, recorded_market
from tickfolio.web.actors import actor_of
from tickfolio.web.closed_texts import ClosedTable, closed_table
from tickfolio.web.holding_columns import layout_of
from tickfolio.web.holding_groups import NO_GROUP
from tickfolio.web.holding_texts import NO_ROW, Looking, Traits
from tickfolio.web.moments import decimal_json, moment_json
from tickfolio.web.portfolio_texts import NO_SLICE, portfolio_text
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.words import marked_phrase

VALUE_SPANS = (
    ("1d", marked_phrase("1D")),
    ("1w", marked_phrase("1W")),
    ("mtd", marked_phrase("MTD")),
    ("ytd", marked_phrase("YTD")),
    ("1y", marked_phrase("1Y")),
    ("5y", marked_phrase("5Y")),
    ("all", marked_phrase("All")),
)
"""Of the value chart, by the keys 1 to 7; frontend/src/pages/value_spans.ts loads them."""
SHOWN = {"open": marked_phrase("Open"), "closed": marked_phrase("Closed"), "all": marked_phrase("All")}
"""Which positions the table shows."""


@require_safe
def portfolio(request: HttpRequest, *, portfolio_id: UUID) -> HttpResponse:
    """The page of one portfolio, with its figures as they were recorded last."""
    actor, market = actor_of(request), recorded_market()
    seen = portfolio_view(actor=actor, portfolio_id=str(portfolio_id))
    valued = valuation_of(actor=actor, portfolio_id=seen.id, market=market)
    rows = valued.valuation.rows
    known = classifications_in(valued.held.book, actor=actor, portfolio_id=seen.id)
    traits: dict[str, Traits] = {symbol: _traits(each) for symbol, each in known.items()}
    looking = replace(looking_at(actor, seen.id, market), traits=traits)
    view, shown = holdings_view_of(actor.user_id), _shown(request)
    context = {
        "section": "holdings",
        "portfolio": seen,
        "text": portfolio_text(valued.valuation, looking=looking, view=view),
        "layout": layout_of(view),
        "shown": shown,
        "shown_choices": SHOWN.items(),
        "closed": None if shown == "open" else _closed(actor, seen.id),
        "traits": _traits_document(rows, looking),
        "looking": looking,
        "spans": VALUE_SPANS,
        "may_choose_benchmark": seen.role.covers(MINIMUM_ROLE[Operation.BENCHMARK_CHOOSE]),
        "no_row": NO_ROW,
        "no_group": NO_GROUP,
        "no_slice": NO_SLICE,
        "to_accept": len(proposed_in(valued.held, at=valued.at)),
        "is_priced_by_hand": any(_is_own(row) for row in rows),
    }
    return render(request, "portfolios/page.html", context)


def _shown(request: HttpRequest) -> str:
    """Which positions are asked for; the open ones where nothing is, or something that is not offered."""
    asked = request.GET.get("shown", "")
    return asked if asked in SHOWN else "open"


def _closed(actor: Person, portfolio_id: str) -> ClosedTable:
    return closed_table(closed_positions(actor=actor, portfolio_id=portfolio_id), portfolio_id=portfolio_id)


def _traits(each: Classification) -> Traits:
    return Traits(each.class_label, each.sector, country_name(each.country))


def _traits_document(rows: Iterable[Row], looking: Looking) -> dict[str, dict[str, str]]:
    """What the scripts cannot know of the instruments from the socket, by symbol."""
    held = {row.symbol: row for row in rows if row.symbol is not None}
    return {
        symbol: {**asdict(looking.traits_of(row)), "currency": row.currency.code}
        for symbol, row in sorted(held.items(), key=lambda each: each[1].kind is RowKind.HOLDING)
    }


def _is_own(row: Row) -> bool:
    """Whether a row is of an instrument that only the portfolio knows, so that its price is set by hand."""
    return row.instrument is not None and row.instrument.mic == PRIVATE_MIC


def looking_at(actor: Person, portfolio_id: str, market: RecordedMarket) -> Looking:
    """How `actor` looks at a portfolio: their zone and the market's moment."""
    return Looking(
        zone=preferences_of(actor.user_id).time_zone,
        market_time=market.at,
        portfolio_id=portfolio_id,
    )


@require_safe
def portfolio_today_json(request: HttpRequest, *, portfolio_id: UUID) -> HttpResponse:
    """The chart's data: the day's span, the reference and the value at the end of each minute.

    It is in the base currency, or in another one that the address names.
    """
    asked = request.GET.get("currency", "").strip().upper()
    base = Currency(asked) if asked in currencies() else None
    return SpokenJson(_day_document(day_chart(actor=actor_of(request), portfolio_id=str(portfolio_id), base=base)))


@require_safe
def portfolio_sparks_json(request: HttpRequest, *, portfolio_id: UUID) -> HttpResponse:
    """The sessions so far of the instruments that are held."""
    market = recorded_market()
    valued = valuation_of(actor=actor_of(request), portfolio_id=str(portfolio_id), market=market)
    rows = (row for row in valued.valuation.rows if row.kind is RowKind.HOLDING and not _is_own(row))
    symbols = {row.symbol for row in rows if row.symbol is not None}
    return SpokenJson({"sparks": spark_documents(sparks(symbols, market=market))})


def _day_document(day: DayChart) -> dict[str, object]:
    return {
        "currency": day.currency,
        "session_day": day.session_day.isoformat() if day.session_day else None,
        "opens_at": moment_json(day.opens_at),
        "closes_at": moment_json(day.closes_at),
        "zone": day.zone,
        "reference": decimal_json(day.reference),
        "points": [{"at": moment_json(point.at), "value": decimal_json(point.value)} for point in day.points],
        "marks": [{"at": moment_json(mark.at), "kind": mark.kind, "count": mark.count} for mark in day.marks],
    }


def spark_document(spark: Spark) -> dict[str, object]:
    """A session so far, as scripts read it."""
    return spark_documents([spark])[0]


def spark_documents(found: Iterable[Spark]) -> list[dict[str, object]]:
    """The same of many, which share their minutes: each is written once."""
    written = cache(moment_json)
    return [_spark_document(spark, written) for spark in found]


def _spark_document(spark: Spark, written: Callable[[datetime | None], str | None]) -> dict[str, object]:
    return {
        "symbol": spark.symbol,
        "session_day": spark.session_day.isoformat(),
        "opens_at": moment_json(spark.opens_at),
        "closes_at": moment_json(spark.closes_at),
        "zone": spark.zone,
        "previous_close": decimal_json(spark.previous_close),
        "price_places": spark.price_places,
        "points": [{"at": written(each.starts_at), "close": decimal_json(each.close)} for each in spark.points],
    }
