"""A portfolio as a file."""

from __future__ import annotations

import io
import json

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, Client

from tests.services.ledger_entries import Book, book, deposit, person, share
from tests.web.visits import address, set_market_clock, signed_in
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios, transactions
from tickfolio.statements.archives import Archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    """Alice's portfolio with one deposit."""
    set_market_clock()
    mine = book(person("alice"), name="Für später; “gut”")
    transactions.transaction_add(
        actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000", note="=1+1 \N{EURO SIGN}")
    )
    return mine


def taken(client: Client, at: str) -> tuple[dict[str, str], str]:
    """The headers and the whole file."""
    answer = client.get(at)
    assert answer.status_code == 200
    return dict(answer.headers), b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a stream, which the client has no type for


def test_csv_is_sent_as_a_file_that_nobody_keeps(alices: Book) -> None:
    headers, text = taken(signed_in(alices.owner), address(alices, "export.csv"))
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''f%C3%BCr-sp%C3%A4ter-gut-20")
    assert "no-store" in headers["Cache-Control"]
    assert text.startswith("tickfolio,type,at")
    assert "'=1+1 \N{EURO SIGN}" in text


def test_json_is_one_document(alices: Book) -> None:
    headers, text = taken(signed_in(alices.owner), address(alices, "export.json"))
    assert headers["Content-Type"] == "application/json"
    assert json.loads(text)["transactions"][0]["note"] == "=1+1 \N{EURO SIGN}"


def test_a_large_portfolio_is_sent_in_several_pieces(alices: Book) -> None:
    for name in ("A", "B"):
        portfolios.account_create(actor=alices.owner, portfolio_id=alices.portfolio_id, name=name, currency="EUR")
    for number in range(520):
        transactions.transaction_add(
            actor=alices.owner, portfolio_id=alices.portfolio_id, draft=deposit(alices, str(number + 1))
        )
    answer = signed_in(alices.owner).get(address(alices, "export.csv"))
    pieces = list(answer.streaming_content)  # type: ignore[attr-defined]  # as above
    assert len(pieces) == 2
    assert b"".join(pieces).count(b"\r\n") == 522


@pytest.mark.parametrize("name", ["export.csv", "export.json", "export.zip"])
def test_whoever_may_see_it_may_take_it_and_nobody_else(alices: Book, name: str) -> None:
    at = address(alices, name)
    assert signed_in(share(alices, "vera", Role.VIEWER)).get(at).status_code == 200
    assert signed_in(person("charlie")).get(at).status_code == 404
    assert Client().get(at).status_code in (302, 401)
    assert signed_in(alices.owner).post(at).status_code == 405


def test_the_settings_offer_it_to_a_viewer_too(alices: Book) -> None:
    page = signed_in(share(alices, "vera", Role.VIEWER)).get(address(alices, "settings/")).content.decode()
    assert f'href="{address(alices, "export.csv")}"' in page
    assert f'href="{address(alices, "export.json")}"' in page


@pytest.mark.django_db(transaction=True)
async def test_under_asgi_the_pieces_are_awaited() -> None:
    client, at = await sync_to_async(_visitor)()
    try:
        answer = await client.get(at)
        assert answer.is_async  # type: ignore[attr-defined]  # as above
        pieces = [piece async for piece in answer.streaming_content]  # type: ignore[attr-defined]  # as above
    finally:
        # The thread beside the loop has a connection of its own, in whose way the end of the test database would be.
        await sync_to_async(connections.close_all)()
    assert b"".join(pieces).startswith(b"tickfolio,type,at")


def _visitor() -> tuple[AsyncClient, str]:
    """A browser that waits for nobody, and the address of an export."""
    mine = book(person("alice"))
    client = AsyncClient()
    client.cookies = signed_in(mine.owner).cookies
    return client, address(mine, "export.csv")


def test_the_zip_has_the_json_and_is_sent_as_a_file(alices: Book) -> None:
    answer = signed_in(alices.owner).get(address(alices, "export.zip"))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith(".zip")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # as above
    document = json.loads(Archive(io.BytesIO(body)).document())
    assert document["transactions"][0]["note"] == "=1+1 \N{EURO SIGN}"
