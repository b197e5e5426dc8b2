from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.web.held_page import EXPECTED, valuation
from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.attribution import CASH, GainParts, Grouping, contributions_of
from tickfolio.domain.valuation.spans import LeftOut, SpanChange
from tickfolio.domain.valuation.valuation import RowKind
from tickfolio.services.attributions import DayAttribution
from tickfolio.web.attribution_texts import GainText, attribution_text
from tickfolio.web.class_names import CLASS_NAMES
from tickfolio.web.portfolio_texts import PARTS

MONDAY = date(2012, 5, 21)
TODAY = DayAttribution(
    MONDAY, MONDAY, date(2012, 5, 17), Currency("EUR"), contributions_of(valuation()), change=None, without=0
)


def as_expected(row: GainText) -> dict[str, object]:
    return {
        "key": row.key,
        "name": row.name,
        "detail": row.detail,
        "query": row.explained,
        "parts": {part: figure.text for part, figure in row.parts},
        "total": row.total.text,
    }


@pytest.mark.parametrize("by", Grouping)
def test_each_group_is_written_as_the_scripts_write_it(by: Grouping) -> None:
    rows = [as_expected(row) for row in attribution_text(TODAY, by=by).rows]
    assert sorted(rows, key=lambda row: str(row["key"])) == EXPECTED["gains"][by.value]


def test_every_class_has_a_name() -> None:
    assert CLASS_NAMES.keys() == {*InstrumentClass, CASH}


def test_a_finished_day_is_named_in_every_address() -> None:
    text = attribution_text(replace(TODAY, day=date(2012, 5, 17)), by=Grouping.CLASS)
    assert text.total.explained == "?as_of=2012-05-17"
    assert {row.explained.partition("&")[0] for row in text.rows} == {"?as_of=2012-05-17"}
    assert attribution_text(TODAY, by=Grouping.CLASS).total.explained == ""


def test_what_moved_most_comes_first_and_the_whole_is_the_sum() -> None:
    text = attribution_text(TODAY, by=Grouping.HOLDING)
    amounts = [abs(Decimal(row.total.text.replace(",", "").replace("−", "-"))) for row in text.rows]
    assert amounts == sorted(amounts, reverse=True)
    assert text.total.total.text == EXPECTED["totals"]["day"]


def test_the_days_beside_it_have_addresses_as_far_as_there_are_any() -> None:
    text = attribution_text(TODAY, by=Grouping.CLASS)
    assert (text.before, text.after, text.day_name) == ("?day=2012-05-20&by=class", "", "Today")
    first = attribution_text(replace(TODAY, day=date(2012, 5, 17)), by=Grouping.CLASS)
    assert (first.before, first.after, first.day_name) == ("", "?day=2012-05-18&by=class", "Thursday, 17 May 2012")
    nothing = attribution_text(replace(TODAY, first=None, contributions=()), by=Grouping.CLASS)
    assert (nothing.before, nothing.rows) == ("", ())
    assert [choice.is_current for choice in text.choices] == [False, False, True, False]


def test_a_row_that_is_left_out_is_named_with_its_reason() -> None:
    zero = Decimal(0)
    at = valuation().rows[0].quote
    assert at is not None
    change = SpanChange(
        since=at.source_time,
        until=at.source_time,
        opening=zero,
        closing=zero,
        flows=zero,
        contributions=(),
        valuation=valuation(),
        left_out=(LeftOut("h:harbor:SAP", "SAP", "Harbor", "no price of SAP is known"),),
    )
    text = attribution_text(replace(TODAY, change=change, without=1), by=Grouping.HOLDING)
    assert text.notes == ("SAP in Harbor is left out: no price of SAP is known.",)


def test_a_dividend_due_alone_says_so_and_every_figure_has_the_places_of_the_currency() -> None:
    due = next(each for each in TODAY.contributions if each.kind is RowKind.RECEIVABLE)
    bare = replace(due, parts=GainParts(), opening=Decimal("35.69"), closing=Decimal(0), moved=Decimal("-35.69"))
    (row,) = attribution_text(replace(TODAY, contributions=(bare,)), by=Grouping.HOLDING).rows
    assert (row.name, row.detail) == ("IBM", "dividend due")
    assert {figure.text for _, figure in row.parts} == {"0.00"} == {row.total.text, row.closing}


def test_where_no_row_has_a_gain_the_whole_has_none_and_where_there_is_no_row_it_is_zero() -> None:
    assert attribution_text(replace(TODAY, contributions=(), without=2), by=Grouping.HOLDING).total.total.text == "—"
    assert attribution_text(replace(TODAY, contributions=()), by=Grouping.HOLDING).total.total.text == "0.00"


def test_the_parts_stand_in_the_order_of_the_head() -> None:
    assert [part for part, _ in attribution_text(TODAY, by=Grouping.ACCOUNT).total.parts] == list(PARTS)
