"""The operator's page of single instruments."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from unicodedata import normalize

import pytest
from django.test import Client

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.feeds_told import live_instance, report, tell
from tests.services.recorded_days import FRIDAY, NOW, THURSDAY, clock, fetched, told
from tests.web.visits import signed_in
from tickfolio.persistence.tenancy import Person
from tickfolio.runtime.ports import InstrumentDecisions
from tickfolio.services.instrument_decisions import instrument_decisions
from tickfolio.services.market_records import instance_declare

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
ADDRESS = "/operator/instruments/"


@pytest.fixture
def operator() -> Client:
    return signed_in(Person(person("alice").pk))


def page(client: Client) -> str:
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return normalize("NFKC", answer.content.decode())


def test_for_everybody_else_it_is_not_there(operator: Client) -> None:
    live_instance()
    bob = signed_in(Person(person("bob").pk))
    assert bob.get(ADDRESS).status_code == 404
    for address, form in (
        (ADDRESS, {"symbol": "AAPL", "feeds": "yahoo"}),
        (ADDRESS, {"symbol": "AAPL", "since": "2026-11-20"}),
        (f"{ADDRESS}as-instance/", {"symbol": "AAPL"}),
        (f"{ADDRESS}traded/", {"symbol": "AAPL"}),
    ):
        assert bob.post(address, form).status_code == 404
    assert instrument_decisions() == InstrumentDecisions()
    assert ADDRESS in operator.get("/operator/feeds/").content.decode()


def test_an_instrument_gets_feeds_of_its_own_and_the_usual_ones_again(operator: Client) -> None:
    live_instance()
    tell(report())
    answer = operator.post(ADDRESS, {"symbol": "aapl", "feeds": "Alpaca, yahoo"})
    assert answer.headers["Location"] == ADDRESS
    shown = page(operator)
    assert "AAPL is served by alpaca, then yahoo. Not among the feeds of this instance now: alpaca." in shown
    assert "As the instance again" in shown
    assert instrument_decisions().orders == {AAPL: ("alpaca", "yahoo")}
    operator.post(f"{ADDRESS}as-instance/", {"symbol": "AAPL"})
    assert "AAPL has the feeds of the instance again" in page(operator)
    assert instrument_decisions().orders == {}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"symbol": "AAPL", "feeds": "bloomberg"}, "Expected feeds of"),
        ({"symbol": "AAPL", "feeds": "coinbase"}, "Expected feeds that have prices of AAPL"),
        ({"symbol": "NOBODY", "feeds": "yahoo"}, "was NOBODY"),
        ({"symbol": "", "feeds": "yahoo"}, "Expected a symbol such as AAPL"),
        ({"symbol": "AAPL", "since": "soon"}, "Expected a day such as"),
        ({"symbol": "NOBODY", "since": "2026-11-20"}, "was NOBODY"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(operator: Client, form: dict[str, str], error: str) -> None:
    live_instance()
    answer = operator.post(ADDRESS, form)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert error in shown
    assert "thing to put right first" in shown
    for typed in filter(None, form.values()):
        assert f'value="{typed}"' in shown
    assert instrument_decisions() == InstrumentDecisions()


def test_a_delisting_is_marked_and_taken_back(operator: Client) -> None:
    live_instance()
    operator.post(ADDRESS, {"symbol": "IBM", "since": "2026-11-20"})
    shown = page(operator)
    assert "IBM is traded no more since 20 November 2026" in shown
    assert instrument_decisions().delisted == {IBM: date(2026, 11, 20)}
    operator.post(f"{ADDRESS}traded/", {"symbol": "IBM"})
    assert "IBM is asked for again" in page(operator)
    operator.post(f"{ADDRESS}traded/", {"symbol": "IBM"})
    assert "IBM was not marked" in page(operator)
    for address, symbol in itertools.product(("traded", "as-instance"), ("NOBODY", "no symbol", "")):
        operator.post(f"{ADDRESS}{address}/", {"symbol": symbol})
        assert "Expected " in page(operator)


@pytest.mark.usefixtures("clock")
def test_what_looks_delisted_has_a_button_with_its_day(operator: Client) -> None:
    told({THURSDAY: "500", FRIDAY: "501"})
    fetched()
    tell(report(refused={AAPL: "no such symbol"}))
    shown = page(operator)
    assert "Perhaps traded no more" in shown
    assert "yahoo: no such symbol." in shown
    since = FRIDAY + timedelta(days=1)
    assert f'name="since" value="{since:%Y-%m-%d}"' in shown
    operator.post(ADDRESS, {"symbol": "AAPL", "since": f"{since:%Y-%m-%d}"})
    shown = page(operator)
    assert "Perhaps traded no more" not in shown
    assert "It is traded after all" in shown


def test_a_replay_says_that_there_is_nothing_to_decide(operator: Client) -> None:
    instance_declare(is_replay=True, at=NOW)
    shown = page(operator)
    assert "this instance is a replay" in shown
    assert '<button class="button button-primary"' not in shown
