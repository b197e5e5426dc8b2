"""The tables of sources and of corporate actions in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.market.status import FeedState
from tickfolio.domain.money import Currency
from tickfolio.services.quote_sources import QuoteSource, SourceUse
from tickfolio.web.instrument_source_texts import MOST_ACTIONS, actions_text, source_texts

NOW = datetime(2012, 5, 21, 14, 31, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def source(**parts: object) -> QuoteSource:
    return replace(QuoteSource("yahoo", "Yahoo Finance", SourceUse.IN_RESERVE), **parts)  # type: ignore[arg-type]  # of any field


def test_a_feed_in_reserve_says_how_it_does_and_no_price() -> None:
    rows = source_texts(
        [
            source(),
            source(state=FeedState.STALE),
            source(use=SourceUse.REFUSES, reason="not on this plan"),
            source(use=SourceUse.FINISHED_DAYS, quality=Quality.CLOSED, day=date(2012, 5, 20)),
            source(use=SourceUse.FINISHED_DAYS, quality=Quality.CLOSED, day=date(2012, 5, 21)),
            source(use=SourceUse.IN_USE, quality=Quality.STALE, source_time=NOW - timedelta(minutes=15)),
        ],
        places=2,
        now=NOW,
        zone=UTC_ZONE,
    )
    assert [(row.word, row.price, row.when, row.age) for row in rows] == [
        ("not asked yet", "—", "—", "—"),
        ("stale", "—", "—", "—"),
        ("refuses: not on this plan", "—", "—", "—"),
        ("at the close", "—", "close of 20 May 2012", "1 day"),
        ("at the close", "—", "close of 21 May 2012", "today"),
        ("stale", "—", "14:16:00.000", "15 min"),
    ]
    assert [row.is_in_use for row in rows] == [False] * 5 + [True]


def test_corporate_actions_are_told_the_newest_first_and_those_to_come_as_such() -> None:
    apple, usd = Symbol("AAPL"), Currency("USD")
    dividends = [
        CashDividend(apple, date(2012, 1, 1) + timedelta(days=each), amount=Decimal(1), currency=usd)
        for each in range(MOST_ACTIONS)
    ]
    split = Split(apple, date(2012, 6, 1), new=2, old=1)
    told = actions_text([*dividends, split], today=date(2012, 5, 21))
    assert (told.rows[0].what, told.rows[0].is_to_come, told.rows[1].is_to_come) == ("Split, 2 for 1", True, False)
    assert (len(told.rows), told.earlier) == (MOST_ACTIONS, 1)
