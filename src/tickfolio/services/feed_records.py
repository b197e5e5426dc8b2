"""How the feeds do, as it is recorded for whoever runs the instance, and what was left of each host's budget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
from django.db import transaction

from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.feed import FeedReport
from tickfolio.feeds.rate_limit import GateState
from tickfolio.persistence.models import FeedCondition, FeedEvent, FeedGateState, HeldPriceRecord, InstrumentRecord
from tickfolio.runtime.ports import FeedNews, FeedsNow, HeldNow

EVENTS_KEPT = timedelta(days=30)
MOST_EVENTS = 5000


def gates_kept() -> Mapping[str, GateState]:
    """What was left of each host's budget when it was kept last."""
    return {
        row.host: GateState(
            tokens=row.tokens,
            filled_at=row.filled_at.astimezone(UTC),
            failures=row.failures,
            paused_until=None if row.paused_until is None else row.paused_until.astimezone(UTC),
        )
        for row in FeedGateState.objects.all()
    }


@transaction.atomic
def feeds_now_record(*, now: FeedsNow) -> Mapping[Symbol, Decimal]:
    """Keeps how the feeds do and what happened since the last call; the held prices that an operator has released, by symbol."""
    _keep_reports(now.reports, at=now.at)
    if now.held is None:
        return {}
    FeedCondition.objects.exclude(name__in=[report.name for report in now.reports]).delete()
    _keep_gates(now.gates)
    _keep_events(now.news, at=now.at)
    return _keep_held(now.held, at=now.at)


def _keep_reports(reports: tuple[FeedReport, ...], *, at: datetime) -> None:
    rows = [
        FeedCondition(name=report.name, report=msgspec.json.encode(report).decode(), reported_at=at)
        for report in reports
    ]
    FeedCondition.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["report", "reported_at"]
    )


def _keep_gates(gates: Mapping[str, GateState]) -> None:
    rows = [
        FeedGateState(
            host=host,
            tokens=state.tokens,
            filled_at=state.filled_at,
            failures=state.failures,
            paused_until=state.paused_until,
        )
        for host, state in gates.items()
    ]
    FeedGateState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["host"],
        update_fields=["tokens", "filled_at", "failures", "paused_until"],
    )


def _keep_events(news: tuple[FeedNews, ...], *, at: datetime) -> None:
    if not news:
        return
    FeedEvent.objects.bulk_create(
        [FeedEvent(at=one.at, kind=one.kind, feed=one.feed, symbol=one.symbol, text=one.text[:400]) for one in news]
    )
    FeedEvent.objects.filter(at__lt=at - EVENTS_KEPT).delete()
    oldest_kept = FeedEvent.objects.order_by("-id").values_list("id", flat=True)[MOST_EVENTS : MOST_EVENTS + 1].first()
    if oldest_kept is not None:
        FeedEvent.objects.filter(id__lte=oldest_kept).delete()


def _keep_held(held: tuple[HeldNow, ...], *, at: datetime) -> Mapping[Symbol, Decimal]:
    """Rows of prices that are held no longer go; a release that waits for the engine stays until it has been heard."""
    ids = dict(InstrumentRecord.objects.filter(symbol__in=[one.symbol for one in held]).values_list("symbol", "id"))
    known = {row.instrument_id: row for row in HeldPriceRecord.objects.select_for_update()}
    released = {}
    for one in held:
        instrument_id = ids.get(one.symbol)
        if instrument_id is None:
            continue
        row = known.pop(instrument_id, None)
        if row is not None and row.released_at is not None and row.price == one.price.price:
            released[one.symbol] = one.price.price
            continue
        _write_held(row or HeldPriceRecord(instrument_id=instrument_id, held_at=at), one)
    HeldPriceRecord.objects.filter(instrument_id__in=known).delete()
    return released


def _write_held(row: HeldPriceRecord, one: HeldNow) -> None:
    price = one.price
    row.price, row.reference, row.doubt, row.source = price.price, price.reference, price.doubt.value, price.source
    row.source_time, row.count = price.source_time, price.count
    row.released_at = row.released_by = None
    row.save()
