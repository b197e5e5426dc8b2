from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from urllib.parse import quote as quoted

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.live.market import IBM, OPEN
from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, share
from tests.web.performances import CONTRACT, long_held, market_at
from tests.web.views.test_portfolios import signed_in, text_of
from tickfolio.identity.models import Locale, User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.benchmark_choice import benchmark_choose
from tickfolio.services.portfolios import account_create, portfolio_update

pytestmark = pytest.mark.django_db
LABEL = re.compile(r'id="words">([^<]*)<')
HOSTILE = "</script><script>alert(1)</script>\"'<b>&amp;"


def page(mine: Book, query: str = "", *, viewer: Person | None = None) -> str:
    answer = signed_in(viewer or mine.owner).get(f"/portfolios/{mine.portfolio_id}/performance/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def words(shown: str) -> str:
    found = LABEL.search(shown)
    assert found is not None
    return found[1]


def alert_of(shown: str) -> str:
    """What is said of what cannot be shown."""
    return shown.split('role="alert"', 1)[1].split("</div>", 1)[0]


def data_of(shown: str) -> dict[str, object]:
    """What the scripts read."""
    told = shown.split('id="performance-data"', 1)[1].split(">", 1)[1].split("</script>", 1)[0]
    data: dict[str, object] = json.loads(told)
    return data


def current(shown: str) -> list[str]:
    """The links and choices that are the shown ones."""
    asked = shown.split('class="page-head"', 1)[1]
    return re.findall(r'aria-current="true">([^<]+)<', asked) + re.findall(r"selected>([^<]+)<", asked)


# ---------- Spans ----------


def test_the_year_to_date_is_shown_first() -> None:
    mine = long_held()
    shown = page(mine)
    assert words(shown) == "Time-weighted return, 1 Jan 2012 to now"
    assert current(shown) == ["YTD", "Holding"]
    assert data_of(shown)["first"] == "2011-12-31"


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ("1d", "today"),
        ("1w", "15 May 2012 to now"),
        ("mtd", "1 May 2012 to now"),
        ("1y", "22 May 2011 to now"),
        ("all", "1 Mar 2011 to now"),
        ("ALL", "1 Mar 2011 to now"),
    ],
)
def test_each_span_has_its_address(span: str, told: str) -> None:
    assert words(page(long_held(), f"?span={span}")) == f"Time-weighted return, {told}"


def test_the_live_figures_of_all_time_are_those_of_the_contract() -> None:
    shown = page(long_held(), "?span=all")
    rendered = CONTRACT["rendered"]
    for element, name in {"twr": "twr", "gain": "gain", "closing": "closing", "annual": "annual", "mwr": "mwr"}.items():
        assert text_of(shown, element) == rendered[name]
    assert text_of(shown, "month-now") == rendered["month"]
    assert text_of(shown, "year-now") == rendered["year"]


def test_days_can_be_chosen_and_the_links_of_parts_keep_them() -> None:
    shown = page(long_held(), "?from=2011-04-01&to=2011-04-30")
    assert words(shown) == "Time-weighted return, 1 Apr 2011 to 30 Apr 2011"
    assert current(shown) == ["Holding"]
    assert 'href="?from=2011-04-01&amp;to=2011-04-30&amp;of=holding%3AAAPL"' in shown
    assert data_of(shown)["ends_now"] is False
    assert data_of(shown)["edge"] is None


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("?span=2y", "Expected a span such as 1d, 1w, "),
        ("?span=%3Cscript%3E", "&#x27;&lt;script&gt;&#x27;"),
        ("?from=2011-04-01", "was only one of them"),
        ("?to=2011-04-01", "was only one of them"),
        ("?from=yesterday&to=today", "Expected a day such as 2012-05-21, was &#x27;yesterday&#x27;"),
        ("?from=2011-13-45&to=2011-04-01", "Expected a day such as"),
        ("?from=2011-04-30&to=2011-04-01", "Expected"),
        ("?from=2012-05-01&to=2031-01-01", "ends by 2012-05-21"),
        ("?from=0001-01-01&to=9999-12-31", "Expected"),
        ("?of=AAPL", "Expected a part such as holding:AAPL"),
        ("?of=colour:red", "Expected a part such as holding:AAPL"),
        ("?of=holding:IBM", "Expected one of the portfolio by holding"),
        ("?of=account:" + "9" * 5000, "Expected one of the portfolio by account"),
        ("?against=NOPE", "Expected a benchmark such as AAPL"),
        ("?against=" + "%3Cb%3E" * 90, "Expected a benchmark such as AAPL"),
        ("?span=%01", "Expected a span such as"),
    ],
)
def test_what_cannot_be_shown_is_named_and_something_else_stands_there(query: str, problem: str) -> None:
    shown = page(long_held(), query)
    alert = alert_of(shown)
    assert "What was asked for is not shown: this is " in alert
    assert problem in alert
    assert "<script>" not in alert
    assert words(shown) == "Time-weighted return, 1 Jan 2012 to now"


@pytest.mark.parametrize(
    ("query", "instead", "field"),
    [
        ("?span=2y&of=holding:AAPL&against=IBM", "the year to date", "from"),
        ("?span=1y&of=holding:NOPE&against=IBM", "the whole portfolio", "of"),
        ("?span=1y&of=holding:AAPL&against=NOPE", "without a benchmark", "against"),
        ("?span=2y&of=holding:NOPE&against=IBM", "the year to date of the whole portfolio", "from"),
        ("?span=2y&of=holding:AAPL&against=NOPE", "the year to date, without a benchmark", "against"),
        ("?span=2y&of=NOPE&against=NOPE", "the year to date of the whole portfolio, without a benchmark", "against"),
    ],
)
def test_only_what_is_wrong_is_left_out(query: str, instead: str, field: str) -> None:
    shown = page(long_held(), query)
    assert f"this is {instead}</strong>" in alert_of(shown)
    assert f'<a href="#{field}">' in alert_of(shown)
    assert ("1Y" in current(shown)) is ("span=1y" in query)
    assert ("> · AAPL</h1>" in shown.replace("</span>", ">")) is ("holding:AAPL" in query)
    assert ("The same flows in IBM" in shown) is ("against=IBM" in query)


def test_of_a_wrong_benchmark_the_one_that_is_remembered_stands_there() -> None:
    mine = long_held()
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    assert "this is beside IBM</strong>" in alert_of(page(mine, "?against=NOPE"))


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("?from=2011-04-30&to=2011-04-01", "2011-04-30", "2011-04-01"),
        ("?from=2011-04-30&to=2011-04-01&against=NOPE", "2011-04-30", "2011-04-01"),
        ("?from=2011-04-01", "2011-04-01", ""),
        ("?from=%22%3E%3Cb%3E&to=2011-04-01", "", "2011-04-01"),
        ("?from=2011-04-01&to=2011-04-30&against=NOPE", "2011-04-01", "2011-04-30"),
        ("?span=nope", "2012-01-01", "2012-05-21"),
    ],
)
def test_the_days_that_were_typed_stay_in_the_form(query: str, first: str, last: str) -> None:
    shown = page(long_held(), query)
    assert f'name="from" value="{first}"' in shown
    assert f'name="to" value="{last}"' in shown


# ---------- Parts and a benchmark ----------


def test_a_part_has_a_page_of_its_own_with_a_way_back() -> None:
    mine = long_held()
    shown = page(mine, "?span=1y&of=holding:AAPL&against=ibm")
    assert ">Long term</span> · AAPL</h1>" in shown
    assert "Moved in less out" in shown
    assert 'href="?span=1y&amp;against=IBM">The whole portfolio</a>' in shown
    assert 'href="?span=all&amp;of=holding%3AAAPL&amp;against=IBM"' in shown
    assert "AAPL" in current(shown)
    account = page(mine, f"?of=account:{mine.account_id}")
    assert ">Long term</span> · Broker</h1>" in account


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ("holding", {"AAPL", "USD cash"}),
        ("class", {"equity", "cash"}),
        ("currency", {"USD"}),
        ("%3Cscript%3E", {"AAPL", "USD cash"}),
    ],
)
def test_parts_are_summed_by_what_is_asked_for_and_by_holding_otherwise(by: str, parts: set[str]) -> None:
    shown = page(long_held(), f"?by={by}")
    assert set(re.findall(r'data-part="([^"]*)"', shown)) == parts | {"total"}


def test_a_benchmark_stands_beside_the_return_and_takes_the_same_flows() -> None:
    mine = long_held()
    shown = page(mine, "?span=1y&against=ibm")
    assert "The same flows in IBM" in shown
    assert re.search(r"points (ahead|behind)", shown)
    assert "<dt>Beta</dt>" in shown
    assert data_of(shown)["benchmark"] is not None
    assert "Beta" not in page(mine, "?span=1y")


def test_the_remembered_benchmark_is_shown_unless_another_one_or_none_is_asked_for() -> None:
    mine = long_held()
    benchmark_choose(actor=mine.owner, portfolio_id=mine.portfolio_id, symbol="IBM")
    shown = page(mine)
    assert "The same flows in IBM" in shown
    assert 'href="?span=1y"' in shown
    assert "The same flows in AAPL" in page(mine, "?against=AAPL")
    without = page(mine, "?against=")
    assert "The same flows in" not in without
    assert 'href="?span=1y&amp;against="' in without
    assert "The same flows in IBM" in page(mine, "?span=nope")


def test_a_short_span_says_once_why_it_has_no_risk() -> None:
    shown = page(long_held(), "?span=1w")
    assert shown.count("It needs 20 returns") == 1


# ---------- Who sees it ----------


def test_an_empty_portfolio_says_so_and_a_wrong_address_changes_nothing() -> None:
    mine = book(person("carol"))
    for query in ("", "?span=nope", "?of=holding:AAPL"):
        shown = page(mine, query)
        assert "Nothing was booked yet" in shown
        assert "performance-data" not in shown


def test_a_viewer_sees_what_the_owner_sees() -> None:
    mine = long_held()
    viewer = share(mine, "bob", Role.VIEWER)
    assert text_of(page(mine, viewer=viewer), "twr") == text_of(page(mine), "twr")


def test_somebody_elses_portfolio_is_not_found() -> None:
    mine = long_held()
    stranger = signed_in(person("mallory"))
    for query in ("", "?span=nope", f"?of=account:{mine.account_id}"):
        assert stranger.get(f"/portfolios/{mine.portfolio_id}/performance/{query}").status_code == 404


def test_only_reading_is_allowed() -> None:
    mine = long_held()
    assert signed_in(mine.owner).post(f"/portfolios/{mine.portfolio_id}/performance/").status_code == 405


# ---------- Words of others ----------


def test_names_are_only_ever_text() -> None:
    mine = long_held()
    portfolio_update(actor=mine.owner, portfolio_id=mine.portfolio_id, name=HOSTILE, base_currency="EUR")
    other = account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name=HOSTILE, currency="USD")
    add(mine, deposit(mine, "10.00", account_id=other.id))
    for query in ("?by=account", f"?of=account:{other.id}", f"?of={quoted(HOSTILE)}"):
        shown = page(mine, query)
        assert "<script>alert" not in shown
        assert "<b>" not in shown
        assert html.escape(HOSTILE) in shown
        data_of(shown)


def test_a_name_of_an_instrument_is_only_ever_text() -> None:
    mine = long_held()
    made = {"symbol": "HLX.R", "currency": "USD", "creates_instrument": True, "instrument_name": HOSTILE}
    add(mine, purchase(mine, quantity="1", price="10.00", **made))
    for query in ("", "?of=holding:HLX.R"):
        shown = page(mine, query)
        assert "HLX.R" in shown
        assert "<script>alert" not in shown
        data_of(shown)


def test_a_german_reader_gets_german_figures_and_days() -> None:
    mine = long_held()
    User.objects.filter(pk=mine.owner.user_id).update(locale=Locale.GERMAN)
    shown = page(mine, "?span=all")
    assert words(shown) == "Time-weighted return, 01.03.2011 to now"
    assert text_of(shown, "closing") == "11.870,14"
    assert 'value="2011-03-01"' in shown  # the field of a day is the browser's
    assert data_of(shown)["closing"] == "11870.14"


# ---------- What it costs ----------


def test_the_number_of_queries_does_not_grow_with_the_ledger(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = long_held()
    client = signed_in(mine.owner)
    address = f"/portfolios/{mine.portfolio_id}/performance/?span=all&against=IBM"
    client.get(address)
    with django_assert_max_num_queries(40) as few:
        client.get(address)
    for number in range(12):
        account = account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name=f"A{number}", currency="USD")
        later = OPEN - timedelta(days=40 + number)
        add(mine, deposit(mine, "1000.00", at=later, account_id=account.id))
        add(mine, purchase(mine, quantity="1", price="100.00", symbol=IBM, at=later, account_id=account.id))
    market_at("512.00", minutes=2)
    client.get(address)
    with django_assert_max_num_queries(40) as many:
        client.get(address)
    assert len(many) <= len(few)
