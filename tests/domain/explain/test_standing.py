"""A portfolio at its moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.domain.explain.moments import row_of, standing
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, fee, moment, sell
from tests.domain.valuation.market import calendar_of, quote
from tickfolio.domain.explain.standing import Standing, Standings, standing_at, standing_now
from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, Symbol
from tickfolio.domain.market.manual_prices import BY_HAND, ManualPrice, ManualPrices
from tickfolio.domain.market.quotes import NotAvailable, Quality, Unpriced
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.day_change import DaySums
from tickfolio.domain.valuation.references import PriceInForce
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.valuation import Worth
from tickfolio.domain.valuation.windows import PriceDays

TODAY = date(2012, 5, 21)


def test_a_finished_day_is_valued_by_what_was_in_force_then_and_once() -> None:
    found = standing(deposit("2012-05-16", "100.00 USD"), deposit("2012-05-18", "100.00 USD"))
    moments = Standings(found.book, found.sources, until=found.at, today=TODAY, now=lambda: found)
    ended = moments.end_of(date(2012, 5, 17), moment("2012-05-17 21:59"))
    assert ended.valuation.totals.value == 80
    assert moments.at(moment("2012-05-17 21:59")) is ended
    assert moments.end_of(TODAY, found.at) is found
    assert moments.latest() is moments.latest() is found
    assert ended.row("c:broker:USD") is not None
    assert ended.row("c:broker:EUR") is None


def test_without_a_present_moment_the_last_one_counts() -> None:
    found = standing(deposit("2012-05-16", "100.00 USD"))
    assert Standings(found.book, found.sources, until=found.at).latest().at == found.at


def test_what_had_no_close_yet_has_no_price() -> None:
    found = standing(buy("2012-05-16", "10", "5000.00 USD"))
    ended = standing_at(found.book, found.at, found.sources)
    row = ended.row("h:broker:AAPL")
    assert row is not None
    assert isinstance(row.worth, Unpriced)


def test_what_changed_units_is_known_up_to_the_moment() -> None:
    found = standing(
        buy("2012-05-16", "10", "5000.00 USD"),
        fee("2012-05-17", "1.00 USD", symbol=AAPL),
        sell("2012-05-18", "4", "2000.00 USD"),
        buy("2012-05-22", "1", "500.00 USD"),
    )
    assert [each.after for each in found.units_of(BROKER, AAPL)] == [10, 6]


def test_what_the_owner_typed_counts_with_the_owners_day_and_at_the_ends_of_finished_ones() -> None:
    house = Instrument(Symbol("HOUSE"), "House", PRIVATE_MIC, Currency("EUR"))
    found = standing(buy("2012-05-16", "2", "200.00 EUR", symbol=house.symbol), instruments=(house,))
    prices = {house.symbol: ManualPrices([ManualPrice(date(2012, 5, 17), Decimal(120))])}
    mine = replace(found.book, prices=prices)
    now = standing_now(
        mine, {}, lambda _: Quality.UNPRICED, at=found.at, days=PriceDays(calendar_of), sources=found.sources
    )
    row = row_of(now, "h:broker:HOUSE")
    assert isinstance(row.worth, Worth)
    assert row.worth.value == 240
    window = now.price_day(row).window
    assert not isinstance(window, NotAvailable)
    assert window.reference_day is None

    typed = PriceInForce(Decimal(120), moment("2012-05-17 21:59"), BY_HAND)
    ended = standing_at(mine, moment("2012-05-18 21:59"), replace(found.sources, price_of=lambda _symbol, _at: typed))
    then = row_of(ended, "h:broker:HOUSE")
    assert then.quote is not None
    assert then.quote.source == BY_HAND
    assert ended.price_day(then).basis == typed.at


def test_another_moment_on_the_same_ledgers_is_as_on_new_ones() -> None:
    first = standing(buy("2012-05-16", "10", "500.00 USD"), quotes=(quote("55.00", "50.00"),))
    at, quotes = first.at + timedelta(hours=1), {AAPL: quote("56.00", "50.00")}

    def later(live: LivePortfolio | None) -> Standing:
        days = PriceDays(calendar_of)
        return standing_now(
            first.book, quotes, lambda _: Quality.REPLAY, at=at, days=days, sources=first.sources, live=live
        )

    shared, anew = later(first.live), later(None)
    assert shared.live is first.live
    assert shared.valuation == anew.valuation
    row = row_of(shared, "h:broker:AAPL")
    assert shared.sums(row) is first.sums(row_of(first, "h:broker:AAPL"))
    assert shared.sums(row) == anew.sums(row)
    assert shared.units_of(BROKER, AAPL) is first.units_of(BROKER, AAPL)


def test_the_sums_of_another_day_take_the_place_of_those_of_the_day_before() -> None:
    found = standing(buy("2012-05-16", "10", "500.00 USD"), quotes=(quote("55.00", "50.00"),))
    row = row_of(found, "h:broker:AAPL")
    today = found.sums(row)
    assert row.quote is not None
    before = row.but(quote=row.quote.but(session_day=date(2012, 5, 18)))
    friday = found.sums(before)
    assert isinstance(today.day, DaySums)
    assert isinstance(friday.day, DaySums)
    assert (today.day.window.reference_day, friday.day.window.reference_day) == (date(2012, 5, 18), date(2012, 5, 17))
    assert found.sums(row) == today
