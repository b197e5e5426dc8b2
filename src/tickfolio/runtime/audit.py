"""The running audit: one portfolio a minute is valued once more, from nothing, and must come to what its pages see.

What pages see is worked out row by row, whenever a price, a rate or the ledger changes. What is taken here is the valuation of
a beat with the very quotes, rates and moment that it rests on; a thread folds the whole ledger and values it anew. Nothing is
mended: a difference is a bug, counted and written into the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from tickfolio.domain.calendars import ExchangeCalendar
from tickfolio.domain.instruments import Instrument
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Row, Valuation
from tickfolio.live.engine import Engine
from tickfolio.live.watched_portfolio import Sample
from tickfolio.live.wire.vocabulary import portfolio_id
from tickfolio.runtime.collector import not_collecting
from tickfolio.runtime.ports import DaysCompared

AUDIT_SECONDS = 60.0
TOTALS = "totals"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was audited since the start.

    Attributes:
        audited: valuations that were worked out once more.
        days: finished days that were compared with the stored ones.
        mismatches: rows and days that were not the same; must be 0.
        failures: audits that came to no end.
    """

    audited: int = 0
    days: int = 0
    mismatches: int = 0
    failures: int = 0


class Audit:
    """One portfolio after the other of those in memory, in a thread of its own."""

    def __init__(
        self,
        *,
        calendar_of: Callable[[Instrument], ExchangeCalendar],
        compare_days: Callable[[str], DaysCompared],
        monotonic: Callable[[], float],
        every_seconds: float = AUDIT_SECONDS,
    ) -> None:
        self._calendar_of = calendar_of
        self._compare_days = compare_days
        self._monotonic = monotonic
        self._every_seconds = every_seconds
        self._due_at = monotonic() + every_seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audit")
        self._task: asyncio.Task[None] | None = None
        self._last = ""
        self._audited = self._days = self._mismatches = self._failures = 0

    def report(self) -> AuditReport:
        """What came of it so far."""
        return AuditReport(self._audited, self._days, self._mismatches, self._failures)

    def after_beat(self, engine: Engine) -> None:
        """Begins an audit where one is due. Right after a beat, what pages see is of the quotes that there are."""
        if self._monotonic() < self._due_at or (self._task is not None and not self._task.done()):
            return
        sample = self._next(engine)
        if sample is not None:
            self._last = sample.portfolio
            self._due_at = self._monotonic() + self._every_seconds
            self._task = asyncio.create_task(self._audit(sample))

    async def stop(self) -> None:
        """Ends with what it is doing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._thread.shutdown)

    def _next(self, engine: Engine) -> Sample | None:
        """The one after the last, in the order of their ids."""
        shelf = engine.hub.portfolios.shelf
        ids = sorted(shelf.ids())
        behind = [id_ for id_ in ids if id_ > self._last]
        for id_ in (*behind, *ids[: len(ids) - len(behind)]):
            held = shelf.get(id_)
            sample = None if held is None else held.sample(engine.market)
            if sample is not None:
                return sample
        return None

    async def _audit(self, sample: Sample) -> None:
        portfolio, loop = sample.portfolio, asyncio.get_running_loop()
        try:
            fresh = await loop.run_in_executor(self._thread, self._valued_anew, sample)
            compared = await loop.run_in_executor(self._thread, self._compare_days, portfolio_id(portfolio))
        except Exception:  # the audit must not end with what it could not do once
            log.exception("audit.failed", portfolio=portfolio)
            self._failures += 1
            return
        for row, columns in differences(sample.valuation, fresh):
            self._mismatches += 1
            log.error("audit.mismatch", portfolio=portfolio, row=row, columns=columns, at=sample.at.isoformat())
        for day in compared.differing:
            self._mismatches += 1
            log.error("audit.mismatch", portfolio=portfolio, row=f"day {day.isoformat()}")
        self._audited += 1
        self._days += compared.days
        log.info("audit.done", portfolio=portfolio, audited=self._audited, days=self._days, mismatches=self._mismatches)

    def _valued_anew(self, sample: Sample) -> Valuation:
        with not_collecting():
            return LivePortfolio(sample.book, calendar_of=self._calendar_of).value(
                quote_of=sample.quotes.get,
                quality_of=lambda symbol: sample.qualities.get(symbol, Quality.UNPRICED),
                rates=sample.rates,
                at=sample.at,
            )


def differences(shown: Valuation, fresh: Valuation) -> Iterator[tuple[str, list[str]]]:
    """The rows that are not the same, each with its columns; the totals where all rows are and they are not.

    A row that only one of both has differs in its key, and so do the first ones that stand in another order.
    """
    one, other = {row.key: row for row in shown.rows}, {row.key: row for row in fresh.rows}
    wrong = {key: _columns(one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())}
    wrong = {key: columns for key, columns in wrong.items() if columns}
    if not wrong and list(one) != list(other):
        wrong = {next(key for key, there in zip(one, other, strict=True) if key != there): ["key"]}
    yield from wrong.items()
    if not wrong and shown.totals != fresh.totals:
        names = shown.totals.__struct_fields__
        yield TOTALS, [name for name in names if getattr(shown.totals, name) != getattr(fresh.totals, name)]


def _columns(one: Row | None, other: Row | None) -> list[str]:
    if one is None or other is None:
        return ["key"]
    return [name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)]
