"""Transactions that bring an instrument in or out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from tests.domain.ledger.bookings import (
    BROKER,
    buy,
    dividend,
    moment,
    money,
    received,
    reinvested,
    sell,
    settled,
    transfer_in,
    transfer_out,
)
from tickfolio.domain.ledger.booking import TransactionId
from tickfolio.domain.ledger.trades import LotChoice, ReceivedLot
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


DAY = "2012-05-21"
NOTHING = "Expected a quantity of AAPL above zero and below 1000000000000000, was 0."
TOO_MUCH = "below 1000000000000000000 with at most 30 places, was 1000000000000000000 USD."
LARGE = money("1000000000000000000 USD")
REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: buy(DAY, "0", "1 USD"), NOTHING),
    (lambda: buy(DAY, "1", "-1 USD"), "Expected a gross amount of zero or more, was -1 USD."),
    (lambda: buy(DAY, "1", "1000000000000000000 USD"), f"Expected a gross amount {TOO_MUCH}"),
    (lambda: buy(DAY, "1", "1 USD", fees="-1"), "Expected fees of zero or more, was -1 USD."),
    (lambda: replace(buy(DAY, "1", "1 USD"), fees=LARGE), f"Expected fees {TOO_MUCH}"),
    (lambda: buy(DAY, "1", "1 USD", taxes="-1"), "Expected taxes of zero or more, was -1 USD."),
    (lambda: replace(buy(DAY, "1", "1 USD"), taxes=LARGE), f"Expected taxes {TOO_MUCH}"),
    (
        lambda: replace(sell(DAY, "1", "10 USD", fees="7"), taxes=money("4 USD")),
        "Expected fees and taxes of at most 10 on the sale of AAPL, were 11.",
    ),
    (lambda: sell(DAY, "1", "1 USD", lots=(LotChoice(LOT, Decimal(0)),)), NOTHING),
    (lambda: transfer_in(DAY, "0"), NOTHING),
    (lambda: transfer_in(DAY, "1", received("2010-01-04", "0", "1 USD")), NOTHING),
    (
        lambda: transfer_in(DAY, "1", received("2010-01-04", "1", "-1 USD")),
        "Expected the cost of a lot of zero or more, was -1 USD.",
    ),
    (
        lambda: transfer_in(DAY, "1", received("2012-05-22", "1", "1 USD")),
        "Expected a lot that was acquired by 2012-05-21 12:00:00+00:00, in UTC, was one of 2012-05-22 12:00:00+00:00.",
    ),
    (
        lambda: transfer_in(DAY, "4", received("2010-01-04", "3", "1 USD")),
        "Expected lots of 4 AAPL together, were 3.",
    ),
    (lambda: transfer_out(DAY, "0"), NOTHING),
    (lambda: transfer_out(DAY, "1", to=BROKER), "Expected another account, was broker again."),
    (
        lambda: transfer_out(DAY, "1", lots=(LotChoice(LOT, Decimal(2)),)),
        "Expected chosen lots of at most 1 AAPL together, were 2.",
    ),
    (
        lambda: transfer_out(DAY, "3", lots=(LotChoice(LOT, Decimal(1)), LotChoice(LOT, Decimal(1)))),
        "Expected each lot of AAPL to be chosen once, was one chosen twice.",
    ),
    (lambda: dividend(DAY, "0 USD"), "Expected a dividend above zero, was 0 USD."),
    (
        lambda: dividend(DAY, "1 USD", ex="2012-05-22"),
        f"Expected an ex-date that is not after the payment at {moment(DAY)}, was 2012-05-22 12:00:00+00:00.",
    ),
    (
        lambda: replace(reinvested(DAY, "1 USD", "1", "1 USD"), settlement=settled("1 EUR", rate="1")),
        "Expected a reinvested dividend to be settled in its own currency, was another one.",
    ),
    (lambda: reinvested(DAY, "1 USD", "0", "1 USD"), NOTHING),
    (
        lambda: replace(reinvested(DAY, "1 USD", "1", "1 USD"), price=Decimal(-1)),
        "Expected a price of zero or more, below 1000000000000 and with at most 12 places, was -1.",
    ),
    (
        lambda: reinvested(DAY, "1 USD", "1", "-1 USD"),
        "Expected an invested amount of zero or more, was -1 USD.",
    ),
    (lambda: reinvested(DAY, "1 USD", "1", "1 USD", fees="-1"), "Expected fees of zero or more, was -1 USD."),
    (lambda: reinvested(DAY, "1 USD", "1", "1 EUR"), "Expected all amounts in USD, was one in EUR."),
    (
        lambda: replace(reinvested(DAY, "1 USD", "1", "1 USD"), fees=money("1 EUR")),
        "Expected all amounts in USD, was one in EUR.",
    ),
]


@pytest.mark.parametrize(("attempt", "told"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(attempt: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        attempt()
    assert str(refused.value) == told


def test_a_sale_may_bring_less_than_one_after_its_fees() -> None:
    assert sell(DAY, "1", "10 USD", fees="9.50").fees == money("9.50 USD")


def test_a_lot_may_be_acquired_when_it_came_and_only_in_utc() -> None:
    same = received(DAY, "1", "1 USD")
    assert transfer_in(DAY, "1", same).lots == (same,)
    elsewhere = moment("2010-01-04").astimezone(timezone(timedelta(hours=2)))
    with pytest.raises(InvalidValue, match="in UTC, was one of 2010-01-04"):
        transfer_in(DAY, "1", ReceivedLot(elsewhere, Decimal(1), money("1 USD")))


def test_an_ex_date_may_be_the_payment_and_is_in_utc() -> None:
    assert dividend(DAY, "1 USD", ex=DAY).accrues_at == moment(DAY)
    elsewhere = moment("2012-05-20").astimezone(timezone(timedelta(hours=2)))
    with pytest.raises(InvalidValue, match="an ex-date that is not after the payment"):
        replace(dividend(DAY, "1 USD"), accrues_at=elsewhere)
