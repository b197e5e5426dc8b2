from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.web.performances import CONTRACT, live_texts, long_held, market_at, performance, without_ids
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.performance.mwr import MoneyWeighted
from tickfolio.domain.performance.spans import SpanName
from tickfolio.services.benchmarks import BenchmarkFigures
from tickfolio.services.performance import Asked, PartBy, Performance, Scope
from tickfolio.services.performance_parts import PartFigures, PartsOfSpan
from tickfolio.web.holding_texts import Figure
from tickfolio.web.notation import GERMAN, written_as
from tickfolio.web.performance_texts import (
    BY_NAMES,
    SPAN_TEXTS,
    BenchmarkText,
    address,
    part_name,
    performance_text,
)

pytestmark = pytest.mark.django_db
D = Decimal
NOTHING = NotAvailable("nothing was there that could earn")


@pytest.fixture
def found() -> Performance:
    """All time, from March of 2011 to now."""
    return performance(long_held())


def benchmark_text(found: Performance, twr: Decimal | NotAvailable, value: Decimal | NotAvailable) -> BenchmarkText:
    benchmark = BenchmarkFigures("IBM", "IBM Corp.", twr, value, NOTHING, frozenset())
    text = performance_text(replace(found, benchmark=benchmark)).benchmark
    assert text is not None
    return text


# ---------- What the scripts write too ----------


def test_live_figures_are_those_that_the_scripts_write_before_and_after_a_price() -> None:
    mine = long_held()
    assert live_texts(performance_text(performance(mine))) == CONTRACT["rendered"]
    market_at("517.35", minutes=1)
    moved = performance(mine)
    assert live_texts(performance_text(moved)) == CONTRACT["moved"]
    assert {row["key"]: row["value"] for row in without_ids(moved, mine)["rows"]} == CONTRACT["worths"]


def test_the_header_and_the_total_say_the_same_return_and_gain(found: Performance) -> None:
    text = performance_text(found)
    assert f"{text.total.points.text} %" == text.twr.text
    assert text.total.gain == text.gain


# ---------- The head ----------


def test_words_say_from_when_to_when(found: Performance) -> None:
    assert performance_text(found).words == "1 Mar 2011 to now"
    assert performance_text(performance(long_held("bob"), SpanName.DAY)).words == "today"
    past = performance(long_held("carol"), first=date(2011, 4, 1), last=date(2011, 4, 30))
    text = performance_text(past)
    assert text.words == "1 Apr 2011 to 30 Apr 2011"
    assert (text.opening_name, text.closing_name) == ("Value 31 Mar 2011", "Value 30 Apr 2011")


def test_a_return_a_year_is_that_of_a_year_and_more(found: Performance) -> None:
    assert performance_text(found).annual == CONTRACT["rendered"]["annual"]
    assert performance_text(performance(long_held("bob"), SpanName.MONTH_TO_DATE)).annual == ""


def test_a_return_that_there_is_not_is_said_with_its_reason(found: Performance) -> None:
    figures = replace(found.figures, twr=NOTHING, annual=NOTHING, mwr=NOTHING)
    text = performance_text(replace(found, figures=figures))
    assert (text.twr, text.reason, text.annual) == (Figure("not available", "none"), NOTHING.reason, "")
    assert (text.mwr.text, text.mwr_note) == ("not available", NOTHING.reason)
    assert text.total.points.text == "—"


def test_money_weighted_is_a_year_from_a_year_on(found: Performance) -> None:
    assert performance_text(found).mwr_note == "a year, XIRR"
    shorter = replace(found.figures, mwr=MoneyWeighted(annual=0.5, period=0.0123, days=30, force=0.4))
    text = performance_text(replace(found, figures=shorter))
    assert (text.mwr.text, text.mwr_note) == ("+1.23 %", "for the span")


def test_coverage_counts_days_and_says_that_the_portfolio_is_younger(found: Performance) -> None:
    assert performance_text(found).coverage == ("448 of 448 days fully valued",)
    partly = replace(found.figures, incomplete=3)
    assert performance_text(replace(found, figures=partly)).coverage[0] == "445 of 448 days fully valued"
    young = performance_text(performance(long_held("bob"), SpanName.FIVE_YEARS))
    assert young.coverage[1] == "younger than this span: shown from its first day, 1 Mar 2011"


def test_what_came_without_a_price_and_days_on_which_nothing_could_earn_are_noted(found: Performance) -> None:
    assert performance_text(found).notes == ()
    figures = replace(found.figures, uncovered=D("150.00"), skipped=(date(2011, 3, 1),))
    text = performance_text(replace(found, figures=figures))
    assert text.uncovered == "+150.00"
    assert text.notes[0].startswith("+150.00 EUR came or went with holdings that had no price")
    assert text.notes[1].startswith("On 1 day ")


def test_nothing_has_the_places_of_the_currency_too() -> None:
    text = performance_text(performance(long_held(), first=date(2011, 4, 2), last=date(2011, 4, 2)))
    assert (text.flows, text.gain.text) == ("0.00", "0.00")
    assert performance_text(performance(long_held("bob"))).opening == "0.00"


# ---------- Addresses ----------


def test_an_address_keeps_what_it_does_not_change() -> None:
    asked = Asked(
        first=date(2012, 1, 2),
        last=date(2012, 3, 4),
        scope=Scope(PartBy.HOLDING, "A&B C"),
        by=PartBy.CLASS,
        against="IBM",
    )
    kept = "of=holding%3AA%26B+C&by=class&against=IBM"
    assert address(asked) == f"?from=2012-01-02&to=2012-03-04&{kept}"
    assert address(asked, name=SpanName.YEAR) == f"?span={SpanName.YEAR}&{kept}"
    assert address(asked, scope=Scope(), by=PartBy.HOLDING) == "?from=2012-01-02&to=2012-03-04&against=IBM"


def test_an_address_names_the_benchmark_only_where_it_is_another_than_the_remembered() -> None:
    usual = Asked(against="IBM", usual="IBM")
    assert address(usual) == f"?span={SpanName.YEAR_TO_DATE}"
    assert address(replace(usual, against="AAPL")).endswith("&against=AAPL")
    assert address(replace(usual, against="")).endswith("&against=")


def test_every_span_and_every_kind_of_part_has_a_name(found: Performance) -> None:
    assert SPAN_TEXTS.keys() == set(SpanName)
    assert BY_NAMES.keys() == set(PartBy)
    text = performance_text(found)
    assert [span.name for span in text.spans if span.is_current] == ["All"]
    assert [choice.name for choice in text.choices if choice.is_current] == ["Holding"]
    chosen = performance_text(performance(long_held("bob"), first=date(2011, 4, 1), last=date(2011, 4, 30)))
    assert not any(span.is_current for span in chosen.spans)


# ---------- Parts ----------


def test_parts_are_named_and_lead_to_their_own_figures(found: Performance) -> None:
    first = performance_text(found).parts[0]
    assert (first.name, first.width) == ("AAPL", "100.0")
    assert first.address == f"?span={SpanName.ALL}&of=holding%3AAAPL"
    account = found.book.accounts[0]
    assert part_name(found, PartBy.ACCOUNT, account.id) == "Broker"
    assert part_name(found, PartBy.ACCOUNT, "gone") == "gone"
    assert part_name(found, PartBy.CLASS, "cash") == "Cash"


def test_of_a_part_alone_its_parts_lead_nowhere() -> None:
    found = performance(long_held(), scope=Scope(PartBy.CLASS, "equity"), by=PartBy.HOLDING)
    assert [part.address for part in performance_text(found).parts] == [""]


def test_what_of_the_return_is_of_no_part_has_a_row(found: Performance) -> None:
    parts = PartsOfSpan((PartFigures("AAPL", D("-10.00"), -0.02),), timing=0.0123, weight=0.0)
    aapl, timing = performance_text(replace(found, parts=parts)).parts
    assert (aapl.points, aapl.gain.text) == (Figure("−2.00", "down"), "−10.00")
    assert (timing.key, timing.points) == ("timing", Figure("+1.23", "up"))
    none = replace(parts, timing=0.00004)
    assert len(performance_text(replace(found, parts=none)).parts) == 1


def test_of_many_parts_the_least_are_put_together_and_all_still_add_up(found: Performance) -> None:
    many = [PartFigures(f"S{number:02}", D(f"{number - 10}.25"), (number - 10) / 100) for number in range(20)]
    text = performance_text(replace(found, parts=PartsOfSpan(tuple(many), timing=0.0, weight=0.0)))
    assert [part.key for part in text.parts if part.is_minor] == [f"S{number:02}" for number in range(7, 15)]
    assert text.others is not None
    assert (text.others.name, text.others.gain.text, text.others.points.text) == ("8 others", "+4.50", "+4.00")
    few = performance_text(replace(found, parts=PartsOfSpan(tuple(many[:15]), timing=0.0, weight=0.0)))
    assert few.others is None
    assert not any(part.is_minor for part in few.parts)


def test_parts_without_a_contribution_have_no_bar(found: Performance) -> None:
    parts = PartsOfSpan((PartFigures("EUR cash", D("0.00"), 0.0),), timing=0.0, weight=0.0)
    assert [part.width for part in performance_text(replace(found, parts=parts)).parts] == ["0"]


# ---------- The benchmark ----------


def test_without_a_benchmark_there_is_no_word_of_one(found: Performance) -> None:
    assert performance_text(found).benchmark is None


@pytest.mark.parametrize(
    ("earned", "ahead"),
    [("0.2", "5.46 points ahead"), ("0.3", "4.54 points behind")],
)
def test_a_return_is_ahead_of_its_benchmark_or_behind(found: Performance, earned: str, ahead: str) -> None:
    text = benchmark_text(found, D(earned), D("12345.60"))
    assert (text.ahead, text.value, text.reason) == (ahead, "12,345.60", "")


def test_a_return_can_be_level_with_its_benchmark(found: Performance) -> None:
    assert isinstance(found.figures.twr, D)
    assert benchmark_text(found, found.figures.twr, D(1)).ahead == "level with it"


def test_a_benchmark_without_a_price_says_why(found: Performance) -> None:
    text = benchmark_text(found, NotAvailable("no price by 1980-01-01"), NotAvailable("no price by then"))
    assert (text.twr.text, text.reason, text.ahead) == ("not available", "no price by 1980-01-01", "")
    assert (text.value, text.value_reason) == ("", "no price by then")


def test_figures_and_days_are_written_as_their_reader_writes_them(found: Performance) -> None:
    with written_as(GERMAN):
        text = performance_text(found)
    assert text.words == "01.03.2011 to now"
    assert text.twr.text == CONTRACT["rendered"]["twr"].replace(".", ",")
    assert text.closing == "11.870,14"
