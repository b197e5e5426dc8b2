"""What a company does to those who hold it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.domain.ledger.bookings import AAPL, merger, money, return_of_capital, spin_off, split, symbol_change
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
