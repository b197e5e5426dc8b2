"""One stock, live: the page `/stocks/` and the data of its chart."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_cookie

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH, Instrument, normalise_symbol
from tickfolio.domain.market.bars import Bar
from tickfolio.errors import FeedUnavailable, InvalidSymbol
from tickfolio.persistence.tenancy import Person
from tickfolio.services import market
from tickfolio.services.market import InstrumentRow, Today
from tickfolio.services.stock_search import stock_search
from tickfolio.services.watchlists import watchlists_of
from tickfolio.web.actors import actor_of, asker_of
from tickfolio.web.moments import decimal_json, moment_json
from tickfolio.web.problems import problem
from tickfolio.web.spoken_json import SpokenJson
from tickfolio.web.stock_texts import NO_TICKER, QuoteText, missing_text, quote_text, ticker_text
from tickfolio.web.venues import venue_name
from tickfolio.web.watchlist_texts import WatchText, watch_text
from tickfolio.words import phrase


@require_safe
@vary_on_cookie
@cache_control(private=True, no_cache=True)
def stocks(request: HttpRequest) -> HttpResponse:
    """The page of the symbol in the query string, or of the first instrument of the list where none is asked for."""
    actor = actor_of(request) if request.user.is_authenticated else None
    rows = market.instrument_rows(actor=actor)
    asked = request.GET.get("symbol", "").strip()[: MAX_SYMBOL_LENGTH + 1]
    shown, error = _shown(rows, asked, asker=asker_of(request))
    if shown is not None and shown not in rows:
        rows = (shown, *rows)
    context = {
        "section": "stocks",
        "tickers": [ticker_text(row) for row in rows],
        "no_ticker": NO_TICKER,
        "quote": _quote(shown, asked=asked, is_empty=not rows),
        "asked": asked or (shown.symbol if shown else ""),
        "error": error,
        "max_symbol_length": MAX_SYMBOL_LENGTH,
        "watch": None if actor is None else _watch(request, actor, shown),
    }
    template = "stocks/page.html" if actor is None else "stocks/own_page.html"
    return render(request, template, context, status=HTTPStatus.NOT_FOUND if error else HTTPStatus.OK)


@require_safe
@vary_on_cookie
@cache_control(private=True, no_store=True)
def search_json(request: HttpRequest) -> HttpResponse:
    """The instruments that a few letters may mean, the best first. No feed is asked: letters must not cost a vendor's budget."""
    actor = actor_of(request) if request.user.is_authenticated else None
    found = stock_search(request.GET.get("text", ""), actor=actor)
    return SpokenJson({"instruments": [_found(each) for each in found]})


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
        detail = phrase(
            "No instrument here has the symbol {symbol}. The page /stocks/ lists the known ones.", symbol=symbol
        )
        return problem(status=HTTPStatus.NOT_FOUND, code="unknown_symbol", detail=detail)
    return SpokenJson(_today_document(today))


def _shown(rows: tuple[InstrumentRow, ...], asked: str, *, asker: int | str) -> tuple[InstrumentRow | None, str]:
    """The instrument to show, and why it is not the one that was asked for."""
    if not asked:
        return (rows[0] if rows else None), ""
    try:
        symbol = normalise_symbol(asked)
    except InvalidSymbol as invalid:
        return None, str(invalid)
    shown = next((row for row in rows if row.symbol == symbol), None)
    if shown is not None:
        return shown, ""
    try:
        shown = market.instrument_row(symbol) or market.instrument_sought(symbol, asker=asker)
    except FeedUnavailable as silent:
        return None, str(silent)
    unknown = phrase(
        "No instrument here has the symbol {symbol}. Check the spelling, or pick one of the list.", symbol=symbol
    )
    return shown, "" if shown else unknown


def _watch(request: HttpRequest, actor: Person, shown: InstrumentRow | None) -> WatchText:
    """The button that watches what is shown; of nothing it waits for what the scripts show."""
    back = request.get_full_path()
    return watch_text("" if shown is None else shown.symbol, watchlists_of(actor=actor), back=back)


def _quote(shown: InstrumentRow | None, *, asked: str, is_empty: bool) -> QuoteText:
    today = market.today(shown.symbol) if shown else None
    if shown and today:
        return quote_text(shown, today)
    if asked or not is_empty:
        return missing_text(asked.upper(), since=phrase("Nothing is known of this symbol."))
    return missing_text(
        "", since=phrase("Nothing has been recorded yet.") if market.lists_all() else phrase("Ask for any symbol.")
    )


def _found(instrument: Instrument) -> dict[str, str]:
    venue, unit = venue_name(instrument.mic), instrument.quoted_in
    return {"symbol": instrument.symbol, "name": instrument.name, "venue": venue, "unit": unit}


def _today_document(today: Today) -> dict[str, object]:
    return {
        "symbol": today.symbol,
        "session_day": today.session_day.isoformat() if today.session_day else None,
        "opens_at": moment_json(today.opens_at),
        "closes_at": moment_json(today.closes_at),
        "zone": today.zone,
        "previous_close": decimal_json(today.previous_close),
        "price_places": today.price_places,
        "bars": [_bar_document(bar) for bar in today.bars],
    }


def _bar_document(bar: Bar) -> dict[str, str | None]:
    return {
        "starts_at": moment_json(bar.starts_at),
        "open": decimal_json(bar.open),
        "high": decimal_json(bar.high),
        "low": decimal_json(bar.low),
        "close": decimal_json(bar.close),
    }
