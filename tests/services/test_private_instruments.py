"""A portfolio's own instrument beside one that feeds offer by the same symbol: never mixed, and taken for it only when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.explain.checked import check
from tests.live.market import IBM, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, share
from tests.services.test_manual_prices import BOUGHT, FRIDAY, MONDAY, NOW, market, owner_of_a_house, setting
from tickfolio.domain.corporate_actions import CashDividend, Split
from tickfolio.domain.explain.printing import as_lines, shown
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.market.quotes import Quality, Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.valuation import Row, Worth
from tickfolio.errors import InvalidDraft, NotAllowed, NotFound
from tickfolio.persistence.models import FlowValuation, OutboxEntry, PrivateInstrument
from tickfolio.persistence.tenancy import Role
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.as_of import NOW as NO_OTHER
from tickfolio.services.as_of import AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.daily_series import series_extend, stored_days
from tickfolio.services.day_charts import day_chart
from tickfolio.services.explained_figures import FIGURES, OF_A_BENCHMARK
from tickfolio.services.explanations import Asked, explanation_of
from tickfolio.services.exports import export_json
from tickfolio.services.fact_checks import misfits_of
from tickfolio.services.manual_prices import offered_take, price_add, prices_by_hand
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.performance import Asked as SpanAsked
from tickfolio.services.performance import performance_of
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.rebuilding import rebuild
from tickfolio.services.transactions import transactions_page
from tickfolio.services.verification import verify
from tickfolio.services.watching import stored_portfolio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("market")]
__all__ = ["market"]
MSFT = Symbol("MSFT")
OF_FINISHED_DAYS = ("day-start", "day-moved", "day-end")
D = Decimal


@pytest.fixture
def mine() -> Book:
    """Two parts of something of the portfolio's own, called MSFT: 110 euros each on Thursday and 120 on Friday."""
    mine = owner_of_a_house("alice", symbol=MSFT)
    add(mine, purchase(mine, symbol=IBM, quantity="1", price="190.00", at=BOUGHT))
    setting(mine, "110", date(2012, 5, 17), symbol=MSFT)
    setting(mine, "120", FRIDAY, symbol=MSFT)
    return mine


def feeds_offer(offered: Instrument | None = None) -> None:
    """From now on there is Microsoft: a history since 2000, a price of this minute, a minute, a split and a dividend."""
    instruments_register(instruments=[offered or instrument(MSFT)])
    market_changes_record(
        changes=changes(
            quotes=(quote("29.75", symbol=MSFT, at=NOW),),
            bars=(bar("29.50", symbol=MSFT, at=NOW - timedelta(minutes=2)),),
            corporate_actions=(
                Split(MSFT, date(2012, 5, 16), 2, 1),
                CashDividend(MSFT, date(2012, 5, 17), D("0.20"), Currency("USD")),
            ),
        )
    )


def row_of(mine: Book, as_of: AsOf = NO_OTHER) -> Row:
    found = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of)
    return next(row for row in found.valuation.rows if row.symbol == MSFT)


def value(mine: Book, as_of: AsOf = NO_OTHER) -> Decimal | None:
    worth = row_of(mine, as_of).worth
    return worth.value if isinstance(worth, Worth) else None


def explained(mine: Book, *, against: str = IBM) -> dict[str, str]:
    """All figures with all that they rest on."""
    texts = {}
    for figure in FIGURES:
        if figure == "contribution":
            continue
        params = {"as_of": FRIDAY.isoformat()} if figure in OF_FINISHED_DAYS else {}
        params |= {"against": against} if figure in OF_A_BENCHMARK else {}
        found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, params))
        check(found.tree)
        texts[figure] = "\n".join(as_lines(shown(found.tree, depth=9)))
    return texts


def days(mine: Book) -> dict[date, Decimal | None]:
    series_extend(portfolio_id=mine.portfolio_id)
    found = stored_days(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert found is not None
    return {each.day: each.value for each in found}


def seen(mine: Book) -> dict[str, object]:
    """What pages and files have of it."""
    who: dict[str, Any] = {"actor": mine.owner, "portfolio_id": mine.portfolio_id}
    returns = performance_of(**who, asked=SpanAsked(against=IBM))
    assert returns is not None
    return {
        "now": valuation_of(**who).valuation,
        "friday": valuation_of(**who, as_of=AsOf(FRIDAY)).valuation,
        "attribution": attribution_of(**who, as_of=AsOf(FRIDAY)),
        "line": day_chart(**who),
        "days": days(mine),
        "returns": replace(returns, benchmarks={}),
        "explained": explained(mine),
        "ledger": transactions_page(**who),
        "file": [line for line in "".join(export_json(**who).pieces).splitlines() if "exported_at" not in line],
    }


# ---------- Never mixed ----------


def test_what_feeds_offer_changes_nothing_of_what_the_portfolio_has(mine: Book) -> None:
    market_changes_record(changes=changes(quotes=(quote("195.00", symbol=IBM, at=NOW),)))
    before = seen(mine)
    feeds_offer()
    assert seen(mine) == before
    add(mine, deposit(mine, "1.00", at=BOUGHT))  # the ledger is read anew
    row = row_of(mine)
    assert (value(mine), row.quality, row.quantity) == (D("240.00"), Quality.MANUAL, D(2))
    days(mine)
    assert not list(misfits_of(mine.portfolio_id))
    assert verify(portfolio_ids=[mine.portfolio_id]).mismatches == []


def test_without_a_typed_price_it_has_none_whatever_feeds_say() -> None:
    mine = owner_of_a_house("bob", symbol=MSFT)
    feeds_offer()
    assert isinstance(row_of(mine).worth, Unpriced)
    assert row_of(mine, AsOf(FRIDAY)).quality is Quality.UNPRICED
    assert day_chart(actor=mine.owner, portfolio_id=mine.portfolio_id).points == ()
    price_add(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=MSFT, day=MONDAY, price=D(7))
    assert value(mine) == D("14.00")


def test_the_running_engine_has_the_portfolios_own(mine: Book) -> None:
    feeds_offer()
    found = stored_portfolio(mine.portfolio_id, None)
    assert found is not None
    assert (found.book.instrument(MSFT).mic, list(found.book.prices)) == (PRIVATE_MIC, [MSFT])


def test_a_flow_of_this_moment_is_valued_with_what_was_typed(mine: Book) -> None:
    feeds_offer()
    market_changes_record(changes=changes(quotes=(quote("195.00", symbol=IBM, at=NOW),)))
    add(mine, deposit(mine, "10.00", at=NOW))
    recorded = FlowValuation.objects.for_actor(mine.owner).get()
    assert recorded.quotes.count("manual") == 1
    assert "29.75" not in recorded.quotes


def test_a_benchmark_of_the_same_symbol_is_what_feeds_offer(mine: Book) -> None:
    feeds_offer()
    bobs = book(person("bob"), currency="EUR")
    add(bobs, deposit(bobs, "1000.00", at=BOUGHT))
    found, plain = (
        performance_of(actor=each.owner, portfolio_id=each.portfolio_id, asked=SpanAsked(against=MSFT))
        for each in (mine, bobs)
    )
    assert found is not None
    assert plain is not None
    assert found.benchmark is not None
    assert plain.benchmark is not None
    assert (found.benchmark.twr, found.benchmark.index) == (plain.benchmark.twr, plain.benchmark.index)
    assert "29.75" in explained(mine, against=MSFT)["benchmark"]
    assert value(mine) == D("240.00")


def test_another_portfolio_that_books_the_symbol_has_what_feeds_offer(mine: Book) -> None:
    feeds_offer()
    bobs = book(person("bob"))
    add(bobs, deposit(bobs, "1000.00", at=BOUGHT))
    add(bobs, purchase(bobs, symbol=MSFT, quantity="2", price="30.00", at=OPEN - timedelta(days=3)))
    assert (row_of(bobs).price, row_of(mine).price) == (D("29.75"), D(120))
    assert prices_by_hand(actor=bobs.owner, portfolio_id=bobs.portfolio_id) == ()


def test_what_a_feed_offers_without_its_exchange_is_priced_by_the_feed() -> None:
    feeds_offer(replace(instrument(MSFT), mic=PRIVATE_MIC))
    bobs = book(person("bob"))
    add(bobs, deposit(bobs, "1000.00", at=BOUGHT))
    add(bobs, purchase(bobs, symbol=MSFT, quantity="2", price="30.00", at=OPEN - timedelta(days=3)))
    assert (row_of(bobs).price, value(bobs) is None) == (D("29.75"), False)
    assert prices_by_hand(actor=bobs.owner, portfolio_id=bobs.portfolio_id) == ()
    series_extend(portfolio_id=bobs.portfolio_id)
    found = performance_of(actor=bobs.owner, portfolio_id=bobs.portfolio_id, asked=SpanAsked())
    assert found is not None
    explained(bobs)


# ---------- Taken ----------


@pytest.fixture
def shares() -> Book:
    """Two shares that were booked in dollars before a feed offered them, at 40 dollars on Friday."""
    mine = owner_of_a_house("carol", symbol=MSFT, currency="USD")
    setting(mine, "40", FRIDAY, symbol=MSFT)
    return mine


def take(mine: Book, **more: Any) -> None:
    offered_take(**{"actor": mine.owner, "portfolio_id": mine.portfolio_id, "symbol": MSFT, **more})


def test_what_a_feed_offers_is_shown_beside_it(shares: Book, mine: Book) -> None:
    (alone,) = prices_by_hand(actor=shares.owner, portfolio_id=shares.portfolio_id)
    assert (alone.offered, alone.differs_in) == (None, ())
    feeds_offer()
    (same,) = prices_by_hand(actor=shares.owner, portfolio_id=shares.portfolio_id)
    (other,) = prices_by_hand(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert (same.offered, same.differs_in) == (instrument(MSFT), ())
    assert (other.offered, other.differs_in) == (instrument(MSFT), ("currency",))


def test_once_it_is_taken_its_prices_count_for_past_days_too(shares: Book) -> None:
    feeds_offer(Instrument(MSFT, "Microsoft", "XNAS", Currency("USD")))
    before, known = days(shares), SystemClock().now()
    take(shares)
    row = row_of(shares)
    assert (row.price, row.name, row.quality) == (D("29.75"), "Microsoft", Quality.REPLAY)
    after = days(shares)
    assert after.keys() == before.keys()
    assert after[FRIDAY] != before[FRIDAY]
    assert prices_by_hand(actor=shares.owner, portfolio_id=shares.portfolio_id) == ()
    # What was known before is told as it was.
    assert row_of(shares, AsOf(None, known)).price == D(40)
    assert row_of(shares, AsOf(FRIDAY, known)).price == D(40)
    assert row_of(shares, AsOf(FRIDAY)).price == D("29.27")
    explained(shares)
    assert not list(misfits_of(shares.portfolio_id))
    assert verify(portfolio_ids=[shares.portfolio_id]).mismatches == []
    kept = PrivateInstrument.objects.for_actor(shares.owner).get()
    assert (kept.replaced_sequence, kept.replaced_by_id) == (5, shares.owner.user_id)


def test_its_corporate_actions_count_from_then_on(shares: Book) -> None:
    feeds_offer()
    assert row_of(shares).quantity == D(2)
    take(shares)
    assert row_of(shares).quantity == D(4)


def test_open_pages_are_told(shares: Book) -> None:
    feeds_offer()
    before = stored_portfolio(shares.portfolio_id, None)
    take(shares)
    after = stored_portfolio(shares.portfolio_id, None)
    assert before is not None
    assert after is not None
    assert after.standing.head == before.standing.head + 1
    assert (after.book.instrument(MSFT).mic, dict(after.book.prices)) == ("XNYS", {})


@pytest.mark.parametrize(
    ("offered", "what"),
    [
        (Instrument(MSFT, "M", "XETR", Currency("EUR")), "was another currency."),
        (Instrument(MSFT, "M", "XNYS", Currency("USD"), contract_size=D(100)), "was another contract size."),
        (
            Instrument(MSFT, "M", "XLON", Currency("GBP"), quote_unit=D(100)),
            "was another currency and another quote unit.",
        ),
    ],
)
def test_what_is_counted_otherwise_is_never_taken(shares: Book, offered: Instrument, what: str) -> None:
    instruments_register(instruments=[offered])
    with pytest.raises(InvalidDraft) as refused:
        take(shares)
    assert refused.value.errors["symbol"].endswith(what)
    assert value(shares) is not None
    assert PrivateInstrument.objects.for_actor(shares.owner).get().replaced_sequence is None


def test_what_no_feed_offers_cannot_be_taken_and_nothing_twice(shares: Book) -> None:
    with pytest.raises(InvalidDraft, match="that a feed offers too, was MSFT"):
        take(shares)
    feeds_offer()
    take(shares)
    entries = OutboxEntry.objects.for_actor(shares.owner).count()
    for symbol in (MSFT, IBM):
        with pytest.raises(NotFound, match="that this portfolio has made"):
            take(shares, symbol=symbol)
    with pytest.raises(NotFound, match="that this portfolio has made"):
        setting(shares, "41", MONDAY, symbol=MSFT)
    assert OutboxEntry.objects.for_actor(shares.owner).count() == entries


def test_editors_take_it_and_nobody_else(shares: Book) -> None:
    feeds_offer()
    viewer, editor = share(shares, "vera", Role.VIEWER), share(shares, "dave", Role.EDITOR)
    with pytest.raises(NotAllowed):
        take(shares, actor=viewer)
    with pytest.raises(NotFound):
        take(shares, actor=person("mallory"))
    take(shares, actor=editor)
    assert row_of(shares).price == D("29.75")


def test_one_portfolio_takes_it_for_itself_alone(shares: Book) -> None:
    others = owner_of_a_house("oscar", symbol=MSFT, currency="USD")
    setting(others, "40", FRIDAY, symbol=MSFT)
    feeds_offer()
    take(shares)
    assert (row_of(shares).price, row_of(others).price) == (D("29.75"), D(40))


def test_it_can_be_worked_out_anew(shares: Book) -> None:
    feeds_offer()
    take(shares)
    before = days(shares)
    rebuild(portfolio_id=shares.portfolio_id)
    assert days(shares) == before


def test_a_taking_without_its_change_is_found(shares: Book) -> None:
    PrivateInstrument.objects.for_actor(shares.owner).update(replaced_sequence=99)
    assert [(each.table, each.column, each.found) for each in misfits_of(shares.portfolio_id)] == [
        ("private_instrument", "replaced_sequence", "99")
    ]
