"""The page of the gains report, its file, and the form of the holding periods."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, add, book, deposit, person, purchase, sale, share
from tests.web.views.test_portfolios import record
from tests.web.visits import address, errors_on, set_market_clock, signed_in, text_of
from tickfolio.domain.corporate_actions import CapitalRepayment, CashDividend
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.holding_periods import DayCount, HoldingPeriods
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios
from tickfolio.services.corporate_actions import actions_record
from tickfolio.services.drafts import TransactionDraft

pytestmark = pytest.mark.django_db

LOTS = re.compile(r"<tr role=\"row\" data-lot>.*?</tr>", re.DOTALL)


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


@pytest.fixture
def traded(alices: Book) -> Book:
    """Ten shares bought in March 2011, of which four were sold in June 2011 and one in April 2012."""
    add(alices, purchase(alices))
    add(alices, sale(alices, quantity="4", price="360.00", at=at("2011-06-01T15:00")))
    add(alices, sale(alices, quantity="1", price="340.00", at=at("2012-04-02T15:00")))
    return alices


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(client: Client, mine: Book, query: str = "") -> str:
    answer = client.get(address(mine, f"gains/{query}"))
    assert answer.status_code == 200
    return text_of(answer)


def sent(client: Client, mine: Book, query: str = "") -> str:
    answer = client.get(address(mine, f"gains.csv{query}"))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a stream, which the client has no type for


# ---------- The page ----------


def test_an_empty_portfolio_says_what_will_stand_there(client: Client, alices: Book) -> None:
    page = shown(client, alices)
    assert "Nothing was closed yet" in page
    assert "gains.csv" not in page
    assert 'aria-label="Years"' not in page


def test_the_newest_year_is_shown_and_every_other_a_click_away(client: Client, traded: Book) -> None:
    page = shown(client, traded)
    assert len(LOTS.findall(page)) == 1
    assert re.findall(r'<a class="chip num" href="([^"]+)"( aria-current="true")?', page) == [
        ("?year=2012", ' aria-current="true"'),
        ("?year=2011", ""),
    ]
    (lot,) = LOTS.findall(shown(client, traded, "?year=2011"))
    assert "1 Mar 2011" in lot
    assert "1 Jun 2011" in lot
    assert "+40.00 USD" in lot
    assert len(LOTS.findall(shown(client, traded, "?year=all"))) == 2


def test_a_row_leads_to_what_closed_it(client: Client, traded: Book) -> None:
    (lot,) = LOTS.findall(shown(client, traded))
    found = re.search(r'href="([^"]+)"', lot)
    assert found is not None
    assert "Sell" in text_of(client.get(found[1]))


def test_what_a_corporate_action_closed_leads_to_the_corporate_actions(client: Client, traded: Book) -> None:
    repaid = CapitalRepayment(Symbol("AAPL"), date(2012, 5, 2), Decimal(1000), Currency("USD"))
    paid = CashDividend(Symbol("AAPL"), date(2012, 4, 25), Decimal("2.65"), Currency("USD"))
    actions_record(actions=[repaid, paid], source="replay", at=at("2012-05-21T18:00"))
    page = shown(client, traded)
    lot = LOTS.findall(page)[-1]
    assert f'href="{address(traded, "actions/")}"' in lot
    assert "return of capital" in lot
    told = re.search(r"Of the dividends, <span class=\"amount\">(\S+) EUR</span> come from", page)
    assert told is not None
    assert re.search(rf'<dt>Dividends</dt><dd class="num"><a [^>]*><span class="none amount">{told[1]}</span>', page)


def test_what_is_held_stands_there_with_its_gain_and_all_years_lead_to_the_value(client: Client, traded: Book) -> None:
    record()
    page = shown(client, traded)
    (held,) = re.findall(r"<tr role=\"row\" data-holding>.*?</tr>", page, re.DOTALL)
    assert "AAPL" in held
    assert re.search(r"\+[\d,.]+ USD", held)
    assert "From what was paid in" not in page
    assert "From what was paid in" not in shown(client, traded, "?year=all&symbol=AAPL")
    table = shown(client, traded, "?year=all").split("gain-steps")[1].split("</table>")[0]
    steps = re.findall(r'class="\w+ amount">([^<]+)</span>(?:</a>)?</td></tr>', table)
    paid_in, *parts, value, gained = (Decimal(each.replace("−", "-").replace(",", "")) for each in steps)
    assert paid_in + sum(parts) == value == paid_in + gained


def test_without_a_price_all_years_say_why_there_is_no_way_to_the_value(client: Client, traded: Book) -> None:
    page = shown(client, traded, "?year=all")
    assert "Not available: no price of AAPL is known." in page
    assert "not available" in page.split("gain-held")[1]


def test_what_is_held_stands_there_before_anything_was_closed(client: Client, alices: Book) -> None:
    add(alices, purchase(alices))
    record()
    page = shown(client, alices)
    assert "Unrealized gains now" in page
    assert "From what was paid in" in page


def test_lots_are_those_of_an_account_and_a_symbol(client: Client, traded: Book) -> None:
    other = portfolios.account_create(actor=traded.owner, portfolio_id=traded.portfolio_id, name="Bank", currency="EUR")
    add(traded, purchase(traded, account_id=other.id, symbol="IBM"))
    add(traded, sale(traded, account_id=other.id, symbol="IBM", quantity="2", at=at("2012-03-01T15:00")))
    assert len(LOTS.findall(shown(client, traded))) == 2
    for query in (f"?account={other.id}", "?symbol=IBM", f"?year=2012&account={other.id}&symbol=IBM"):
        (lot,) = LOTS.findall(shown(client, traded, query))
        assert "IBM" in lot
    page = shown(client, traded, f"?account={other.id}&symbol=AAPL")
    assert "Nothing matches" in page
    assert f"?year=2011&amp;account={other.id}&amp;symbol=AAPL" in page


def test_a_filter_that_cannot_be_read_is_named_and_not_applied(client: Client, traded: Book) -> None:
    page = shown(client, traded, "?symbol=WINE&year=2011")
    assert "Symbol: Expected a symbol of the list, was WINE." in page
    assert len(LOTS.findall(page)) == 1
    assert "Gains of 2012" in page
    assert "Year: Expected a year of the list, was 1999." in shown(client, traded, "?year=1999")


def test_a_year_without_a_lot_shows_what_was_paid_in_it(client: Client, traded: Book) -> None:
    dividend = TransactionDraft(
        type=TransactionType.DIVIDEND,
        account_id=traded.account_id,
        at=at("2010-03-01T15:00"),
        symbol="AAPL",
        gross=Decimal(20),
    )
    add(traded, dividend)
    page = shown(client, traded, "?year=2010")
    assert "No lot was closed in this year" in page
    assert re.search(r'<dt>Dividends</dt><dd class="num"><a [^>]*><span class="none amount">1[45]\.\d\d</span>', page)


def test_figures_and_days_are_as_the_person_writes_them(traded: Book) -> None:
    page = shown(signed_in(traded.owner, locale="de"), traded, "?year=2011")
    assert "+40,00 USD" in page
    assert "01.06.2011" in page


def test_a_lot_without_its_cost_is_left_out_of_the_sums_and_said_so(client: Client, alices: Book) -> None:
    moved = TransactionDraft(
        type=TransactionType.TRANSFER_IN,
        account_id=alices.account_id,
        at=at("2011-03-01T15:00"),
        symbol="AAPL",
        quantity=Decimal(5),
    )
    add(alices, moved)
    add(alices, sale(alices, quantity="5", at=at("2011-06-01T15:00")))
    page = shown(client, alices)
    assert "not available" in page
    assert "One lot is left out of the sums: what was transferred in on 2011-03-01 came without its cost." in page


def test_many_lots_are_shown_a_hundred_at_a_time_and_sum_to_all(client: Client, alices: Book) -> None:
    wine = {"creates_instrument": True, "instrument_name": "A cask", "currency": "EUR"}
    add(alices, purchase(alices, quantity="101", price="1.00", symbol="WINE", **wine))
    for number in range(101):
        moment = at("2011-06-01T15:00") + timedelta(minutes=number)
        add(alices, sale(alices, quantity="1", price="3.00", symbol="WINE", at=moment))
    page = shown(client, alices)
    assert len(LOTS.findall(page)) == 100
    assert "1–100 of 101" in page
    assert "+202.00" in page
    assert 'rel="next" href="?year=2011&amp;page=2"' in page
    second = shown(client, alices, "?year=2011&page=2")
    assert len(LOTS.findall(second)) == 1
    assert 'rel="prev" href="?year=2011"' in second
    assert sent(client, alices, "?year=2011").count("\r\n") == 102


def test_days_are_those_of_the_owner_whoever_looks(traded: Book) -> None:
    viewer = share(traded, "vera", Role.VIEWER)
    signed_in(traded.owner, time_zone="Asia/Tokyo")
    page = shown(signed_in(viewer, time_zone="America/New_York"), traded, "?year=2011")
    assert "2 Jun 2011" in page


def test_it_is_linked_from_every_page_of_the_portfolio(client: Client, alices: Book) -> None:
    for rest in ("", "transactions/", "members/", "settings/"):
        assert f'href="{address(alices, "gains/")}"' in text_of(client.get(address(alices, rest)))


# ---------- The file ----------


def test_the_file_has_what_the_page_shows(client: Client, traded: Book) -> None:
    answer = client.get(address(traded, "gains.csv?year=2011"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="long-term-gains-2011.csv"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert f'href="{address(traded, "gains.csv")}?year=2011"' in shown(client, traded, "?year=2011")
    assert sent(client, traded, "?year=2011").count("\r\n") == 2
    assert sent(client, traded, "?symbol=IBM&symbol=AAPL").count("\r\n") == 3
    assert sent(client, traded).count("\r\n") == 3


def test_a_file_of_what_cannot_be_read_is_refused(client: Client, traded: Book) -> None:
    answer = client.get(address(traded, "gains.csv?year=1999"))
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_query"
    assert answer.json()["detail"] == "year: Expected a year of the list, was 1999."


# ---------- Who may ----------


@pytest.mark.parametrize("name", ["gains/", "gains.csv"])
def test_whoever_may_see_the_portfolio_may_see_its_gains_and_nobody_else(traded: Book, name: str) -> None:
    place = address(traded, name)
    assert signed_in(share(traded, "vera", Role.VIEWER)).get(place).status_code == 200
    stranger = signed_in(person("charlie"))
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"/portfolios/{uuid.uuid4()}/{name}").status_code == 404
    assert Client().get(place).status_code == 302
    assert signed_in(traded.owner).post(place).status_code == 405


# ---------- Holding periods ----------


def test_an_editor_changes_the_holding_periods_and_a_viewer_sees_them(alices: Book) -> None:
    add(alices, deposit(alices))
    editor, viewer = signed_in(share(alices, "eve", Role.EDITOR)), signed_in(share(alices, "vera", Role.VIEWER))
    place = address(alices, "gains/periods/")
    assert '<option value="actual" selected>' in text_of(editor.get(place))
    answer = editor.post(place, {"day_count": "thirty_360", "long_term_months": "6"})
    assert answer.headers["Location"] == address(alices, "gains/")
    view = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    assert view.periods == HoldingPeriods(DayCount.THIRTY_360, 6)
    settings = text_of(viewer.get(address(alices, "settings/")))
    assert "Days are those of months of 30 days (30E/360); what was held for more than 6 months is long" in settings
    assert (place in settings, place in text_of(editor.get(address(alices, "settings/")))) == (False, True)
    assert viewer.get(place).status_code == 403
    assert viewer.post(place, {"day_count": "actual", "long_term_months": "1"}).status_code == 403
    assert signed_in(person("charlie")).get(place).status_code == 404


def test_the_page_of_the_holding_periods_has_the_tabs_of_the_portfolio(alices: Book, client: Client) -> None:
    page = client.get(address(alices, "gains/periods/")).content.decode()
    assert f'<a href="/portfolios/{alices.portfolio_id}/gains/" aria-current="page">Gains</a>' in page


def test_terms_follow_the_holding_periods(client: Client, traded: Book) -> None:
    assert "held for more than 12 months" in shown(client, traded)
    client.post(address(traded, "gains/periods/"), {"day_count": "inclusive", "long_term_months": "3"})
    page = shown(client, traded, "?year=2011")
    assert "held for more than 3 months" in page
    assert ">93<" in page
    client.post(address(traded, "gains/periods/"), {"day_count": "inclusive", "long_term_months": "0"})
    assert "Short term" not in shown(client, traded)


def test_what_is_wrong_with_a_holding_period_is_told_and_what_was_typed_stays(client: Client, alices: Book) -> None:
    answer = client.post(address(alices, "gains/periods/"), {"day_count": "inclusive", "long_term_months": "a year"})
    assert errors_on(answer) == {"long_term_months": "Expected 0 to 1200 months, was a year."}
    assert 'value="a year"' in text_of(answer)
    assert '<option value="inclusive" selected>' in text_of(answer)
