"""Prices that people type: for their portfolio alone, with every version kept, and in every figure of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.explain.checked import check
from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import changes, quote
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, share
from tickfolio.domain.explain.printing import as_lines, shown
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.manual_prices import BY_HAND
from tickfolio.domain.market.quotes import Quality
from tickfolio.domain.valuation.valuation import Row, Worth
from tickfolio.errors import InvalidDraft, KeyReused, NotAllowed, NotFound, VersionConflict
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.persistence.models import FlowValuation, ManualPrice
from tickfolio.persistence.selectors.manual_prices import manual_prices
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.as_of import NOW as NO_OTHER
from tickfolio.services.as_of import AsOf
from tickfolio.services.attributions import attribution_of
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.daily_series import series_extend, stored_days
from tickfolio.services.day_charts import day_chart
from tickfolio.services.explanations import FIGURES, Asked, explanation_of
from tickfolio.services.fact_checks import fact_counts, misfits_of
from tickfolio.services.manual_prices import (
    PricedByHand,
    price_add,
    price_correct,
    price_withdraw,
    prices_by_hand,
)
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.watching import stored_portfolio

pytestmark = pytest.mark.django_db
HOUSE = Symbol("HOUSE")
FRIDAY, MONDAY = date(2012, 5, 18), date(2012, 5, 21)
OF_FINISHED_DAYS = ("day-start", "day-moved", "day-end")
NOW = OPEN + timedelta(minutes=29)
BOUGHT = OPEN - timedelta(days=7)
D = Decimal


@pytest.fixture(autouse=True)
def market() -> None:
    instruments_register(instruments=[instrument(AAPL), instrument(IBM)])
    market_changes_record(changes=changes(quotes=(quote("510.00", at=NOW),), clock=ClockPosition(run=1, at=NOW)))


def owner_of_a_house(name: str, *, symbol: Symbol = HOUSE, currency: str = "EUR") -> Book:
    """A portfolio with 1000 euros, or what `currency` says, of which 200 went for two parts of a house."""
    mine = book(person(name), currency=currency)
    add(mine, deposit(mine, "1000.00", at=BOUGHT))
    house = purchase(mine, symbol=symbol, quantity="2", price="100.00", at=BOUGHT, currency=currency)
    add(mine, replace(house, creates_instrument=True, instrument_name="House", instrument_class="other"))
    return mine


@pytest.fixture
def mine() -> Book:
    return owner_of_a_house("alice")


def setting(mine: Book, price: str = "120", day: date = FRIDAY, **more: Any) -> None:
    parts: dict[str, Any] = {"actor": mine.owner, "portfolio_id": mine.portfolio_id, "symbol": HOUSE, "day": day}
    price_add(**{**parts, "price": D(price), **more})


def row_of(mine: Book, as_of: AsOf | None = None) -> Row:
    found = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=as_of or NO_OTHER)
    return next(row for row in found.valuation.rows if row.symbol == HOUSE)


def value(mine: Book, as_of: AsOf | None = None) -> Decimal | None:
    worth = row_of(mine, as_of).worth
    return worth.value if isinstance(worth, Worth) else None


def seen(mine: Book, actor: Person | None = None) -> PricedByHand:
    (found,) = prices_by_hand(actor=actor or mine.owner, portfolio_id=mine.portfolio_id)
    return found


def versions(mine: Book, day: date = FRIDAY) -> list[tuple[int, Decimal, bool]]:
    rows = ManualPrice.objects.for_actor(mine.owner).filter(portfolio_id=mine.portfolio_id, day=day)
    return [(row.version, row.price or D(0), row.is_withdrawn) for row in rows.order_by("version")]


# ---------- What it does ----------


def test_what_had_no_price_is_worth_what_was_typed(mine: Book) -> None:
    assert value(mine) is None
    setting(mine)
    row = row_of(mine)
    assert (value(mine), row.quality, row.price) == (D("240.00"), Quality.MANUAL, D(120))
    setting(mine, "130", MONDAY)
    assert value(mine) == D("260.00")


def test_the_running_engine_reads_it_with_the_portfolio(mine: Book) -> None:
    before = stored_portfolio(mine.portfolio_id, None)
    setting(mine)
    after = stored_portfolio(mine.portfolio_id, None)
    assert before is not None
    assert after is not None
    assert after.standing.head == before.standing.head + 1
    assert list(after.book.prices) == [HOUSE]


def test_nobody_elses_house_has_that_price(mine: Book) -> None:
    bobs = owner_of_a_house("bob")
    setting(mine)
    assert (value(mine), value(bobs)) == (D("240.00"), None)
    assert manual_prices(mine.portfolio_id, actor=bobs.owner) == {}
    with pytest.raises(NotFound):
        prices_by_hand(actor=bobs.owner, portfolio_id=mine.portfolio_id)
    assert seen(bobs).prices == ()
    with pytest.raises(NotFound):
        setting(mine, actor=bobs.owner)


def test_a_finished_day_has_the_price_of_then(mine: Book) -> None:
    setting(mine, "110", date(2012, 5, 16))
    setting(mine, "120", FRIDAY)
    assert value(mine, AsOf(date(2012, 5, 17))) == D("220.00")
    assert value(mine, AsOf(FRIDAY)) == D("240.00")
    assert value(mine, AsOf(date(2012, 5, 15))) is None
    day = attribution_of(actor=mine.owner, portfolio_id=mine.portfolio_id, as_of=AsOf(FRIDAY))
    assert [(each.symbol, each.parts.total) for each in day.contributions if each.symbol] == [(HOUSE, D("20.00"))]


def test_what_was_not_typed_yet_was_not_known_then(mine: Book) -> None:
    before = SystemClock().now()
    setting(mine)
    assert value(mine, AsOf(None, before)) is None
    assert value(mine, AsOf(None, SystemClock().now())) == D("240.00")


def test_stored_days_follow(mine: Book) -> None:
    series_extend(portfolio_id=mine.portfolio_id)
    setting(mine)
    assert stored_days(actor=mine.owner, portfolio_id=mine.portfolio_id) is None
    series_extend(portfolio_id=mine.portfolio_id)
    days = stored_days(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert days is not None
    # 1000 less 200 in cash, and two parts of a house.
    assert {each.day: each.value for each in days}[FRIDAY] == D("1040.00")


def test_the_line_of_the_day_counts_it(mine: Book) -> None:
    add(mine, purchase(mine, quantity="1", price="510.00", at=BOUGHT))
    setting(mine)
    chart = day_chart(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert chart.reference is not None


def test_a_flow_of_this_moment_is_valued_with_it(mine: Book) -> None:
    add(mine, deposit(mine, "10.00", at=NOW))
    assert FlowValuation.objects.for_actor(mine.owner).count() == 0
    setting(mine)
    add(mine, deposit(mine, "10.00", at=NOW))
    recorded = FlowValuation.objects.for_actor(mine.owner).get()
    assert (recorded.value, recorded.quotes.count("manual")) == (D("1050.00"), 1)


@pytest.mark.parametrize("figure", [each for each in FIGURES if each != "contribution"])
def test_every_figure_is_explained_with_it(mine: Book, figure: str) -> None:
    setting(mine, "110", date(2012, 5, 17))
    setting(mine, "120", FRIDAY)
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    params: dict[str, str] = {"as_of": FRIDAY.isoformat()} if figure in OF_FINISHED_DAYS else {}
    found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, params))
    check(found.tree)


def test_an_explanation_names_who_said_so(mine: Book) -> None:
    setting(mine, "110", date(2012, 5, 17))
    setting(mine)
    asked: dict[str, dict[str, str]] = {"value": {}, "day-end": {"as_of": FRIDAY.isoformat()}}
    for figure, params in asked.items():
        found = explanation_of(actor=mine.owner, portfolio_id=mine.portfolio_id, asked=Asked(figure, params))
        assert BY_HAND in "\n".join(as_lines(shown(found.tree, depth=9)))
        assert found.tree.value == D("1040.00")


# ---------- Typed, corrected, withdrawn ----------


def test_a_correction_is_another_version(mine: Book) -> None:
    setting(mine)
    here: dict[str, Any] = {"actor": mine.owner, "portfolio_id": mine.portfolio_id, "symbol": HOUSE, "day": FRIDAY}
    price_correct(**here, price=D("125"), expected_version=1)
    price_correct(**here, price=D("125.0"), expected_version=2)
    assert (versions(mine), value(mine)) == ([(1, D(120), False), (2, D(125), False)], D("250.00"))
    with pytest.raises(VersionConflict):
        price_correct(**here, price=D("126"), expected_version=1)
    with pytest.raises(InvalidDraft, match="above zero"):
        price_correct(**here, price=D(0), expected_version=2)
    with pytest.raises(NotFound, match="none of that day"):
        price_correct(**{**here, "day": MONDAY}, price=D(1), expected_version=1)


def test_what_was_withdrawn_counts_no_more_and_can_be_typed_again(mine: Book) -> None:
    setting(mine)
    here: dict[str, Any] = {"actor": mine.owner, "portfolio_id": mine.portfolio_id, "symbol": HOUSE, "day": FRIDAY}
    price_withdraw(**here, expected_version=1)
    price_withdraw(**here, expected_version=2)
    assert (versions(mine), value(mine)) == ([(1, D(120), False), (2, D(120), True)], None)
    with pytest.raises(VersionConflict):
        price_withdraw(**here, expected_version=1)
    setting(mine)
    assert (versions(mine)[-1], value(mine)) == ((3, D(120), False), D("240.00"))
    assert [(each.day, each.version, each.is_withdrawn) for each in seen(mine).prices] == [(FRIDAY, 3, False)]


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("day", {"day": MONDAY + timedelta(days=1)}),
        ("day", {"day": date(1899, 12, 31)}),
        ("day", {"day": None}),
        ("price", {"price": D(0)}),
        ("price", {"price": D("-3")}),
        ("price", {"price": D("NaN")}),
        ("price", {"price": D("1e30")}),
        ("price", {"price": D("0.0000000000001")}),
        ("price", {"price": None}),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(mine: Book, field: str, parts: dict[str, Any]) -> None:
    typed: dict[str, Any] = {"day": FRIDAY, "price": D(120), **parts}
    with pytest.raises(InvalidDraft) as refused:
        price_add(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=HOUSE, **typed)
    assert list(refused.value.errors) == [field]
    assert versions(mine) == []


def test_a_day_that_has_a_price_is_corrected_and_not_doubled(mine: Book) -> None:
    setting(mine)
    with pytest.raises(InvalidDraft, match=r"was 2012-05-18: 120\. Correct that one"):
        setting(mine, "121")


def test_the_same_request_sets_one_price(mine: Book) -> None:
    setting(mine, idempotency_key="once")
    setting(mine, idempotency_key="once")
    assert len(versions(mine)) == 1
    with pytest.raises(KeyReused):
        setting(mine, "999", idempotency_key="once")


def test_who_may_only_look_sets_no_price(mine: Book) -> None:
    viewer, editor = share(mine, "carol", Role.VIEWER), share(mine, "dave", Role.EDITOR)
    with pytest.raises(NotAllowed, match="to set a price"):
        setting(mine, actor=viewer)
    setting(mine, actor=editor)
    assert seen(mine, viewer).prices[0].price == 120


def test_only_the_portfolios_own_instruments_are_priced_by_hand(mine: Book) -> None:
    with pytest.raises(NotFound, match="that this portfolio has made"):
        setting(mine, symbol=AAPL)
    assert (seen(mine).instrument.symbol, seen(mine).today) == (HOUSE, MONDAY)


# ---------- What rests on it ----------


def test_facts_fit_one_another(mine: Book) -> None:
    setting(mine)
    price_correct(
        actor=mine.owner, portfolio_id=mine.portfolio_id, symbol=HOUSE, day=FRIDAY, price=D(1), expected_version=1
    )
    assert dict(fact_counts(mine.portfolio_id))["manual_price"] == 2
    assert list(misfits_of(mine.portfolio_id)) == []
    ManualPrice(
        portfolio_id=mine.portfolio_id,
        symbol=HOUSE,
        day=FRIDAY,
        price=D(1),
        version=4,
        ledger_sequence=99,
        recorded_at=SystemClock().now(),
    ).save()
    assert [(each.table, each.column) for each in misfits_of(mine.portfolio_id)] == [
        ("manual_price", "version"),
        ("manual_price", "ledger_sequence"),
    ]
