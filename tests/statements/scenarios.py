"""Small scenarios for tests."""

from __future__ import annotations

import json
from typing import Any


def scenario(*transactions: dict[str, Any], questions: list[dict[str, Any]] | None = None, **fields: Any) -> bytes:
    """A scenario of one account and one share in dollars, with what `fields` say instead."""
    document: dict[str, Any] = {
        "format": "tickfolio-scenario/1",
        "title": "A test",
        "base_currency": "USD",
        "accounts": [{"id": "broker"}],
        "instruments": [{"symbol": "ACME", "currency": "USD"}],
        "transactions": [*transactions],
        "questions": questions or [],
        **fields,
    }
    return json.dumps(document).encode()


def bought(**fields: Any) -> dict[str, Any]:
    """A purchase."""
    return {
        "id": "b1",
        "type": "buy",
        "at": "2020-01-06",
        "symbol": "ACME",
        "quantity": "10",
        "price": "100",
        **fields,
    }


def sold(**fields: Any) -> dict[str, Any]:
    """A sale."""
    return {"id": "s1", "type": "sell", "at": "2021-02-01", "symbol": "ACME", "quantity": "4", "price": "130", **fields}


def asked(figure: str, expected: str | None, **fields: Any) -> dict[str, Any]:
    """A question."""
    return {"id": figure, "figure": figure, "expected": expected, **fields}
