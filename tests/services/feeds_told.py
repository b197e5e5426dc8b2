"""What a running engine records of its feeds, made up for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.live.market import AAPL, IBM, instrument
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.plausibility import Doubt, HeldPrice
from tickfolio.domain.market.status import FeedState
from tickfolio.feeds.feed import FeedReport
from tickfolio.persistence.models import Backfill, InstrumentRecord
from tickfolio.runtime.ports import FeedNews, FeedsNow, HeldNow
from tickfolio.services.feed_records import feeds_now_record
from tickfolio.services.market_records import instance_declare, instruments_register

LONG = "the vendor answered with a sentence without an end; " * 4


def report(name: str = "yahoo", **parts: Any) -> FeedReport:
    """A feed that does well, unless `parts` say otherwise."""
    now = datetime.now(UTC)
    usual: dict[str, Any] = {
        "state": FeedState.LIVE,
        "since": now - timedelta(minutes=12),
        "last_data_at": now - timedelta(seconds=2),
        "wanted": 40,
        "quotes": 12_345,
        "kept_out": {"said twice": 7, "older than the last one": 2},
        "budget": {"query1.finance.yahoo.com": 58},
    }
    return FeedReport(name=name, **{**usual, **parts})


def held(price: str, *, doubt: Doubt = Doubt.WILD_JUMP, source: str = "yahoo", count: int = 3) -> HeldPrice:
    """A doubted price of an instrument that was at 501.50."""
    return HeldPrice(Decimal(price), Decimal("501.50"), source, datetime.now(UTC), doubt, count)


def live_instance() -> None:
    """An instance with live feeds that knows two instruments."""
    instance_declare(is_replay=False, at=datetime.now(UTC))
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])


def tell(
    *reports: FeedReport,
    quarantine: dict[Symbol, HeldPrice] | None = None,
    news: tuple[FeedNews, ...] = (),
    at: datetime | None = None,
) -> Mapping[Symbol, Decimal]:
    """Records how the feeds do, as the engine does every few seconds; what an operator has believed since."""
    now = FeedsNow(
        at=at or datetime.now(UTC),
        reports=reports,
        gates={},
        news=news,
        held=tuple(HeldNow(symbol, price) for symbol, price in (quarantine or {}).items()),
    )
    return feeds_now_record(now=now)


def tell_of_much() -> None:
    """Feeds in every state, doubted prices, histories that are not there, and more events than fit above the fold."""
    now = datetime.now(UTC)
    for symbol, state, message in ((AAPL, "failed", LONG), (IBM, "waiting", "")):
        Backfill.objects.update_or_create(
            instrument=InstrumentRecord.objects.get(symbol=symbol),
            defaults={"state": state, "since": date(2021, 5, 21), "message": message, "updated_at": now},
        )
    refused = {Symbol(f"XX{number:03d}"): f"{LONG}number {number}" for number in range(230)}
    tell(
        report(),
        report("alpaca", state=FeedState.REJECTED, message=f"the key was refused: {LONG}", last_data_at=None, quotes=0),
        report("coinbase", state=FeedState.RECONNECTING, message="the server closed the connection", reconnects=4),
        report("finnhub", state=FeedState.STALE, refused=refused, errors=17, last_data_at=now - timedelta(minutes=7)),
        report(
            "ecb",
            state=FeedState.QUIET,
            message="it has no stream",
            budget={"www.ecb.europa.eu": 0},
            paused_until={"www.ecb.europa.eu": now + timedelta(minutes=9)},
        ),
        quarantine={AAPL: held("5.015"), IBM: held("700.25", doubt=Doubt.JUMP, count=1)},
        news=tuple(
            FeedNews(
                now - timedelta(minutes=number), kind, "yahoo", "" if kind == "state" else "AAPL", f"{text} {number}"
            )
            for number, (kind, text) in enumerate(
                [("state", "live"), ("move", "from alpaca to yahoo: its feed is stale"), ("held", LONG)] * 20
            )
        ),
    )
