"""Alpaca's answers about finished days: bars, dividends and splits.

**Source**: https://docs.alpaca.markets/reference/stockbars and corporateactions-1; the models of its Python library for the
fields of corporate actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec

from tickfolio.domain.corporate_actions import CashDividend, CorporateAction, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.bars import DailyBar
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError, InvalidValue
from tickfolio.feeds.alpaca.answers import CURRENCY, NEW_YORK, Bar, day_of, moment, unreadable
from tickfolio.feeds.numbers import number, price

BARS, ACTIONS = "/v2/stocks/bars", "/v1/corporate-actions"
DAY_IS_OVER = time(20, 15)
"""New York's time from which a day counts as finished: after extended hours and the quarter of an hour of the free plan."""
NOT_YET_FREE = timedelta(minutes=16)
# Alpaca files an action by the day on which it processes it: a dividend's is the day of payment, months after the ex-date.
_PROCESSED_BEFORE, _PROCESSED_AFTER = timedelta(days=7), timedelta(days=120)
_LARGEST_RATIO = 1_000_000


class _Bars(msgspec.Struct):
    bars: dict[str, list[Bar]] | None
    next_page_token: str | None = None


class _Dividend(msgspec.Struct):
    symbol: str
    rate: Decimal
    ex_date: date
    payable_date: date | None = None
    foreign: bool = False


class _Split(msgspec.Struct):
    symbol: str
    new_rate: Decimal
    old_rate: Decimal
    ex_date: date


class _ActionsByKind(msgspec.Struct):
    cash_dividends: list[_Dividend] = []
    forward_splits: list[_Split] = []
    reverse_splits: list[_Split] = []


class _Actions(msgspec.Struct):
    corporate_actions: _ActionsByKind
    next_page_token: str | None = None


_BARS = msgspec.json.Decoder(_Bars)
_ACTIONS = msgspec.json.Decoder(_Actions)


# ---------- Finished days ----------


def finished(last: date, *, at: datetime) -> date:
    """The last day up to `last` that is over in New York at `at`."""
    local = at.astimezone(NEW_YORK)
    return min(last, local.date() - timedelta(days=local.time() < DAY_IS_OVER))


def bars_query(symbol: Symbol, *, first: date, last: date, at: datetime, page: str = "") -> dict[str, str]:
    """The question for daily bars of the whole tape, as paid on the day, asked at `at`."""
    end = datetime.combine(last + timedelta(days=1), time(0), tzinfo=NEW_YORK) - timedelta(seconds=1)
    query = {
        "symbols": symbol,
        "timeframe": "1Day",
        "start": first.isoformat(),
        "end": min(end.astimezone(UTC), at - NOT_YET_FREE).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "limit": "10000",
        "adjustment": "raw",
        "feed": "sip",
    }
    return query | ({"page_token": page} if page else {})


def parse_bars(body: bytes, symbol: Symbol) -> tuple[list[DailyBar], str]:
    """The days of a page, and where the next page begins; empty for none.

    Raises:
        FeedDataError: it is no such answer, or a price is none.
    """
    try:
        page = _BARS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable("bars", body, error) from None
    return [_daily_bar(bar, symbol) for bar in (page.bars or {}).get(symbol, [])], page.next_page_token or ""


def _daily_bar(bar: Bar, symbol: Symbol) -> DailyBar:
    day = day_of(moment(bar.t))
    of = f"price of {symbol} on {day}"
    try:
        return DailyBar(
            day=day,
            close=price(bar.c, of=of),
            open=price(bar.o, of=of),
            high=price(bar.h, of=of),
            low=price(bar.l, of=of),
            volume=None if bar.v is None else number(bar.v, of=f"volume of {symbol} on {day}"),
        )
    except InvalidValue as error:
        raise FeedDataError(f"Expected a day of {symbol}: {error}") from error


# ---------- Corporate actions ----------


def actions_query(symbol: Symbol, *, first: date, last: date, page: str = "") -> dict[str, str]:
    """The question for dividends and splits with an ex-date from `first` to `last`, and some around them."""
    query = {
        "symbols": symbol,
        "types": "cash_dividend,forward_split,reverse_split",
        "start": (first - _PROCESSED_BEFORE).isoformat(),
        "end": (last + _PROCESSED_AFTER).isoformat(),
        "limit": "1000",
    }
    return query | ({"page_token": page} if page else {})


def parse_actions(body: bytes, symbol: Symbol, *, first: date, last: date) -> tuple[list[CorporateAction], str]:
    """Dividends and splits with an ex-date from `first` to `last`, and where the next page begins; empty for none.

    Raises:
        FeedDataError: it is no such answer, or an amount or a ratio is none.
    """
    try:
        page = _ACTIONS.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable("corporate actions", body, error) from None
    try:
        found = [action for action in _actions(page.corporate_actions, symbol) if first <= action.ex_date <= last]
    except InvalidValue as error:
        raise FeedDataError(f"Expected corporate actions of {symbol}: {error}") from error
    return found, page.next_page_token or ""


def _actions(kinds: _ActionsByKind, symbol: Symbol) -> Iterator[CorporateAction]:
    for dividend in kinds.cash_dividends:
        # It is not documented in which currency the dividends of foreign companies are told.
        if dividend.symbol == symbol and not dividend.foreign:
            amount = price(dividend.rate, of=f"dividend of {symbol}")
            paid = dividend.payable_date
            pay_date = None if paid is None or paid < dividend.ex_date else paid
            yield CashDividend(symbol, dividend.ex_date, amount, Currency(CURRENCY), pay_date)
    for split in _of(symbol, kinds.forward_splits, kinds.reverse_splits):
        new, old = (price(rate, of=f"split of {symbol}") for rate in (split.new_rate, split.old_rate))
        ratio = Fraction(new) / Fraction(old)
        if max(ratio.numerator, ratio.denominator) > _LARGEST_RATIO:
            raise FeedDataError(f"Expected a split of {symbol} in whole numbers, was {new} for {old}.")
        if ratio != 1:
            yield Split(symbol, split.ex_date, new=ratio.numerator, old=ratio.denominator)


def _of(symbol: Symbol, *kinds: Iterable[_Split]) -> Iterator[_Split]:
    for kind in kinds:
        for split in kind:
            if split.symbol == symbol:
                yield split
