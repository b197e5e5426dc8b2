"""Everything derived in the database dropped and worked out again from facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tickfolio.errors import ImpossibleLedger
from tickfolio.persistence.insertion import insert_rows
from tickfolio.persistence.models import DailySeries, DailyValue, ImportBatch, LedgerTransaction, Portfolio
from tickfolio.persistence.selectors.daily_series import living_portfolios
from tickfolio.services.daily_series import days_store, days_worked_out
from tickfolio.services.derived_tables import WORKER, counts_of, derived_text, head_of, headers_of
from tickfolio.services.market_time import NEVER, market_now
from tickfolio.services.permissions import Operation, missing_portfolio
from tickfolio.services.portfolio_changes import held_portfolio
from tickfolio.words import phrase


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of a portfolio.

    Attributes:
        transactions, days: how many rows were made.
        is_same: whether all that is derived is to the byte what it was.
        digest: of all that is derived, SHA-256.
        refusal: why there are no days; empty where there are.
    """

    portfolio_id: str
    transactions: int
    days: int
    is_same: bool
    digest: str
    refusal: str = ""


def rebuild_all() -> Iterator[Rebuilt]:
    """Every portfolio, one after the other."""
    for portfolio_id in living_portfolios(actor=WORKER):
        yield rebuild(portfolio_id=portfolio_id)


def rebuild(*, portfolio_id: str) -> Rebuilt:
    """Drops what is derived of a portfolio and makes it anew.

    Headers, counts and the head change in one transaction, so that no page ever misses them. The days follow: who asks for
    them meanwhile works them out.

    Raises:
        NotFound: there is no such portfolio.
    """
    if portfolio_id not in living_portfolios(actor=WORKER):
        raise missing_portfolio()
    before = derived_text(portfolio_id)
    with held_portfolio(actor=WORKER, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW):
        DailySeries.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).delete()
        DailyValue.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).delete()
        headers = headers_of(portfolio_id)
        LedgerTransaction.objects.for_actor(WORKER).filter(portfolio_id=portfolio_id).delete()
        # One that says it is of another portfolio is this one's all the same, by what was booked.
        for start in range(0, len(headers), _BATCH):
            ids = [header.pk for header in headers[start : start + _BATCH]]
            LedgerTransaction.objects.for_actor(WORKER).filter(pk__in=ids).delete()
        insert_rows(headers)
        for batch, counts in counts_of(portfolio_id).items():
            ImportBatch.objects.for_actor(WORKER).filter(pk=batch).update(**counts)
        Portfolio.objects.for_actor(WORKER).filter(pk=portfolio_id).update(head=head_of(portfolio_id))
    days, refusal = _days(portfolio_id)
    after = derived_text(portfolio_id)
    return Rebuilt(
        portfolio_id=portfolio_id,
        transactions=len(headers),
        days=days,
        is_same=before == after,
        digest=hashlib.sha256(after.encode()).hexdigest(),
        refusal=refusal,
    )


_BATCH = 500


def _days(portfolio_id: str) -> tuple[int, str]:
    if market_now() == NEVER:
        return 0, phrase("the market has not begun yet")
    try:
        return days_store(portfolio_id, days_worked_out(portfolio_id, from_scratch=True)), ""
    except ImpossibleLedger as error:
        return 0, str(error)
