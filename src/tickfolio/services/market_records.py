"""What the engine keeps of the market, so that a restart shows the last good prices with their age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.bars import Bar
from tickfolio.domain.market.quotes import Quote
from tickfolio.persistence.models import (
    InstanceFacts,
    InstrumentRecord,
    IntradayBar,
    LatestQuote,
    MarketClockPosition,
)
from tickfolio.runtime.ports import MarketChanges
from tickfolio.services.corporate_actions import actions_record

BAR_RETENTION = timedelta(days=10)


@transaction.atomic
def instance_declare(*, is_replay: bool, at: datetime) -> bool:
    """Writes down at the first start whether this instance is a replay; gives what was written then.

    Args:
        at: the real moment, UTC.
    """
    facts, _created = InstanceFacts.objects.get_or_create(id=1, defaults={"is_replay": is_replay, "created_at": at})
    return facts.is_replay


@transaction.atomic
def instruments_register(*, instruments: Iterable[Instrument]) -> None:
    """Adds or updates instruments by symbol."""
    records = [
        InstrumentRecord(
            symbol=instrument.symbol,
            name=instrument.name,
            mic=instrument.mic,
            currency=instrument.currency.code,
            instrument_class=instrument.instrument_class.value,
            price_places=instrument.price_places,
            contract_size=instrument.contract_size,
            quote_unit=instrument.quote_unit,
            listed_on=instrument.listed_on,
        )
        for instrument in instruments
    ]
    columns = [field.name for field in InstrumentRecord._meta.concrete_fields if field.name not in ("id", "symbol")]
    InstrumentRecord.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["symbol"], update_fields=columns
    )


@transaction.atomic
def market_changes_record(*, changes: MarketChanges) -> None:
    """Keeps the newest quotes and bars, new corporate actions and the market clock's position, all or nothing.

    A change that names a new run first drops the quotes and bars of the old one.
    """
    if changes.drops_old_run:
        LatestQuote.objects.all().delete()
        IntradayBar.objects.all().delete()
    ids = dict(InstrumentRecord.objects.values_list("symbol", "id"))
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
        newest = max(bar.session_day for bar in bars)
        IntradayBar.objects.filter(session_day__lt=newest - BAR_RETENTION).delete()
