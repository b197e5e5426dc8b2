"""Lots as the text of a column."""

from decimal import Decimal

from tests.domain.ledger.bookings import moment, received
from tickfolio.domain.ledger.transactions import LotChoice, TransactionId
from tickfolio.persistence.kept_lots import (
    KeptLot,
    choices_from,
    kept_lots,
    received_from,
    text_of_choices,
    text_of_received,
)


def test_chosen_lots_come_back_and_have_one_spelling() -> None:
    lots = (LotChoice(TransactionId("t1"), Decimal("0.50")), LotChoice(TransactionId("t2"), Decimal(3)))
    text = text_of_choices(lots)
    assert text == '[["t1","0.50"],["t2","3"]]'
    assert choices_from(text) == lots
    assert kept_lots(text)[1] == KeptLot(Decimal(3), transaction_id="t2")


def test_lots_with_their_history_come_back_in_the_currency_of_their_column() -> None:
    lots = (received("2010-01-04", "1", "30.5 USD"),)
    text = text_of_received(lots)
    assert text == '[["2010-01-04T12:00:00+00:00","1","30.5"]]'
    assert received_from(text, "USD") == lots
    assert kept_lots(text) == (KeptLot(Decimal(1), acquired_at=moment("2010-01-04"), cost=Decimal("30.5")),)


def test_no_lots_are_the_empty_text() -> None:
    assert text_of_choices([]) == text_of_received([]) == ""
    assert (kept_lots(""), choices_from(""), received_from("", "USD")) == ((), (), ())
