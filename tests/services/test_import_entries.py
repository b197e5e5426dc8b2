"""Entries of files, kept and as drafts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.live.market import AAPL, instrument
from tests.statements.entries import entries
from tickfolio.domain.calendars import CONTINUOUS, CURRENCY_WEEK
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.import_entries import Found, document_of, draft_of, entry_from, moment_of
from tickfolio.statements.rows import Entry
from tickfolio.web.forms import moments
from tickfolio.web.forms.moments import DayReading

LISTED = instrument(AAPL)
LISTED_AT = st.sampled_from([None, LISTED.mic, CONTINUOUS, CURRENCY_WEEK])
ZONES = st.sampled_from([ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")])


@given(entries())
def test_what_is_kept_of_an_entry_is_all_of_it(entry: Entry) -> None:
    kept = json.loads(json.dumps(document_of(entry)))
    assert entry_from(kept) == entry
    assert str(entry_from(kept).quantity) == str(entry.quantity)


@given(entries())
def test_a_draft_has_everything_that_the_entry_says(entry: Entry) -> None:
    at = datetime(2012, 5, 21, tzinfo=UTC)
    draft = draft_of(
        entry,
        Found(
            account_id="an account",
            symbol=entry.symbol,
            at=at,
            to_account_id=entry.to_account or None,
            new_symbol=entry.new_symbol,
        ),
    )
    assert (draft.gross or draft.amount) == entry.amount
    for name in ("quantity", "price", "fees", "taxes", "settlement_amount", "settlement_rate", "counter_amount",
        "cost_share", "cash_in_lieu",
    ):  # fmt: skip
        assert getattr(draft, name) == getattr(entry, name)
    for name in ("currency", "settlement_currency", "counter_currency", "note", "symbol", "new_symbol"):
        assert (getattr(draft, name) or "") == getattr(entry, name)
    assert (draft.split_new, draft.split_old, draft.ex_date) == (entry.split_new, entry.split_old, entry.ex_date)
    assert (draft.at, draft.account_id, draft.creates_instrument) == (at, "an account", False)


@given(st.dates(date(2005, 1, 3), date(2012, 12, 28)), st.sampled_from(TransactionType), ZONES, LISTED_AT)
def test_a_day_is_read_as_the_forms_read_one_that_is_typed(
    day: date, kind: TransactionType, zone: ZoneInfo, mic: str | None
) -> None:
    calendar = None if mic is None else exchange_calendar(mic)
    listed = None if mic is None else replace(LISTED, mic=mic)
    reading = DayReading(zone=zone, now=datetime(2013, 6, 3, tzinfo=UTC), calendar=calendar)
    typed = moments.moment_of(day, None, kind=kind, reading=reading)
    assert moment_of(day, kind=kind, zone=zone, instrument=listed) == typed
    if mic == CONTINUOUS:
        assert typed.astimezone(zone).date() == day


@pytest.mark.parametrize("kind", TransactionType)
def test_a_moment_is_itself_in_utc(kind: TransactionType) -> None:
    at = datetime(2012, 5, 21, 16, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert (
        moment_of(at, kind=kind, zone=ZoneInfo("Asia/Tokyo"), instrument=LISTED).isoformat()
        == "2012-05-21T14:30:00+00:00"
    )
