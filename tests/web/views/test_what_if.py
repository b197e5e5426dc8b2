"""What a sale would close, as JSON: the scripts make of it to the cent what the ledger books when one really sells.

The documents and the figures stand in tests/contract/what_if.json; frontend/tests/cells/what_if.test.ts works the figures out.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, person, purchase, sale, share
from tests.services.tried_sales import CASES, Case, at, made, three_lots
from tests.web.visits import NOW, address, set_market_clock, signed_in, text_of
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import plain
from tickfolio.domain.valuation.gain_rows import BaseGain, gain_totals
from tickfolio.persistence.tenancy import Role
from tickfolio.services.drafts import LotDraft, TransactionDraft
from tickfolio.services.gains_reports import Wanted, gains_report

pytestmark = pytest.mark.django_db
CONTRACT = Path(__file__).parents[2] / "contract" / "what_if.json"
PLACES = 2


@pytest.fixture(autouse=True)
def _clock() -> None:
    set_market_clock()


def asked(mine: Book, client: Client, **query: str) -> dict[str, Any]:
    answer = client.get(address(mine, "what-if.json"), {"account": mine.account_id, "symbol": "AAPL", **query})
    assert answer.status_code == 200, text_of(answer)
    found: dict[str, Any] = answer.json()
    return found


def tried(mine: Book, case: Case) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The document of a case, and the lots that it picks."""
    client = signed_in(mine.owner)
    whole = asked(mine, client, symbol=case.symbol)
    picks = [(whole["lots"][number]["id"], units) for number, units in case.picks.items()]
    lots = ",".join(f"{lot}:{units}" for lot, units in picks)
    return asked(mine, client, symbol=case.symbol, quantity=case.quantity, lots=lots), picks


def anonymous(document: dict[str, Any]) -> dict[str, Any]:
    """The same with numbers for the ids that are drawn anew each time."""
    ids = {lot["id"]: f"lot {number}" for number, lot in enumerate(document["lots"], 1)}
    for outcome in document["outcomes"]:
        for used in outcome["used"]:
            ids.setdefault(used["lot"], f"lot {len(ids) + 1}")
    text = json.dumps({**document, "account": "broker"})
    for id_, name in ids.items():
        text = text.replace(id_, name)
    found: dict[str, Any] = json.loads(text)
    return found


def booked(mine: Book, case: Case, picks: list[tuple[str, str]], *, is_short: bool) -> dict[str, Any]:
    """The sale really booked, now; what the gains report says of it."""
    draft = TransactionDraft(
        type=TransactionType.BUY if is_short else TransactionType.SELL,
        account_id=mine.account_id,
        at=NOW,
        symbol=case.symbol,
        quantity=Decimal(case.quantity),
        price=Decimal(case.price),
        fees=Decimal(case.fees),
        lots=tuple(LotDraft(quantity=Decimal(units), transaction_id=lot) for lot, units in picks),
    )
    view = add(mine, draft)
    report = gains_report(actor=mine.owner, portfolio_id=mine.portfolio_id)
    rows = [row for row in report.rows(Wanted()) if row.closed_by == view.id]
    lacking = any(isinstance(row.base, NotAvailable) for row in rows)
    totals = gain_totals(rows, places=PLACES)
    known = [row.base for row in rows if isinstance(row.base, BaseGain)]
    relieved = sum((each.proceeds if is_short else each.cost for each in known), Decimal(0))
    parts = {"gain": totals.gain, "price": totals.price, "currency": totals.currency}
    return {
        "relieved": None if lacking else plain(relieved),
        **{
            name: None if lacking or isinstance(each, NotAvailable) else plain(each)
            for name, each in parts.items()
        },
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_booked_is_what_the_contract_says(case: Case) -> None:
    mine = made(case, "alice")
    document, picks = tried(mine, case)
    expected = booked(mine, case, picks, is_short=document["is_short"])
    found = {
        "name": case.name,
        "document": anonymous(document),
        "price": case.price,
        "fee": case.fees,
        "booked": expected,
    }
    contract = {each["name"]: each for each in json.loads(CONTRACT.read_text(encoding="utf-8"))}
    assert found == contract[case.name]
    own = next(each for each in document["outcomes"] if each["is_own"])
    if expected["relieved"] is not None:
        assert sum(Decimal(used["base"]) for used in own["used"]) == Decimal(expected["relieved"])


def test_nothing_else_stands_in_the_contract() -> None:
    assert [each["name"] for each in json.loads(CONTRACT.read_text(encoding="utf-8"))] == [each.name for each in CASES]


# ---------- What cannot be asked ----------


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"quantity": "many"}, "Expected a number"),
        ({"quantity": "0"}, "above zero"),
        ({"symbol": "IBM"}, "held in this account"),
        ({"account": ""}, "held in this account"),
        ({"lots": ",".join(f"lot{number}:1" for number in range(501))}, "at most 500 lots"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(query: dict[str, str], detail: str) -> None:
    mine = book(person("alice"))
    add(mine, purchase(mine))
    named = {"account": mine.account_id, "symbol": "AAPL", **query}
    answer = signed_in(mine.owner).get(address(mine, "what-if.json"), named)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_query"
    assert detail in answer.json()["detail"]


def test_a_viewer_may_ask() -> None:
    mine = book(person("alice"))
    three_lots(mine)
    add(mine, sale(mine, quantity="1", at=at("2012-05-01T15:00")))
    assert asked(mine, signed_in(share(mine, "vera", Role.VIEWER)))["held"] == "59.123456790"
