"""What a portfolio that lives keeps for others: as long as its ledgers and the rates of the past stay as they are."""

from __future__ import annotations

from itertools import count

from tests.domain.ledger.bookings import buy, moment
from tests.domain.valuation.market import EUR, RATES, book, calendar_of
from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.valuation.revalue import LivePortfolio


def test_what_is_settled_is_kept_until_something_is_reached_booked_or_rated_otherwise() -> None:
    first, second = buy("2012-05-14", "1", "10 EUR"), buy("2012-05-16", "1", "10 EUR")
    live, made = LivePortfolio(book(first, second), calendar_of=calendar_of), count(1)

    def asked(day: str, table: RateTable = RATES) -> int:
        live.ledgers(rates=table, at=moment(day))
        return live.settled("number", int, lambda: next(made))

    assert [asked("2012-05-14"), asked("2012-05-15"), asked("2012-05-16"), asked("2012-05-17")] == [1, 1, 2, 2]
    assert asked("2012-05-15") == 3  # the second purchase is not there any more
    live.renew(book(first))
    assert asked("2012-05-17") == 4
    assert asked("2012-05-17", rate_table(EUR, [])) == 5
    assert live.settled("another", int, lambda: 7) == 7


def test_its_ledgers_are_those_of_a_moment_by_the_rates_that_it_was_valued_with() -> None:
    live = LivePortfolio(
        book(buy("2012-05-14", "1", "10 EUR"), buy("2012-05-18", "1", "10 EUR")), calendar_of=calendar_of
    )
    assert not live.is_as_of(moment("2012-05-15"), RATES)
    live.ledgers(rates=RATES, at=moment("2012-05-15"))
    assert live.is_as_of(moment("2012-05-16"), RATES)
    assert not live.is_as_of(moment("2012-05-18"), RATES)
    assert not live.is_as_of(moment("2012-05-16"), rate_table(EUR, []))


def test_facts_by_other_rates_leave_the_ledgers_as_they_are() -> None:
    live = LivePortfolio(book(buy("2012-05-14", "1", "10 EUR")), calendar_of=calendar_of)
    live.ledgers(rates=RATES, at=moment("2012-05-15"))
    assert live.facts(RATES) is live.facts(RATES)
    assert live.facts(rate_table(EUR, [])) is not live.facts(RATES)
    assert live.is_as_of(moment("2012-05-16"), RATES)
