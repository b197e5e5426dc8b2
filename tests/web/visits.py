"""People at pages: signed in by a test, with what they type."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.test import Client

from tests.services.changes import changes
from tests.services.ledger_entries import Book
from tickfolio.feeds.feed import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person
from tickfolio.services.market_records import market_changes_record

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


def text_of(answer: Answer) -> str:
    """The page."""
    return answer.content.decode()


def errors_on(answer: Answer) -> dict[str, str]:
    """The errors of a page by the name of their field."""
    return dict(ERROR.findall(text_of(answer)))


def address(book: Book, rest: str = "transactions/") -> str:
    """A page below a portfolio."""
    return f"/portfolios/{book.portfolio_id}/{rest}"
