"""Which transactions the list shows, as it stands in the query string of its address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import MAX_SYMBOL_LENGTH
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.services.portfolios import AccountView
from tickfolio.services.transactions import TransactionFilter
from tickfolio.web.forms.fields import Choice, PageForm, TypedText
from tickfolio.web.forms.moments import TypedDay, start_of
from tickfolio.words import marked_phrase, phrase

TYPE_CHOICES = [("", marked_phrase("All types")), *((kind.value, name) for kind, name in TYPE_NAMES.items())]


class FilterForm(PageForm):
    """The filters above the list. Where one of them cannot be read it is named, and none of them is applied."""

    type = Choice(label=marked_phrase("Type"), choices=TYPE_CHOICES, what="a type", required=False)
    account = Choice(label=marked_phrase("Account"), choices=(), what=marked_phrase("an account"), required=False)
    symbol = TypedText(label=marked_phrase("Symbol"), what="a symbol", max_length=MAX_SYMBOL_LENGTH, required=False)
    since = TypedDay(label=marked_phrase("From"), is_needed=False)
    until = TypedDay(label="To", is_needed=False)
    text = TypedText(label=marked_phrase("Text in notes"), what="a text", required=False)

    def __init__(self, *arguments: Any, accounts: Sequence[AccountView], zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._zone = zone
        account = self.fields["account"]
        assert isinstance(account, Choice)
        account.choices = [("", phrase("All accounts")), *((each.id, each.name) for each in accounts)]

    def clean(self) -> dict[str, Any]:
        """Refuses a span that ends before it begins."""
        typed = super().clean() or self.cleaned_data
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", phrase("Expected {since} or later, was {until}.", since=since, until=until))
        return typed

    def wanted(self) -> TransactionFilter:
        """The filter; the whole list where a part of it cannot be read, since the rest alone was asked for by nobody."""
        if not self.is_valid():
            return TransactionFilter()
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        since, until = typed.get("since"), typed.get("until")
        return TransactionFilter(
            type=TransactionType(typed["type"]) if "type" in typed else None,
            account_id=typed.get("account"),
            symbol=typed["symbol"].upper() if "symbol" in typed else None,
            since=start_of(since, zone=self._zone) if since else None,
            until=start_of(until + timedelta(days=1), zone=self._zone) if until else None,
            text=typed.get("text"),
        )

    @property
    def is_used(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def is_applied(self) -> bool:
        """Whether what is asked for is what the list shows."""
        return self.is_used and self.is_valid()

    def query(self, *, page: int = 1) -> str:
        """The query string of a page of the same list; empty for the first page of all."""
        asked = {name: self.data[name] for name in self.fields if self.data.get(name)}
        if page > 1:
            asked["page"] = str(page)
        return f"?{urlencode(asked)}" if asked else ""
