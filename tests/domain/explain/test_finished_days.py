"""A finished day, explained."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.explain.checked import FEWER, check
from tests.domain.ledger.any_ledger import AnyLedger, any_ledgers
from tests.domain.ledger.any_transaction import FIRST
from tests.domain.valuation.test_any_portfolio import book_of
from tests.domain.valuation.test_spans import MINUTES, LatePrices, Prices
from tickfolio.domain.explain.chosen import Chosen
from tickfolio.domain.explain.day_parts import PARTS
from tickfolio.domain.explain.finished_days import END, MOVED, SIDES, START, FinishedDay, finished_day, finished_row
from tickfolio.domain.explain.standing import Sources, Standings
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.valuation.references import PriceOf
from tickfolio.domain.valuation.spans import SpanChange, span_change, span_ends

ALL = ("total", *PARTS, *SIDES)


def finished(ledger: AnyLedger, since: datetime, until: datetime, prices: PriceOf) -> tuple[FinishedDay, SpanChange]:
    """A span explained, and what the attribution has of it."""
    book = book_of(ledger)
    sources = Sources(prices, ledger.rates, "closes", "a bank")
    ends = span_ends(book, (since, until), price_of=prices, rates=ledger.rates, source="closes")
    change = span_change(book, since=since, until=until, price_of=prices, rates=ledger.rates)
    return FinishedDay(ends, Standings(book, sources, until=until)), change


@settings(max_examples=FEWER)
@given(
    ledger=any_ledgers(min_size=6),
    first=MINUTES,
    length=MINUTES,
    seed=st.integers(0, 2**16),
    prices=st.sampled_from((Prices, LatePrices)),
)
def test_parts_of_a_finished_day_are_what_their_formulas_say_and_what_the_attribution_shows(
    ledger: AnyLedger, first: int, length: int, seed: int, prices: type[Prices]
) -> None:
    since = FIRST + timedelta(minutes=first)
    found, change = finished(ledger, since, since + timedelta(minutes=length), prices(seed))
    for each in change.contributions:
        sides = {START: each.opening, MOVED: each.moved, END: each.closing, "total": each.parts.total}
        for part in ALL:
            tree = finished_row(found, each.key, part)
            check(tree)
            assert tree.value == (sides[part] if part in sides else getattr(each.parts, part))
    for left in change.left_out:
        assert isinstance(finished_row(found, left.key).value, NotAvailable)
    wholes = {START: change.opening, MOVED: change.flows, END: change.closing, "total": change.gain}
    for part in ALL:
        tree = finished_day(found, Chosen(), part, name="all")
        check(tree)
        assert part not in wholes or tree.value == wholes[part]
        assert len(tree.notes) == len(change.left_out)
