"""One stock, live: the page `/stocks/` and the data of its chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH, normalise_symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.errors import InvalidSymbol
from tickfolio.services import market
from tickfolio.services.market import InstrumentRow, Today
from tickfolio.web.problems import problem
from tickfolio.web.venues import city_of


@dataclass(frozen=True, slots=True)
class DayRange:
    """What the day's bars say beside the last price."""

    open: Decimal
    high: Decimal
    low: Decimal


@require_safe
@vary_on_cookie
@cache_control(private=True, no_cache=True)
def stocks(request: HttpRequest) -> HttpResponse:
    """The page of the symbol in the query string, or of the first instrument where none is asked for."""
    rows = market.instrument_rows()
    asked = request.GET.get("symbol", "").strip()[: MAX_SYMBOL_LENGTH + 1]
    if not asked:
        return _page(request, rows=rows, shown=rows[0] if rows else None, asked="", error="")
    try:
        symbol = normalise_symbol(asked)
    except InvalidSymbol as invalid:
        return _page(request, rows=rows, shown=None, asked=asked, error=str(invalid))
    shown = next((row for row in rows if row.symbol == symbol), None)
    error = "" if shown else f"No instrument here has the symbol {symbol}. Check the spelling, or pick one of the list."
    return _page(request, rows=rows, shown=shown, asked=asked, error=error)


@require_safe
@conditional_page
@cache_control(private=True, no_cache=True)
def today_json(request: HttpRequest, *, symbol: str) -> HttpResponse:
    """The chart's data: the session's span, the previous close and the bars so far. Decimals as strings, times in UTC."""
    try:
        today = market.today(normalise_symbol(symbol))
    except InvalidSymbol as invalid:
        return problem(status=HTTPStatus.BAD_REQUEST, code=invalid.code, detail=str(invalid))
    if today is None:
        detail = f"No instrument here has the symbol {symbol}. The page /stocks/ lists the known ones."
        return problem(status=HTTPStatus.NOT_FOUND, code="unknown_symbol", detail=detail)
    return JsonResponse(_today_document(today))


def _page(
    request: HttpRequest, *, rows: tuple[InstrumentRow, ...], shown: InstrumentRow | None, asked: str, error: str
) -> HttpResponse:
    today = market.today(shown.symbol) if shown else None
    context = {
        "rows": rows,
        "shown": shown,
        "asked": asked or (shown.symbol if shown else ""),
        "error": error,
        "today": today,
        "day": _day_range(today.bars) if today else None,
        "city": city_of(today.zone) if today else "",
        "max_symbol_length": MAX_SYMBOL_LENGTH,
    }
    status = HTTPStatus.NOT_FOUND if error else HTTPStatus.OK
    return render(request, "stocks/page.html", context, status=status)


def _day_range(bars: tuple[Bar, ...]) -> DayRange | None:
    if not bars:
        return None
    return DayRange(open=bars[0].open, high=max(bar.high for bar in bars), low=min(bar.low for bar in bars))


def _today_document(today: Today) -> dict[str, object]:
    return {
        "symbol": today.symbol,
        "session_day": today.session_day.isoformat() if today.session_day else None,
        "opens_at": _moment(today.opens_at),
        "closes_at": _moment(today.closes_at),
        "zone": today.zone,
        "previous_close": _decimal(today.previous_close),
        "price_places": today.price_places,
        "bars": [_bar_document(bar) for bar in today.bars],
    }


def _bar_document(bar: Bar) -> dict[str, str | None]:
    return {
        "starts_at": _moment(bar.starts_at),
        "open": _decimal(bar.open),
        "high": _decimal(bar.high),
        "low": _decimal(bar.low),
        "close": _decimal(bar.close),
    }


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _moment(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds, as in the live protocol."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
