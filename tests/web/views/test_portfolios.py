from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.live.market import AAPL, IBM, OPEN, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import Book, book, deposit, person, purchase, share
from tickfolio.domain.instruments import Symbol
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services import portfolios
from tickfolio.services.market_records import instruments_register, market_changes_record
from tickfolio.services.portfolio_values import valuation_of
from tickfolio.services.transactions import transaction_add

pytestmark = pytest.mark.django_db
LATER = OPEN + timedelta(minutes=29)
FIGURE = re.compile(r'data-figure="(\w[\w-]*)">([^<]*)<')


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person.user_id))
    return client


def record(price: str = "510.00") -> None:
    """Prices of AAPL at the market's moment, one bar a minute; IBM has none."""
    bars = tuple(bar(f"{500 + minute}.00", at=OPEN + timedelta(minutes=minute)) for minute in range(0, 30, 10))
    market_changes_record(
        changes=changes(quotes=(quote(price, at=LATER),), bars=bars, clock=ClockPosition(run=1, at=LATER))
    )


def bought(*, currency: str = "USD") -> Book:
    """Alice's portfolio: 10 AAPL and the cash that is left of 5,000."""
    mine = book(person("alice"), currency=currency)
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "5000.00"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    return mine


def page_of(mine: Book, viewer: Person | None = None) -> str:
    answer = signed_in(viewer or mine.owner).get(f"/portfolios/{mine.portfolio_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def text_of(page: str, element: str) -> str:
    """What stands in the element with that id."""
    return page.split(f'id="{element}"', 1)[1].split(">", 1)[1].split("<", 1)[0]


def row_of(page: str, key: str) -> dict[str, str]:
    """The figures of a row of the holdings."""
    row = page.split(f'data-row="{key}"', 1)[1].split("</tr>", 1)[0]
    return dict(FIGURE.findall(row))


def before_templates(page: str) -> str:
    """The page without the rows that the scripts copy."""
    return page.split('<template id="row-template"', 1)[0]


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-").replace("+", ""))


# ---------- The first paint ----------


def test_the_page_shows_the_last_recorded_figures_before_any_script_runs() -> None:
    mine = bought()
    record()
    page = page_of(mine)
    assert (text_of(page, "total-value"), text_of(page, "total-minor")) == ("5,188", ".27")
    assert text_of(page, "coverage-priced") == "1 of 1 priced"
    row = row_of(page, f"h:{mine.account_id}:AAPL")
    assert (row["symbol"], row["price"], row["currency"], row["quantity"]) == ("AAPL", "510.00", "USD", "10")
    assert (row["value"], row["weight"], row["change"]) == ("4,009.12", "77.3 %", "+2.00 %")
    cash = row_of(page, f"c:{mine.account_id}:USD")
    assert (cash["symbol"], cash["quantity"], cash["value"], cash["cost"]) == ("USD", "1,500.00", "1,179.15", "—")
    assert (cash["price"], cash["currency"]) == ("0.78610", "EUR")
    assert "<title>Long term 5,188.27 EUR · Tickfolio</title>" in page


def test_the_head_is_the_sum_of_the_rows_on_the_page() -> None:
    mine = bought()
    record("511.37")
    page = page_of(mine)
    keys = re.findall(r'data-row="([^"]+)"', before_templates(page))
    rows = [row_of(page, key) for key in keys]
    assert len(rows) == 2
    for figure, shown in (("value", "total-value"), ("day", "total-day")):
        total = text_of(page, shown) + (text_of(page, "total-minor") if figure == "value" else "")
        assert sum(amount(row[figure]) for row in rows) == amount(total)


def test_the_parts_of_the_day_sum_to_it() -> None:
    mine = bought()
    record("511.37")
    strip = page_of(mine).split('id="attribution"', 1)[1].split("</ol>", 1)[0]
    parts = [amount(text) for _, text in FIGURE.findall(strip)]
    assert len(parts) == 7
    assert sum(parts[:6]) == parts[6]
    assert "1 holding" in strip
    assert ">USD<" in strip


def test_a_holding_without_a_price_has_a_dash_and_its_reason_and_is_in_no_total() -> None:
    mine = bought()
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, symbol=IBM, quantity="5"))
    record()
    page = page_of(mine)
    row = row_of(page, f"h:{mine.account_id}:IBM")
    assert (row["price"], row["value"], row["weight"], row["mark"]) == ("—", "—", "—", "no price")
    assert text_of(page, "coverage-priced") == "1 of 2 priced"
    assert text_of(page, "holdings-note") == "IBM: no price of IBM is known. Left out of every total."


def test_where_nothing_has_a_price_the_value_is_a_dash_and_no_zero() -> None:
    mine = book(person("alice"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine, "3500.00"))
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=purchase(mine, quantity="10"))
    market_changes_record(changes=changes(clock=ClockPosition(run=1, at=LATER)))
    page = page_of(mine)
    assert (text_of(page, "total-value"), text_of(page, "total-day")) == ("—", "—")
    assert text_of(page, "coverage-priced") == "0 of 1 priced"


def test_rows_are_grouped_by_account_with_subtotals_where_there_are_several() -> None:
    mine = bought()
    other = portfolios.account_create(
        actor=mine.owner, portfolio_id=mine.portfolio_id, name="A second bank", currency="EUR"
    )
    second = Book(mine.owner, mine.portfolio_id, other.id)
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(second, "100.00"))
    record()
    page = page_of(mine)
    first, last = page.index(f'data-group="{mine.account_id}"'), page.index(f'data-group="{other.id}"')
    assert first < last, "the account that is worth most comes first"
    group = page[first:].split("</tr>", 1)[0]
    assert dict(FIGURE.findall(group)) | {"value": "5,188.27", "count": "2"} == dict(FIGURE.findall(group))
    assert 'class="group" hidden' not in before_templates(page)


def test_one_account_needs_no_subtotal() -> None:
    mine = bought()
    record()
    assert 'class="group" hidden' in before_templates(page_of(mine))


def test_the_allocation_sums_to_the_value() -> None:
    mine = bought()
    record()
    listed = page_of(mine).split('id="allocation"', 1)[1].split("</ul>", 1)[0]
    figures = FIGURE.findall(listed)
    assert [text for name, text in figures if name == "name"] == ["AAPL", "Cash"]
    assert sum(amount(text) for name, text in figures if name == "value") == Decimal("5188.27")


# ---------- Empty ----------


def test_a_portfolio_without_accounts_offers_to_make_one() -> None:
    owner = person("alice")
    made = portfolios.portfolio_create(actor=owner, name="Empty", base_currency="EUR")
    page = page_of(Book(owner, made.id, ""))
    assert text_of(page, "empty-title") == "No account yet"
    assert f'href="/portfolios/{made.id}/accounts/new/"' in page
    assert 'id="holdings-panel" aria-labelledby="holdings-title" data-shown="open" hidden' in page


def test_a_portfolio_without_transactions_says_what_will_stand_there() -> None:
    mine = book(person("alice"))
    page = page_of(mine)
    assert text_of(page, "empty-title") == "Nothing held yet"
    assert (text_of(page, "total-value"), text_of(page, "coverage-priced")) == ("0", "nothing held")


# ---------- Who looks ----------


def test_a_viewer_is_offered_nothing_that_they_may_not_do() -> None:
    mine = bought()
    record()
    bob = share(mine, "bob", Role.VIEWER)
    page = page_of(mine, bob)
    assert row_of(page, f"h:{mine.account_id}:AAPL")["value"] == "4,009.12"
    assert "/import/" not in page
    assert "Add transaction" not in page


@pytest.mark.parametrize("address", ["", "today.json", "sparks.json"])
def test_another_persons_portfolio_answers_as_one_that_is_not_there(address: str) -> None:
    mine = bought()
    charlie = signed_in(person("charlie"))
    theirs = charlie.get(f"/portfolios/{mine.portfolio_id}/{address}")
    missing = charlie.get(f"/portfolios/00000000-0000-4000-8000-000000000000/{address}")
    assert (theirs.status_code, missing.status_code) == (404, 404)
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert strip.sub(b"", theirs.content) == strip.sub(b"", missing.content)


@pytest.mark.parametrize("address", ["", "today.json", "sparks.json"])
def test_the_pages_are_only_read_and_kept_by_no_cache(address: str) -> None:
    mine = bought()
    alice = signed_in(mine.owner)
    assert alice.post(f"/portfolios/{mine.portfolio_id}/{address}").status_code == 405
    assert alice.get(f"/portfolios/{mine.portfolio_id}/{address}").headers["Cache-Control"] == "private, no-store"


def test_a_visitor_is_led_to_sign_in_and_back(client: Client) -> None:
    mine = bought()
    answer = client.get(f"/portfolios/{mine.portfolio_id}/")
    assert answer.headers["Location"] == f"/sign-in/?next=/portfolios/{mine.portfolio_id}/"


# ---------- The rail ----------


def test_the_side_bar_lists_every_portfolio_with_its_day() -> None:
    mine = bought()
    record()
    page = page_of(mine)
    rail = page.split('id="rail-portfolios"', 1)[1].split("</div>", 1)[0]
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    assert f'data-portfolio="{mine.portfolio_id}" aria-current="page"' in rail
    assert f'data-figure="day-percent">+{totals.day_percent} %' in rail


# ---------- The data ----------


def test_the_charts_data_are_the_value_of_each_minute_and_the_reference() -> None:
    mine = bought()
    record()
    day = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/today.json").json()
    assert (day["currency"], day["session_day"], day["zone"]) == ("EUR", "2012-05-21", "UTC")
    assert day["opens_at"] == "2012-05-21T13:30:00.000Z"
    assert [point["at"] for point in day["points"]] == [
        "2012-05-21T13:31:00.000Z",
        "2012-05-21T13:41:00.000Z",
        "2012-05-21T13:51:00.000Z",
    ]
    totals = valuation_of(actor=mine.owner, portfolio_id=mine.portfolio_id).valuation.totals
    assert Decimal(day["reference"]) == totals.value - totals.day


def test_the_sparklines_are_of_what_is_held() -> None:
    mine = bought()
    record()
    document = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/sparks.json").json()
    (spark,) = document["sparks"]
    assert (spark["symbol"], spark["previous_close"], spark["price_places"]) == (AAPL, "500.00", 2)
    assert [(point["at"], Decimal(point["close"])) for point in spark["points"]][-1] == (
        "2012-05-21T13:50:00.000Z",
        Decimal("520.00"),
    )


def test_what_only_the_portfolio_knows_leads_to_its_bookings_whoever_has_its_symbol() -> None:
    mine = bought()
    own = purchase(mine, symbol="MSFT", currency="USD", creates_instrument=True, instrument_name="My shop")
    transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=own)
    instruments_register(instruments=[instrument(Symbol("MSFT"))])
    record()
    market_changes_record(
        changes=changes(
            quotes=(quote("29.75", symbol=Symbol("MSFT"), at=LATER),), bars=(bar("29.50", symbol=Symbol("MSFT")),)
        )
    )
    page = page_of(mine)
    assert f"/portfolios/{mine.portfolio_id}/instruments/MSFT/" in page
    assert f"/portfolios/{mine.portfolio_id}/instruments/AAPL/" in page
    assert "29.75" not in page
    document = signed_in(mine.owner).get(f"/portfolios/{mine.portfolio_id}/sparks.json").json()
    assert [spark["symbol"] for spark in document["sparks"]] == [AAPL]


# ---------- Cost ----------


@pytest.mark.django_db(transaction=True)
def test_the_page_asks_the_database_a_fixed_number_of_times(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = bought()
    record()
    alice = signed_in(mine.owner)
    alice.get(f"/portfolios/{mine.portfolio_id}/")
    with django_assert_max_num_queries(28):
        alice.get(f"/portfolios/{mine.portfolio_id}/")
