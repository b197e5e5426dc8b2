"""What the engine keeps of the market, so that a restart shows the last good prices with their age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Quote
from tickfolio.persistence.models import (
    InstanceFacts,
    IntradayBar,
    LatestQuote,
    MarketClockPosition,
)
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.runtime.ports import MarketChanges
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.instruments import instruments_register

__all__ = ["instance_declare", "instruments_register", "market_changes_record"]


@transaction.atomic
def instance_declare(*, is_replay: bool, at: datetime) -> bool:
    """Writes down at the first start whether this instance is a replay; gives what was written then.

    Args:
        at: the real moment, UTC.
    """
    facts, _created = InstanceFacts.objects.get_or_create(id=1, defaults={"is_replay": is_replay, "created_at": at})
    return facts.is_replay


@transaction.atomic
def market_changes_record(*, changes: MarketChanges) -> None:
    """Keeps the newest quotes and bars, new corporate actions and the market clock's position, all or nothing.

    A change that names a new run first drops the quotes and bars of the old one.
    """
    if changes.drops_old_run:
        LatestQuote.objects.all().delete()
        IntradayBar.objects.all().delete()
    ids = record_ids()
    _keep_quotes(changes.quotes, ids)
    _keep_bars(changes.bars, ids)
    actions_record(actions=changes.corporate_actions, source=changes.source, at=changes.recorded_at)
    if changes.clock is not None:
        MarketClockPosition.objects.update_or_create(
            id=1,
            defaults={"run": changes.clock.run, "at": changes.clock.at, "recorded_at": changes.recorded_at},
        )


def _keep_quotes(quotes: Iterable[Quote], ids: dict[str, int]) -> None:
    rows = [
        LatestQuote(
            instrument_id=ids[quote.symbol],
            price=quote.price,
            previous_close=quote.previous_close,
            session_day=quote.session_day,
            session=quote.session.value,
            source=quote.source,
            source_time=quote.source_time,
            received_time=quote.received_time,
        )
        for quote in quotes
    ]
    columns = [field.name for field in LatestQuote._meta.concrete_fields if field.name not in ("id", "instrument")]
    LatestQuote.objects.bulk_create(rows, update_conflicts=True, unique_fields=["instrument"], update_fields=columns)


def _keep_bars(bars: tuple[Bar, ...], ids: dict[str, int]) -> None:
    rows = [
        IntradayBar(
            instrument_id=ids[bar.symbol],
            session_day=bar.session_day,
            starts_at=bar.starts_at,
            open=bar.open,
            high=bar.high,
            low=bar.low,
            close=bar.close,
        )
        for bar in bars
    ]
    IntradayBar.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["instrument", "starts_at"],
        update_fields=["session_day", "open", "high", "low", "close"],
        batch_size=500,
    )
    if bars:
        _drop_old_bars(max(bar.session_day for bar in bars))


class _Dropped:
    """The newest day after which this process has dropped old bars; None before the first."""

    day: date | None = None


def _drop_old_bars(newest: date) -> None:
    """Once a day of the market, and once after a start: to find them every row is looked at, and there are a million.

    Where one exchange has begun another day and one has not, the days of both come in turn.
    """
    if _Dropped.day is not None and _Dropped.day - timedelta(days=1) <= newest <= _Dropped.day:
        return
    kept = timedelta(days=settings.TICKFOLIO_BARS_DAYS)
    IntradayBar.objects.filter(session_day__lt=newest - kept).delete()
    transaction.on_commit(partial(setattr, _Dropped, "day", newest))
