"""What the address of a new transaction's form fills in: numbers with a decimal point, lots by the transactions that brought them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from tickfolio.errors import InvalidValue
from tickfolio.statements.decimals import parse_number
from tickfolio.web.forms.lots import lot_names
from tickfolio.web.forms.numbers import typed_text
from tickfolio.web.forms.transactions import Desk

NUMBERS = ("quantity", "price", "fees")
MOST_LOTS = 500


def asked_numbers(query: Mapping[str, str]) -> dict[str, Decimal]:
    """The numbers that can be read; the others are left to be typed."""
    found = {}
    for name in NUMBERS:
        with suppress(InvalidValue):
            if typed := query.get(name, ""):
                found[name] = parse_number(typed, mark=".")
    return found


def asked_lots(query: Mapping[str, str], *, desk: Desk, account_id: str) -> dict[str, Any]:
    """The line of the lots that go first, as ``lots=<transaction>:<units>,…`` names them; of those that are there now."""
    parts = [part.partition(":") for part in query.get("lots", "").split(",")[:MOST_LOTS] if part]
    symbol = query.get("symbol", "").strip().upper()
    if not parts or not symbol or not account_id:
        return {}
    names = lot_names(desk.lots_of(account_id, symbol, desk.reading.now), zone=desk.reading.zone)
    words = []
    for transaction, _, units in parts:
        with suppress(InvalidValue):
            quantity = parse_number(units, mark=".")
            if transaction in names:
                words.append(f"{names[transaction]} {typed_text(quantity, mark=desk.mark)}")
    return {"lots": "; ".join(words)} if words else {}
