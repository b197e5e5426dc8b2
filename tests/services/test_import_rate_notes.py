"""What a preview says of exchange rates that are not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from tests.services.test_import_fates import BUY, GROUND, judged
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.services.import_ground import GapAsked
from tickfolio.services.rate_gaps import RateGap
from tickfolio.statements.rows import Entry

EUR, USD = Currency("EUR"), Currency("USD")
FIRST = date(2012, 5, 22)
DEPOSIT = Entry(
    type=TransactionType.DEPOSIT,
    at=datetime(2012, 5, 21, 14, tzinfo=UTC),
    account="Broker",
    amount=Decimal(100),
    currency="USD",
)


def gap(known_from: date | None = FIRST) -> GapAsked:
    def asked(*, currency: Currency, at: datetime) -> RateGap | None:
        return RateGap(USD, EUR, known_from) if currency == USD and at.date() < FIRST else None

    return asked


def test_rows_before_the_first_rate_are_counted_and_it_is_told_from_when_on_there_is_one() -> None:
    ground = replace(GROUND, rate_gap=gap())
    (note,) = judged(BUY, DEPOSIT, replace(BUY, at=date(2012, 6, 1)), ground=ground).notes
    assert note == (
        "2 new rows: no exchange rate of USD is known before 2012-05-22, so that in EUR there is no cost and no result. "
        "Where EUR was paid, a file can say so with the rate."
    )


def test_what_was_paid_in_the_base_currency_needs_no_rate() -> None:
    settled = replace(BUY, settlement_currency="EUR", settlement_rate=Decimal("0.79"))
    assert judged(settled, ground=replace(GROUND, rate_gap=gap())).notes == ()


def test_a_currency_that_no_source_knows_is_told_of_without_a_day() -> None:
    (note,) = judged(BUY, ground=replace(GROUND, rate_gap=gap(None))).notes
    assert note.startswith("1 new row: no exchange rate of USD is known for the day, so that in EUR")
