"""People at pages: signed in by a test, with what they type."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.test import Client

from tests.services.changes import changes
from tests.services.ledger_entries import Book
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person
from tickfolio.services import transactions
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.transactions import TransactionView

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NOW = datetime(2012, 5, 21, 14, 31, tzinfo=UTC)
"""The market's moment, a Monday."""

ERROR = re.compile(r'<span class="error" id="id_(\w+?)_error"><svg.*?</svg><span>(.*?)</span></span>', re.DOTALL)
SUMMARY = re.compile(r'<div class="error-summary".*?</div>', re.DOTALL)


def set_market_clock(at: datetime = NOW) -> None:
    """Lets the market's clock stand at `at`."""
    market_changes_record(changes=changes(clock=ClockPosition(1, at)))


def signed_in(person: Person, *, time_zone: str = "Europe/Berlin", locale: str = "en") -> Client:
    """That person's browser."""
    user = User.objects.get(pk=person.user_id)
    user.time_zone, user.locale = time_zone, locale
    user.save(update_fields=["time_zone", "locale"])
    client = Client()
    client.force_login(user)
    return client


def unmarked(page: str) -> str:
    """A page without the marks of what privacy mode hides, so that its sentences are whole."""
    return re.sub(r'<span class="amount">(.*?)</span>', r"\1", page)


def text_of(answer: Answer) -> str:
    """The page."""
    return answer.content.decode()


def errors_on(answer: Answer) -> dict[str, str]:
    """The errors of a page by the name of their field."""
    return dict(ERROR.findall(text_of(answer)))


def address(book: Book, rest: str = "transactions/") -> str:
    """A page below a portfolio."""
    return f"/portfolios/{book.portfolio_id}/{rest}"


def typed(book: Book, kind: str = "buy", **fields: str) -> dict[str, str]:
    """What somebody types into the form of a transaction, with a key of its own."""
    ordinary = {"type": kind, "key": str(uuid.uuid4()), "account_id": book.account_id, "day": "2012-05-18"}
    trade = {"symbol": "aapl", "quantity": "10", "price": "557.43"}
    return {**ordinary, **(trade if kind in ("buy", "sell") else {}), **fields}


def sent(book: Book, kind: str = "buy", **fields: str) -> Answer:
    """The answer to the owner's form."""
    return signed_in(book.owner).post(address(book, "transactions/new/"), typed(book, kind, **fields))


def booked(book: Book) -> list[TransactionView]:
    """The newest transactions."""
    return list(transactions.transactions_page(actor=book.owner, portfolio_id=book.portfolio_id).rows)
