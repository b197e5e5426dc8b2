"""Transactions that bring an instrument in or out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    BROKER,
    received,
    reinvested,
    sell,
    settled,
    transfer_in,
    transfer_out,
)
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.trades import LotChoice
from tickfolio.errors import InvalidNumber, InvalidValue

LOT = TransactionId("b1")


def test_chosen_lots_are_at_most_what_is_sold_and_each_named_once() -> None:
    assert sell("2012-05-21", "3", "3 USD", lots=(LotChoice(LOT, Decimal(3)),)).lots
    with pytest.raises(InvalidValue, match="chosen lots of at most 3 AAPL together, were 4"):
        sell("2012-05-21", "3", "3 USD", lots=(LotChoice(LOT, Decimal(4)),))
    with pytest.raises(InvalidValue, match="chosen once, was one chosen twice"):
        sell("2012-05-21", "3", "3 USD", lots=(LotChoice(LOT, Decimal(1)), LotChoice(LOT, Decimal(1))))
    with pytest.raises(InvalidNumber, match="above zero"):
        transfer_out("2012-05-21", "3", lots=(LotChoice(LOT, Decimal(0)),))


def test_received_lots_sum_to_what_came_and_are_not_of_later() -> None:
    lots = received("2010-01-04", "2", "20 USD"), received("2011-01-04", "1", "15 USD")
    assert transfer_in("2012-05-21", "3", *lots).lots == lots
    with pytest.raises(InvalidValue, match="lots of 4 AAPL together, were 3"):
        transfer_in("2012-05-21", "4", *lots)
    with pytest.raises(InvalidValue, match="acquired by 2012-05-21"):
        transfer_in("2012-05-21", "1", received("2012-05-22", "1", "1 USD"))
    with pytest.raises(InvalidValue, match="all amounts in USD, was one in EUR"):
        transfer_in("2012-05-21", "3", lots[0], received("2011-01-04", "1", "15 EUR"))


def test_units_go_to_another_account() -> None:
    assert transfer_out("2012-05-21", "1", to=None).to_account is None
    with pytest.raises(InvalidValue, match="another account, was broker again"):
        transfer_out("2012-05-21", "1", to=BROKER)


def test_a_reinvested_dividend_is_settled_in_its_own_currency() -> None:
    made = reinvested("2012-05-21", "10 USD", "1", "9 USD", fees="1")
    with pytest.raises(InvalidValue, match="settled in its own currency"):
        replace(made, settlement=settled("8 EUR", rate="0.8"))
    with pytest.raises(InvalidNumber, match="above zero"):
        replace(made, quantity=Decimal(0))
