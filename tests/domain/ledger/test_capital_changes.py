"""What a company does to those who hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import (
    AAPL,
    merger,
    money,
    return_of_capital,
    spin_off,
    split,
    stock_dividend,
    symbol_change,
)
from tickfolio.errors import InvalidNumber, InvalidValue


def test_another_instrument_has_another_symbol() -> None:
    for change in (spin_off("2012-05-21", 1, 4, "0.1"), merger("2012-05-21", 1, 2), symbol_change("2012-05-21")):
        with pytest.raises(InvalidValue, match="another symbol, was AAPL again"):
            replace(change, new_symbol=AAPL)


def test_a_share_of_the_cost_is_at_most_all_of_it() -> None:
    with pytest.raises(InvalidNumber, match="a share of the cost from 0 to 1"):
        spin_off("2012-05-21", 1, 4, "1.5")
    with pytest.raises(InvalidNumber, match="a share of the cost from 0 to 1"):
        merger("2012-05-21", 1, 2, cash="1 USD", share="-1")


def test_a_share_of_the_cost_goes_with_cash() -> None:
    with pytest.raises(InvalidValue, match="cash where a share of the cost goes with it"):
        merger("2012-05-21", 1, 2, share="0.5")


def test_all_cash_of_a_merger_is_in_one_currency() -> None:
    with pytest.raises(InvalidValue, match="all amounts in USD, was one in EUR"):
        merger("2012-05-21", 1, 2, cash="1 USD", in_lieu="1 EUR")


def test_cash_that_is_paid_is_more_than_nothing() -> None:
    with pytest.raises(InvalidValue, match="an amount of cash above zero"):
        replace(split("2012-05-21", 1, 3), cash_in_lieu=money("0 USD"))
    with pytest.raises(InvalidValue, match="a return of capital above zero"):
        return_of_capital("2012-05-21", "0 USD")


DAY = "2012-05-21"
NO_CASH = "Expected an amount of cash above zero, was 0 USD."
REFUSED: list[tuple[Callable[[], object], str]] = [
    (
        lambda: split(DAY, 0, 1),
        "Expected a split of AAPL such as 2 for 1, of whole numbers from 1 to 1000000, was 0 for 1.",
    ),
    (lambda: split(DAY, 2, 2), "Expected a split of AAPL such as 2 for 1, was 2 for 2."),
    (lambda: replace(split(DAY, 2, 1), cash_in_lieu=money("0 USD")), NO_CASH),
    (
        lambda: stock_dividend(DAY, "0"),
        "Expected a quantity of AAPL above zero and below 1000000000000000, was 0.",
    ),
    (lambda: replace(spin_off(DAY, 1, 4, "0.1"), new_symbol=AAPL), "Expected another symbol, was AAPL again."),
    (lambda: spin_off(DAY, 0, 4, "0.1"), "Expected a spin-off of whole numbers from 1 to 1000000, was 0 for 4."),
    (
        lambda: spin_off(DAY, 1, 4, "1.5"),
        "Expected a share of the cost from 0 to 1 with at most 18 places, was 1.5.",
    ),
    (lambda: spin_off(DAY, 1, 4, "0.1", in_lieu="0 USD"), NO_CASH),
    (lambda: replace(merger(DAY, 1, 2), new_symbol=AAPL), "Expected another symbol, was AAPL again."),
    (lambda: merger(DAY, 1, 0), "Expected a merger of whole numbers from 1 to 1000000, was 1 for 0."),
    (lambda: merger(DAY, 1, 2, cash="0 USD"), NO_CASH),
    (lambda: merger(DAY, 1, 2, in_lieu="0 USD"), NO_CASH),
    (lambda: merger(DAY, 1, 2, cash="1 USD", in_lieu="1 EUR"), "Expected all amounts in USD, was one in EUR."),
    (
        lambda: merger(DAY, 1, 2, cash="1 USD", share="-1"),
        "Expected a share of the cost from 0 to 1 with at most 18 places, was -1.",
    ),
    (
        lambda: merger(DAY, 1, 2, share="0.5"),
        "Expected cash where a share of the cost goes with it, was none.",
    ),
    (lambda: return_of_capital(DAY, "0 USD"), "Expected a return of capital above zero, was 0 USD."),
    (lambda: replace(symbol_change(DAY), new_symbol=AAPL), "Expected another symbol, was AAPL again."),
]


@pytest.mark.parametrize(("attempt", "told"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(attempt: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        attempt()
    assert str(refused.value) == told


def test_a_merger_may_pay_cash_alone_or_for_fractions_alone() -> None:
    assert merger(DAY, 1, 2, cash="1 USD").cash == money("1 USD")
    assert merger(DAY, 1, 2, in_lieu="1 USD").cash_in_lieu == money("1 USD")
    assert merger(DAY, 1, 2, cash="1 USD", share="0.5", in_lieu="1 USD").cost_share is not None
