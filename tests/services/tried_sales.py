"""Holdings of every kind, and a sale of each: tried out first, then booked. tests/contract/what_if.json has what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale
from tickfolio.domain.ledger.options import AccountOptions, CostMethod
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.account_options import account_options_change
from tickfolio.services.drafts import TransactionDraft

D = Decimal
FUND = {
    "symbol": "FUND",
    "creates_instrument": True,
    "instrument_name": "A fund in euros",
    "instrument_class": "fund",
    "instrument_currency": "EUR",
}
OPTION = {
    "symbol": "CALL",
    "creates_instrument": True,
    "instrument_name": "A call in pence",
    "instrument_class": "other",
    "instrument_currency": "GBP",
    "contract_size": D(7),
    "quote_unit": D(100),
}


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A holding, and what is sold of it at a typed price.

    Attributes:
        picks: units of the lots that go first, by the number of the lot.
    """

    name: str
    make: Callable[[Book], object]
    quantity: str
    price: str
    fees: str = "0"
    symbol: str = "AAPL"
    options: AccountOptions = field(default_factory=AccountOptions)
    picks: Mapping[int, str] = field(default_factory=dict)


def three_lots(mine: Book, **parts: Any) -> None:
    """Bought in 2010, in 2011 and weeks ago, none of them at a round price."""
    for quantity, price, day in (
        ("30.123456789", "136.487", "2010-03-15T15:00"),
        ("18.000000001", "380.73", "2011-08-08T15:00"),
        ("12", "618.811", "2012-04-20T15:00"),
    ):
        draft = purchase(mine, quantity=quantity, price=price, fees=D("9.95"), at=at(day))
        add(mine, TransactionDraft(**{**vars_of(draft), **parts}))


def vars_of(draft: TransactionDraft) -> dict[str, Any]:
    """The fields of a draft."""
    return {name: getattr(draft, name) for name in TransactionDraft.__dataclass_fields__}


def after_a_sale(mine: Book) -> None:
    """Three lots of which some were sold already."""
    three_lots(mine)
    add(mine, sale(mine, quantity="11.5", price="600.00", fees=D("9.95"), at=at("2012-05-02T15:00")))


def sold_short(mine: Book) -> None:
    """Nothing held, and sold in two parts."""
    for quantity, price, day in (("7.3", "601.17", "2011-03-15T15:00"), ("5.9", "560.03", "2012-05-03T15:00")):
        add(mine, sale(mine, quantity=quantity, price=price, fees=D("4.95"), at=at(day)))


def without_cost(mine: Book) -> None:
    """A lot that was bought, and one that came without its cost."""
    add(mine, purchase(mine, quantity="5", at=at("2011-06-01T15:00")))
    came = TransactionDraft(
        type=TransactionType.TRANSFER_IN,
        account_id=mine.account_id,
        at=at("2011-01-03T15:00"),
        symbol="AAPL",
        quantity=D(5),
    )
    add(mine, came)


CASES = (
    Case("first in first out, in a foreign currency", three_lots, "24", "557.4301", "1.00"),
    Case("all that is left after a sale", after_a_sale, "48.623456790", "333.333", "9.95"),
    Case("last in first out", three_lots, "24", "557.43", "1", options=AccountOptions(CostMethod.LIFO)),
    Case("highest cost", three_lots, "24.7", "557.43", "1", options=AccountOptions(CostMethod.HIFO)),
    Case("a pool at average cost", after_a_sale, "7.123456789", "557.43", "1", options=AccountOptions(CostMethod.AVERAGE)),
    Case("lots that are picked, and the oldest for the rest", three_lots, "20.5", "557.43", "1", picks={1: "17.25", 2: "1"}),
    Case("fees beside the proceeds", three_lots, "24", "557.43", "13.37", options=AccountOptions(fees_in_cost=False)),
    Case("what is short is bought back", sold_short, "9.1", "557.43", "1.23", options=AccountOptions(allows_shorts=True)),
    Case("more than is held, the rest short", three_lots, "61.7", "557.43", "1.23", options=AccountOptions(allows_shorts=True)),
    Case("a lot without its cost is in it", without_cost, "7", "557.43"),
    Case("in the base currency", lambda mine: three_lots(mine, **FUND, currency="EUR"), "31.1", "557.4333", "0.99", symbol="FUND"),
    Case("contracts with a price in pence", lambda mine: three_lots(mine, **OPTION), "31.1", "557.4333", "0.99", symbol="CALL"),
)  # fmt: skip


def made(case: Case, name: str) -> Book:
    """The portfolio of a case, whose account counts as the case says."""
    mine = book(person(name))
    add(mine, deposit(mine, "100000.00", at=at("2010-01-04T15:00")))
    if case.options != AccountOptions():
        account_options_change(
            actor=mine.owner,
            portfolio_id=mine.portfolio_id,
            account_id=mine.account_id,
            options=case.options,
            expected=AccountOptions(),
        )
    case.make(mine)
    return mine
