"""A portfolio at its moments."""

from __future__ import annotations

from datetime import date

from tests.domain.explain.moments import standing
from tests.domain.ledger.bookings import AAPL, BROKER, buy, deposit, fee, moment, sell
from tickfolio.domain.explain.standing import Standings, standing_at
from tickfolio.domain.market.quotes import Unpriced

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
