"""One made-up ledger of purchases and sales, written down for each program that is to read it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId, Buy, Sell, TransactionId
from tickfolio.domain.money import EXACT, Currency, Money

SEED = 20120521
FIRST_DAY = date(2000, 1, 3)
ACCOUNT = AccountId("broker")
CURRENCIES = ("USD", "EUR")


@dataclass(frozen=True, slots=True)
class Deal:
    """A purchase or a sale of whole units at a price in cents, without fees."""

    number: int
    day: date
    buys: bool
    symbol: str
    currency: str
    quantity: int
    price: Decimal


def deals(count: int, *, instruments: int = 100) -> Iterator[Deal]:
    """As many purchases and sales, oldest first, half of the instruments in each of two currencies; never more sold than held."""
    chance = Random(SEED)
    held = [0] * instruments
    for number in range(count):
        which = chance.randrange(instruments)
        buys = not held[which] or chance.random() < 0.55
        quantity = chance.randint(1, 100) if buys else chance.randint(1, min(150, held[which]))
        held[which] += quantity if buys else -quantity
        yield Deal(
            number=number,
            day=FIRST_DAY + timedelta(days=number * 4_000 // count),
            buys=buys,
            symbol=f"S{which:03d}X",
            currency=CURRENCIES[which % 2],
            quantity=quantity,
            price=Decimal(chance.randint(100, 50_000)).scaleb(-2),
        )


def transactions(made: list[Deal]) -> list[Buy | Sell]:
    """The domain's own values."""
    return [_transaction(deal) for deal in made]


def _transaction(deal: Deal) -> Buy | Sell:
    currency, quantity = Currency(deal.currency), Decimal(deal.quantity)
    nothing = Money(Decimal(0), currency)
    return (Buy if deal.buys else Sell)(
        id=TransactionId(f"t{deal.number}"),
        account=ACCOUNT,
        at=datetime(deal.day.year, deal.day.month, deal.day.day, tzinfo=UTC),
        sequence=deal.number,
        symbol=Symbol(deal.symbol),
        quantity=quantity,
        price=deal.price,
        gross=Money(EXACT.multiply(quantity, deal.price), currency),
        fees=nothing,
        taxes=nothing,
    )


def as_scenario(made: list[Deal]) -> bytes:
    """A file of our own."""
    instruments = sorted({(deal.symbol, deal.currency) for deal in made})
    return json.dumps(
        {
            "format": "tickfolio-scenario/1",
            "title": "Purchases and sales",
            "base_currency": "USD",
            "accounts": [{"id": ACCOUNT}],
            "instruments": [{"symbol": symbol, "currency": currency} for symbol, currency in instruments],
            "transactions": [
                {
                    "id": f"t{deal.number}",
                    "type": "buy" if deal.buys else "sell",
                    "at": f"{deal.day}",
                    "symbol": deal.symbol,
                    "quantity": f"{deal.quantity}",
                    "price": f"{deal.price}",
                }
                for deal in made
            ],
            "questions": [],
        }
    ).encode()


def as_beancount(made: list[Deal]) -> str:
    """A file of Beancount's, whose inventories are booked first in, first out."""
    lines = ['option "booking_method" "FIFO"']
    lines += [f"{FIRST_DAY} open Assets:Broker:{symbol}" for symbol in sorted({deal.symbol for deal in made})]
    lines += [f"{FIRST_DAY} open Assets:Cash", f"{FIRST_DAY} open Income:Gains"]
    for deal in made:
        unit = f"{deal.price} {deal.currency}"
        lines.append(f'{deal.day} * "deal {deal.number}"')
        if deal.buys:
            lines.append(f"  Assets:Broker:{deal.symbol}  {deal.quantity} {deal.symbol} {{{unit}}}")
        else:
            lines.append(f"  Assets:Broker:{deal.symbol}  -{deal.quantity} {deal.symbol} {{}} @ {unit}")
            lines.append("  Income:Gains")
        sign = "-" if deal.buys else ""
        lines.append(f"  Assets:Cash  {sign}{deal.quantity * deal.price} {deal.currency}")
    return "\n".join(lines) + "\n"


def as_hledger(made: list[Deal]) -> str:
    """A journal of hledger's; it keeps no lots, so a commodity has one price a deal."""
    lines = []
    for deal in made:
        sign, opposite = ("", "-") if deal.buys else ("-", "")
        lines.append(f"{deal.day} deal {deal.number}")
        lines.append(
            f'    assets:broker:{deal.symbol}  {sign}{deal.quantity} "{deal.symbol}" @ {deal.price} {deal.currency}'
        )
        lines.append(f"    assets:cash  {opposite}{deal.quantity * deal.price} {deal.currency}")
    return "\n".join(lines) + "\n"


def bare_loop(made: list[tuple[bool, str, Decimal, Decimal]]) -> Decimal:
    """First in, first out in Decimal, of one currency: no checks, no records, no cash. What was realized."""
    held: dict[str, deque[list[Decimal]]] = {}
    realized = Decimal(0)
    for buys, symbol, quantity, gross in made:
        lots = held.setdefault(symbol, deque())
        if buys:
            lots.append([quantity, gross])
            continue
        wanted, cost = quantity, Decimal(0)
        while wanted:
            lot = lots[0]
            if lot[0] <= wanted:
                wanted -= lot[0]
                cost += lot[1]
                lots.popleft()
            else:
                part = lot[1] * wanted / lot[0]
                lot[0] -= wanted
                lot[1] -= part
                cost += part
                break
        realized += gross - cost
    return realized
