"""What explanations stand on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.ledger_entries import Book, add, deposit
from tests.services.test_explanations import THURSDAY, at_price
from tests.services.test_explanations import mine as mine  # noqa: PLC0414
from tickfolio.domain.performance.spans import SpanName, named_span
from tickfolio.services.explanation_ground import Frozen, Ground
from tickfolio.services.known_books import known_now
from tickfolio.services.valuations import recorded_market

pytestmark = pytest.mark.django_db


def ground(mine: Book) -> Ground:
    market = recorded_market()
    known = known_now(actor=mine.owner, portfolio_id=mine.portfolio_id)
    return Ground(mine.owner, mine.portfolio_id, Frozen(known, market.at, tuple(market.quotes.values())))


def test_the_days_are_the_same_from_memory_and_worked_out_anew(mine: Book) -> None:
    first = ground(mine)
    assert first.begun is not None
    span = named_span(SpanName.ALL, today=first.today, begun=first.begun)
    from_memory = first.measured(span, keep=None, name="all").days
    later = Ground(mine.owner, mine.portfolio_id, first.frozen)
    add(mine, deposit(mine, "500.00", at=THURSDAY))
    at_price("333.33", after=timedelta(hours=1))
    anew = later.measured(span, keep=None, name="all").days
    assert anew == from_memory
    assert later.sessions(None) == first.sessions(None)


def test_a_portfolio_of_today_has_no_finished_day(mine: Book) -> None:
    market = recorded_market()
    first = ground(mine)
    assert first.begun is not None
    early = Frozen(first.frozen.known, market.at - timedelta(days=4) + timedelta(hours=6), ())
    young = Ground(mine.owner, mine.portfolio_id, early)
    add(mine, deposit(mine, "500.00", at=THURSDAY))
    span = named_span(SpanName.ALL, today=young.today, begun=young.begun or young.today)
    assert (len(young.measured(span, keep=None, name="all").days), young.sessions(None)) == (1, None)
