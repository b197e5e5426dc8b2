from decimal import Decimal

from tickfolio.domain.ledger import refusals
from tickfolio.domain.money import Currency


def test_a_refusal_leaves_room_for_the_moment_that_only_the_page_can_write() -> None:
    assert refusals.nothing_held(symbol="AAPL", held=Decimal(0)) == "Expected some AAPL to be held {when}, was 0."


def test_a_refusal_names_what_was_expected_and_what_was_found() -> None:
    told = refusals.bought_in_another_currency(symbol="AAPL", currency=Currency("USD"), bought=Currency("EUR"))
    assert told == "Expected all AAPL to be bought in USD where costs are averaged, was one in EUR."
