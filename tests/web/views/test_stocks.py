import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django_vite.core.asset_loader import (  # type: ignore[import-untyped]  # it carries no types
    DjangoViteAppClient,
    DjangoViteAssetLoader,
    DjangoViteConfig,
)
from pytest_django import DjangoAssertNumQueries, Settings

from tests.live.market import AAPL, IBM, OPEN, REAL_NOW, instrument
from tests.services.changes import bar, changes, quote
from tests.services.ledger_entries import add, book, deposit, person, purchase
from tests.web.visits import signed_in
from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.money import Currency
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.services.market_records import instance_declare, instruments_register, market_changes_record
from tickfolio.services.watchlists import entry_add

pytestmark = pytest.mark.django_db
ASSETS = {
    "src/pages/stocks.ts": {"file": "assets/stocks.js", "isEntry": True},
    "src/pages/own_stocks.ts": {"file": "assets/own_stocks.js", "isEntry": True},
    "src/pages/shell.ts": {"file": "assets/shell.js", "isEntry": True},
    "src/styles/index.css": {"file": "assets/styles.css", "isEntry": True},
    "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": {"file": "assets/inter.woff2"},
}


@pytest.fixture(autouse=True)
def built_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build's manifest, so that these tests need no Node."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(ASSETS), encoding="utf-8")
    config = DjangoViteConfig(manifest_path=manifest, static_url_prefix="build")
    monkeypatch.setitem(DjangoViteAssetLoader.instance()._apps, "default", DjangoViteAppClient(config))


@pytest.fixture
def recorded() -> None:
    instruments_register(instruments=[instrument(IBM), instrument(AAPL)])
    market_changes_record(changes=changes(quotes=(quote("501.50"),), bars=(bar("501.00"),)))


def test_a_signed_in_person_has_the_side_bar_around_it_and_a_visitor_the_way_to_sign_in(
    client: Client, recorded: None
) -> None:
    assert 'href="/sign-in/"' in client.get("/stocks/").content.decode()
    own = signed_in(person("alice")).get("/stocks/").content.decode()
    assert '<a class="rail-link" href="/stocks/" aria-current="page">' in own
    assert text_of(own, "stock-symbol") == "AAPL"
    assert own.count('id="connection"') == own.count('id="notice"') == 1


def text_of(page: str, element: str) -> str:
    """What stands in the element with that id."""
    after = page.split(f'id="{element}"', 1)[1]
    return after.split(">", 1)[1].split("<", 1)[0]


def test_the_page_shows_the_first_instrument_before_any_script_runs(client: Client, recorded: None) -> None:
    page = client.get("/stocks/").content.decode()
    assert text_of(page, "stock-symbol") == "AAPL"
    assert text_of(page, "stock-price") == "501.50"
    assert text_of(page, "stock-change") == "+0.30 %"
    assert text_of(page, "stock-since") == "+1.50 since the previous close of 500.00"
    assert "<title>AAPL 501.50 · Tickfolio</title>" in page


def test_a_symbol_in_any_case_is_shown_and_marked_in_the_list(client: Client, recorded: None) -> None:
    page = client.get("/stocks/", {"symbol": " ibm "}).content.decode()
    assert text_of(page, "stock-symbol") == "IBM"
    assert 'data-symbol="IBM" data-venue="NYSE" aria-current="true"' in page


def test_an_instrument_without_a_price_has_a_dash_and_the_reason(client: Client, recorded: None) -> None:
    page = client.get("/stocks/", {"symbol": "IBM"}).content.decode()
    assert (text_of(page, "stock-price"), text_of(page, "stock-change")) == ("—", "—")
    assert text_of(page, "stock-since") == "No price has been recorded yet: the feed has not said one."


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("XXXX", "No instrument here has the symbol XXXX. Check the spelling, or pick one of the list."),
        ("no way", "Expected a symbol of 1 to 32 letters"),
        ("A" * 60, "Expected a symbol of 1 to 32 letters"),
    ],
)
def test_an_unknown_symbol_is_answered_in_the_page_and_the_input_is_kept(
    client: Client, recorded: None, asked: str, error: str
) -> None:
    answer = client.get("/stocks/", {"symbol": asked})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert text_of(page, "search-error-text").startswith(error)
    assert f'value="{asked[:33]}"' in page
    assert text_of(page, "stock-price") == "—"
    assert 'data-symbol="AAPL"' in page


def test_what_was_typed_cannot_bring_markup_into_the_page(client: Client, recorded: None) -> None:
    page = client.get("/stocks/", {"symbol": '"><b id=x>'}).content.decode()
    assert "<b id=x>" not in page


def test_before_anything_is_recorded_the_page_says_so(client: Client, db: None) -> None:
    answer = client.get("/stocks/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert text_of(page, "stock-since") == "Nothing has been recorded yet."
    assert 'id="no-tickers">' in page


def test_of_a_live_market_the_page_lists_what_is_ones_own_and_shows_what_is_asked_for(
    client: Client, recorded: None, settings: Settings
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, ("yahoo",)
    page = client.get("/stocks/").content.decode()
    assert text_of(page, "stock-since") == "Ask for any symbol."
    assert 'data-symbol="AAPL"' not in page
    assert 'id="no-tickers">' in page
    alices = book(person("alice"))
    add(alices, deposit(alices))
    add(alices, purchase(alices, symbol=IBM, quantity="1"))
    alice = signed_in(alices.owner)
    page = alice.get("/stocks/").content.decode()
    assert text_of(page, "stock-symbol") == "IBM"
    assert 'data-symbol="AAPL"' not in page
    for visitor in (client, alice):
        asked = visitor.get("/stocks/", {"symbol": "aapl"})
        assert asked.status_code == 200
        assert text_of(asked.content.decode(), "stock-price") == "501.50"
    assert client.get("/stocks/", {"symbol": "XXXX"}).status_code == 404


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        (("yahoo",), "such as AAPL: the feeds are asked for it. What your portfolios are about stands here."),
        (
            ("simulated",),
            "such as SIMALDER: the feeds are asked for it. What somebody here has booked or asked for stands",
        ),
        (("manual",), "<h3>None of yours yet</h3><p>What your portfolios are about stands here."),
    ],
)
def test_an_empty_list_names_a_symbol_that_the_feeds_have(
    client: Client, db: None, settings: Settings, feeds: tuple[str, ...], told: str
) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, feeds
    assert told in client.get("/stocks/").content.decode()


def test_the_page_asks_the_database_a_fixed_number_of_times(
    client: Client, recorded: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        client.get("/stocks/")


def test_a_replay_is_named_on_the_page_with_its_moment(client: Client, recorded: None) -> None:
    instance_declare(is_replay=True, at=REAL_NOW)
    market_changes_record(changes=changes(clock=ClockPosition(1, OPEN + timedelta(minutes=61))))
    page = client.get("/stocks/").content.decode()
    assert text_of(page, "replay-day") == "21 May 2012"
    assert text_of(page, "replay-time") == "10:31"
    assert 'id="replay-banner" aria-label="Replay">' in page


def test_todays_market_has_no_replay_banner(client: Client, recorded: None, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    assert 'id="replay-banner" aria-label="Replay" hidden>' in client.get("/stocks/").content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_paint_has_the_chosen_theme(client: Client, recorded: None, theme: str) -> None:
    client.cookies["theme"] = theme
    answer = client.get("/stocks/")
    assert f'data-theme="{theme}"' in answer.content.decode()
    assert "Cookie" in answer.headers["Vary"]


def test_a_theme_that_is_none_is_ignored(client: Client, recorded: None) -> None:
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/stocks/").content.decode()


def test_the_charts_data_are_decimals_as_text_and_times_in_utc(client: Client, recorded: None) -> None:
    answer = client.get("/stocks/AAPL/today.json")
    today = answer.json()
    assert answer.headers["Content-Type"] == "application/json"
    assert (today["symbol"], today["zone"], today["price_places"]) == ("AAPL", "America/New_York", 2)
    assert today["previous_close"] == "500.00"
    assert today["opens_at"] == "2012-05-21T13:30:00.000Z"
    assert today["bars"] == [
        {
            "starts_at": "2012-05-21T13:30:00.000Z",
            "open": "501.00",
            "high": "501.00",
            "low": "501.00",
            "close": "501.00",
        }
    ]


def test_the_charts_data_are_not_sent_again_where_nothing_changed(client: Client, recorded: None) -> None:
    etag = client.get("/stocks/AAPL/today.json").headers["ETag"]
    again = client.get("/stocks/AAPL/today.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("symbol", "status", "code"),
    [("XXXX", 404, "unknown_symbol"), ("a%20b", 400, "invalid_symbol"), ("EUR/XXX", 404, "unknown_symbol")],
)
def test_errors_of_the_data_are_problem_details_with_a_stable_code(
    client: Client, recorded: None, symbol: str, status: int, code: str
) -> None:
    answer = client.get(f"/stocks/{symbol}/today.json")
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) == {"type", "title", "status", "code", "detail"}


@pytest.mark.parametrize("address", ["/stocks/", "/stocks/AAPL/today.json"])
def test_the_pages_are_only_read(client: Client, recorded: None, address: str) -> None:
    assert client.post(address).status_code == 405


def test_the_bar_leads_home(client: Client) -> None:
    page = client.get("/stocks/").content.decode()
    assert '<a class="brand" href="/"' in page
    assert 'href="/sign-in/"' in page


def test_an_address_that_is_not_there_is_a_page_of_the_same_look(client: Client, recorded: None) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()


def test_the_policy_forbids_everything_that_is_not_our_own(client: Client, recorded: None) -> None:
    policy = client.get("/stocks/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_few_letters_find_what_is_known_and_the_shipped_list(
    client: Client, recorded: None, settings: Settings
) -> None:
    def found(text: str) -> list[str]:
        answer = client.get("/stocks/search.json", {"text": text})
        return [each["symbol"] for each in answer.json()["instruments"]]

    assert found("aap") == ["AAPL"]
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, ("yahoo",)
    (vodafone,) = client.get("/stocks/search.json", {"text": "VOD.L"}).json()["instruments"]
    assert (vodafone["symbol"], vodafone["venue"], vodafone["unit"]) == ("VOD.L", "London", "GBp")
    assert found("us0378331005")[0] == "AAPL"
    assert found("") == []


def test_prices_in_pence_say_so_in_the_list(client: Client, recorded: None) -> None:
    pence = Instrument(Symbol("VOD.L"), "Vodafone", "XLON", Currency("GBP"), quote_unit=Decimal(100))
    instruments_register(instruments=[pence])
    page = client.get("/stocks/").content.decode()
    units = dict(re.findall(r'data-symbol="([^"]+)".*?<span class="unit">(.*?)</span></span>', page))
    assert units == {"AAPL": "", "IBM": "", "VOD.L": "GBp"}


def test_what_somebody_watches_stands_in_their_list_of_a_live_market(recorded: None, settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY, settings.TICKFOLIO_FEEDS = False, ("yahoo",)
    alice, bob = person("alice"), person("bob")
    entry_add(actor=alice, symbol=IBM)
    assert 'data-symbol="IBM"' in signed_in(alice).get("/stocks/").content.decode()
    assert 'data-symbol="IBM"' not in signed_in(bob).get("/stocks/").content.decode()
