"""A file of one busy person: 3,600 rows of trades and cash in 300 instruments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.rows import Entry, InstrumentFacts
from tickfolio.statements.tickfolio_csv import written

ROWS = 3_600
HOLDINGS = 300
FIRST = datetime(2005, 1, 3, 15, 0, tzinfo=UTC)


def large_file(rows: int = ROWS) -> bytes:
    """The file, in Tickfolio's own CSV: every share is bought, bought and sold in turn, and every seventh row is a deposit."""
    return "".join(
        written((_entry(number) for number in range(rows)), accounts={"Broker": "USD"}, instruments=_instruments())
    ).encode()


def _instruments() -> dict[str, InstrumentFacts]:
    return {f"S{number:03}": InstrumentFacts(f"Share {number}", "USD") for number in range(HOLDINGS)}


def _entry(number: int) -> Entry:
    at = FIRST + timedelta(hours=4 * number)
    if number % 7 == 6:
        return Entry(
            type=TransactionType.DEPOSIT, at=at, account="Broker", amount=Decimal(1000 + number), currency="USD"
        )
    round_, holding = divmod(number, HOLDINGS)
    quantity, price = Decimal(5 + number % 3), Decimal(1000 + number % 977) / 10
    return Entry(
        type=TransactionType.SELL if round_ % 3 == 2 else TransactionType.BUY,
        at=at,
        account="Broker",
        symbol=f"S{holding:03}",
        quantity=quantity,
        price=price,
        amount=quantity * price,
        currency="USD",
        fees=Decimal("1.50"),
        note=f"order {number}",
    )
