"""What the page of then and now says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.web.held_page import valuation
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.services.known_books import Changes
from tickfolio.services.then_and_now import FiguresKnown, ThenAndNow
from tickfolio.web.then_texts import then_text, typed_moment

D = Decimal
NEW_YORK = ZoneInfo("America/New_York")
AT = datetime(2012, 5, 21, 14, tzinfo=UTC)


def figures(twr: Decimal | NotAvailable) -> FiguresKnown:
    whole = valuation()
    return FiguresKnown(whole.totals, tuple(whole.rows), D("100.00"), D("-5.50"), twr)


def told(
    then: FiguresKnown | None, now: FiguresKnown | None, *, count: int = 0, is_from_nothing: bool = False
) -> ThenAndNow:
    day, changes = date(2012, 5, 21), Changes((), count, is_from_nothing)
    return ThenAndNow(Currency("EUR"), NEW_YORK, day, day, AT, AT, then, now, changes)


def test_a_return_differs_in_points_and_amounts_in_money() -> None:
    text = then_text(told(figures(D("0.1")), figures(D("0.0825"))), portfolio_id="p", zone=NEW_YORK)
    twr, gain = text.figures[-1], text.figures[-2]
    assert (twr.then, twr.now, twr.change, twr.is_same) == ("+10.00 %", "+8.25 %", "−1.75 points", False)
    assert (gain.then, gain.now, gain.is_same) == ("−5.50", "−5.50", True)
    assert text.rows == ()


def test_what_was_not_there_yet_is_a_dash_and_its_rows_came() -> None:
    text = then_text(told(None, figures(NotAvailable("nothing"))), portfolio_id="p", zone=NEW_YORK)
    assert [each.then for each in text.figures] == ["—"] * 6
    assert text.figures[-1].now == text.figures[-1].change == "—"
    known = [row for row in valuation().rows if getattr(row.worth, "value", None)]
    assert len(text.rows) >= len(known)
    assert any("cash" in each.name for each in text.rows)


@pytest.mark.parametrize(
    ("is_known_then", "is_known_now", "changes", "said"),
    [
        (True, True, {}, ""),
        (False, True, {"count": 3, "is_from_nothing": True}, "Nothing had been recorded by then."),
        (False, True, {"count": 1}, "Nothing of this day or before had been recorded by then."),
        (False, False, {"is_from_nothing": True}, "Nothing has been recorded yet."),
        (False, False, {"count": 1, "is_from_nothing": True}, "Nothing of this day or before is recorded."),
        (False, False, {}, "Nothing of this day or before is recorded."),
        (True, False, {"count": 1}, "Nothing of this day or before is recorded any more."),
    ],
)
def test_where_nothing_is_known_that_is_said(
    is_known_then: bool, is_known_now: bool, changes: dict[str, Any], said: str
) -> None:
    of = figures(D("0.1"))
    found = told(of if is_known_then else None, of if is_known_now else None, **changes)
    assert then_text(found, portfolio_id="p", zone=NEW_YORK).nothing == said


def test_more_versions_than_are_listed_are_counted() -> None:
    found = told(None, None, count=10_000)
    assert (
        then_text(found, portfolio_id="p", zone=NEW_YORK).recorded == "the newest 0 of 10,000 versions of transactions"
    )
    assert then_text(told(None, None), portfolio_id="p", zone=NEW_YORK).recorded == "0 versions of transactions"


def test_a_moment_is_written_as_its_field_has_it() -> None:
    assert typed_moment(AT, NEW_YORK) == "2012-05-21T10:00"
