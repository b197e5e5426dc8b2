"""How an account's lots are matched."""

from __future__ import annotations

import pytest

from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CashMethod, CostMethod


def test_unless_said_the_oldest_lots_go_and_fees_are_part_of_the_cost() -> None:
    assert AccountOptions(CostMethod.FIFO, CashMethod.FIFO, fees_in_cost=True, allows_shorts=False) == DEFAULT_OPTIONS


@pytest.mark.parametrize(
    ("options", "needs"),
    [
        (AccountOptions(), False),
        (AccountOptions(CostMethod.LIFO), False),
        (AccountOptions(CostMethod.SPECIFIC), False),
        (AccountOptions(CostMethod.HIFO), True),
        (AccountOptions(CostMethod.AVERAGE), True),
        (AccountOptions(cash_method=CashMethod.AVERAGE), True),
    ],
)
def test_an_average_and_the_highest_cost_need_the_base_currency(options: AccountOptions, needs: bool) -> None:
    assert options.needs_base is needs
