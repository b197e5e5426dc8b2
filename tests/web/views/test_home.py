from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.live.market import IBM, OPEN
from tests.services.changes import changes, quote
from tests.services.import_files import previewed
from tests.services.ledger_entries import Book, book, deposit, person, purchase, share
from tests.services.test_income_reports import know, take
from tickfolio.domain.ledger.options import ActionRule
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import people, portfolios
from tickfolio.services.market_records import market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import transaction_add

pytestmark = pytest.mark.django_db
LATER = OPEN + timedelta(minutes=29)
FIGURE = re.compile(r'data-figure="([\w-]+)">([^<]*)<')


def home_of(person: Person) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def record(*, is_late: bool = False) -> None:
    """A price of AAPL, which rose by 2 percent, at the market's moment or an hour before it; IBM has none."""
    at = LATER - timedelta(minutes=29) if is_late else LATER
    clock = ClockPosition(run=1, at=LATER + timedelta(hours=is_late))
    market_changes_record(changes=changes(quotes=(quote("510.00", at=at),), clock=clock))


def bought(owner: Person, *, name: str = "Long term") -> Book:
    """A portfolio with 10 AAPL and the cash that is left of 5,000."""
    mine = book(owner, name=name)
    transaction_add(actor=owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000.00"))
    transaction_add(actor=owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    return mine


def figures(page: str, marker: str, end: str) -> dict[str, str]:
    return dict(FIGURE.findall(page.split(marker, 1)[1].split(end, 1)[0]))


# ---------- Signed in ----------


def test_home_lists_every_portfolio_with_its_value_and_day() -> None:
    alice = person("alice")
    mine = bought(alice)
    record()
    page = home_of(alice)
    totals = valuation_of(actor=alice, portfolio_id=mine.portfolio_id).valuation.totals
    entry = figures(page, f'<tr role="row" data-portfolio="{mine.portfolio_id}"', "</tr>")
    assert (entry["name"], entry["value"], entry["currency"]) == ("Long term", "5,188.27", "EUR")
    assert entry["day-percent"] == f"+{totals.day_percent} %"
    assert entry["coverage"] == "1 of 1 priced"
    assert f'href="/portfolios/{mine.portfolio_id}/"' in page


def test_portfolios_of_one_currency_are_summed_with_their_percentage() -> None:
    alice = person("alice")
    books = [bought(alice), bought(alice, name="Pension")]
    record()
    worth = figures(home_of(alice), 'data-worth="EUR"', "</div>")
    every = [valuation_of(actor=alice, portfolio_id=each.portfolio_id).valuation.totals for each in books]
    assert (worth["count"], worth["value"], worth["minor"]) == ("2 portfolios", "10,376", ".54")
    assert worth["day"] == f"+{sum(each.day for each in every)}"
    percent = 100 * sum(each.day for each in every) / sum(each.day_opening for each in every)
    assert worth["day-percent"] == f"+{percent:.2f} %"


def test_portfolios_of_several_currencies_are_one_figure_in_the_currency_that_is_preferred() -> None:
    alice = person("alice")
    bought(alice)
    dollars = portfolios.portfolio_create(actor=alice, name="In dollars", base_currency="USD")
    account = portfolios.account_create(actor=alice, portfolio_id=dollars.id, name="Bank", currency="USD")
    transaction_add(actor=alice, portfolio_id=dollars.id, draft=deposit(Book(alice, dollars.id, account.id), "1000.00"))
    record()
    page = home_of(alice)
    in_euros = valuation_of(actor=alice, portfolio_id=dollars.id, base=Currency("EUR")).valuation.totals
    worth = figures(page, 'data-worth="EUR"', "</div>")
    assert page.count("data-worth=") == 2  # the other one is the template
    assert f"{worth['value']}{worth['minor']}" == f"{Decimal('5188.27') + in_euros.value:,}"
    entry = figures(page, f'<tr role="row" data-portfolio="{dollars.id}"', "</tr>")
    assert (entry["value"], entry["currency"]) == ("1,000.00", "USD")
    assert (entry["home-value"], entry["home-currency"]) == (f"{in_euros.value:,}", "EUR")
    assert "<option selected>EUR</option><option>USD</option>" in page
    people.currency_choose(user_id=alice.user_id, currency="USD")
    page = home_of(alice)
    assert figures(page, f'<tr role="row" data-portfolio="{dollars.id}"', "</tr>")["home-value"] == ""
    assert "<option>EUR</option><option selected>USD</option>" in page
    day = figures(page, 'data-worth="USD"', "</div>")["day"]
    assert f">{day}<" in page.split('id="attribution"', 1)[1].split("</ol>", 1)[0]


def test_where_all_have_one_base_currency_it_is_the_one_of_home_whatever_is_preferred() -> None:
    alice = person("alice")
    bought(alice)
    people.currency_choose(user_id=alice.user_id, currency="USD")
    page = home_of(alice)
    assert 'data-worth="EUR"' in page
    assert 'id="home-currency"' not in page


def test_movers_are_told_once_with_their_effect_in_each_currency() -> None:
    alice = person("alice")
    mine = bought(alice)
    bought(alice, name="Pension")
    record()
    movers = home_of(alice).split('id="movers"', 1)[1].split("</ul>", 1)[0]
    assert movers.count("<li>") == 1
    told = dict(FIGURE.findall(movers))
    assert (told["symbol"], told["change"]) == ("AAPL", "+2.00 %")
    row = next(
        row for row in valuation_of(actor=alice, portfolio_id=mine.portfolio_id).valuation.rows if row.symbol == "AAPL"
    )
    assert f">+{row.worth.day.total * 2}<" in movers  # type: ignore[union-attr]


def test_the_day_and_the_division_of_all_are_told_and_what_is_not_booked_waits() -> None:
    alice = person("alice")
    mine = bought(alice)
    record()
    page = home_of(alice)
    parts = page.split('id="attribution"', 1)[1].split("</ol>", 1)[0]
    assert parts.count("<li") == 7
    # Without one of these the script of the chart, which the page of a portfolio has too, would fail.
    for element in ("chart", "chart-day", "chart-zone", "value-since", "legend-reference", "chart-table-button"):
        assert f' id="{element}"' in page
    assert "Shares" in page.split('id="allocation"', 1)[1].split("</ul>", 1)[0]
    assert "nothing is declared for what you hold" in page
    take(mine, ActionRule.NONE)
    know("2012-05-14", "0.50")
    page = home_of(alice)
    notes = page.split('id="notes"', 1)[1].split("</ul>", 1)[0]
    assert "AAPL dividend not booked" in notes
    assert f'href="/portfolios/{mine.portfolio_id}/actions/"' in notes
    assert 'id="concerns-count">1<' in page


def test_what_has_no_price_or_an_old_one_needs_attention() -> None:
    alice = person("alice")
    mine = bought(alice)
    transaction_add(actor=alice, portfolio_id=mine.portfolio_id, draft=purchase(mine, symbol=IBM, quantity="1"))
    record(is_late=True)
    concerns = home_of(alice).split('id="concerns"', 1)[1].split("</ul>", 1)[0]
    assert re.findall(r'data-figure="what">([^<]*)<', concerns) == ["IBM has no value", "The price of AAPL is old"]
    assert "no price of IBM is known" in concerns


def test_without_a_portfolio_there_are_the_ways_to_the_first_one() -> None:
    page = home_of(person("alice"))
    assert 'href="/portfolios/new/?then=trade"' in page
    assert "Open the demo portfolio" not in page
    assert "Import a file" in page
    assert "portfolio-table" not in page


def test_nobody_sees_what_belongs_to_another() -> None:
    bought(person("alice"), name="Alice alone")
    assert "Alice alone" not in home_of(person("charlie"))


def test_decimal_places_of_a_currency_without_cents_are_none() -> None:
    alice = person("alice")
    yen = portfolios.portfolio_create(actor=alice, name="In yen", base_currency="JPY")
    account = portfolios.account_create(actor=alice, portfolio_id=yen.id, name="Bank", currency="JPY")
    transaction_add(actor=alice, portfolio_id=yen.id, draft=deposit(Book(alice, yen.id, account.id), "123456"))
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=LATER)))
    worth = figures(home_of(alice), 'data-worth="JPY"', "</div>")
    assert (worth["value"], worth["minor"]) == ("123,456", "")


@pytest.mark.django_db(transaction=True)
def test_the_head_leads_to_the_first_portfolio_that_one_may_write_to() -> None:
    alice = person("alice")
    mine = bought(alice)
    assert f'id="add-transaction" href="/portfolios/{mine.portfolio_id}/transactions/new/"' in home_of(alice)
    assert 'id="add-transaction"' not in home_of(share(mine, "bob", Role.VIEWER))


def test_a_file_that_waits_is_among_what_needs_attention() -> None:
    alice = person("alice")
    mine = bought(alice)
    record()
    previewed(mine, b"date,type,amount\nnonsense\n")
    page = home_of(alice)
    assert "1 import row cannot be booked" in page
    assert "Long term: trades.csv" in page


@pytest.mark.django_db(transaction=True)
def test_each_further_portfolio_costs_few_questions() -> None:
    """Without a transaction around it, as on a server: within one no ledger is kept between its value and its income."""
    alice = person("alice")
    bought(alice, name="One")
    bought(alice, name="Two")
    record()
    two = questions_of_home(alice)
    bought(alice, name="Three")
    record()
    three = questions_of_home(alice)
    assert three <= 33
    # May she see it, and where does its ledger stand: for its value and for its income; and which files wait for her.
    assert three - two <= 6


def questions_of_home(person: Person) -> int:
    """How many the home page asks of the database when it is looked at again."""
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    return len(asked)


# ---------- Not signed in ----------


def test_a_visitor_is_welcomed_and_shown_the_ways_in(client: Client) -> None:
    page = client.get("/").content.decode()
    for address in ("/sign-in/", "/sign-up/", "/stocks/"):
        assert f'href="{address}"' in page
    assert "demo" not in page


def test_the_stocks_are_offered_to_visitors_only_where_they_may_see_them(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert "Look at the stocks" not in client.get("/").content.decode()
    settings.TICKFOLIO_ANONYMOUS_QUOTES = True
    assert "Look at the stocks" in client.get("/").content.decode()


def test_sign_up_is_offered_only_where_it_is_open(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_SIGN_UP = False
    assert 'href="/sign-up/"' not in client.get("/").content.decode()


def test_the_demo_offers_its_portfolio_in_one_click(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_MODE = "demo"
    people.demo_owner_create()
    page = client.get("/", HTTP_HOST="127.0.0.1:8000", REMOTE_ADDR="127.0.0.1").content.decode()
    assert 'method="post" action="/demo/sign-in/"' in page
    assert "Open the demo portfolio" in page


def test_the_demo_is_offered_to_who_has_no_portfolio_yet(settings: Settings) -> None:
    settings.TICKFOLIO_MODE = "demo"
    people.demo_owner_create()
    alice = person("alice")
    client = Client()
    client.force_login(User.objects.get(pk=alice.user_id))
    client.defaults |= {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}
    assert "Open the demo portfolio" in client.get("/").content.decode()
    bought(alice)
    assert "Open the demo portfolio" not in client.get("/").content.decode()


def test_the_demo_is_offered_to_nobody_from_elsewhere(client: Client, settings: Settings) -> None:
    settings.TICKFOLIO_MODE = "demo"
    settings.ALLOWED_HOSTS = ["*"]
    people.demo_owner_create()
    answer = client.get("/", HTTP_HOST="tickfolio.example.org", REMOTE_ADDR="203.0.113.5")
    assert "/demo/sign-in/" not in answer.content.decode()


def test_no_cache_keeps_what_somebody_saw(client: Client) -> None:
    assert client.get("/").headers["Cache-Control"] == "private, no-store"
    assert client.post("/").status_code == 405


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        ((), "Every instrument of the replay, live"),
        (("simulated",), "Every instrument that somebody here has booked or asked for, live"),
        (("yahoo",), "Any symbol that the feeds know, live, and what your portfolios are about"),
    ],
)
def test_who_has_no_portfolio_is_told_what_the_stocks_are_on_this_instance(
    settings: Settings, feeds: tuple[str, ...], told: str
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = not feeds, feeds
    assert told in home_of(person("alice"))
