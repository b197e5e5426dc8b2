"""The operator's page of the feeds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.feeds_told import held, live_instance, report, tell, tell_of_much
from tests.web.visits import signed_in
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.persistence.tenancy import Person
from tickfolio.services.feed_overview import held_seen
from tickfolio.services.market_records import instance_declare

pytestmark = pytest.mark.django_db
ADDRESS = "/operator/feeds/"


@pytest.fixture
def operator() -> Client:
    return signed_in(Person(person("alice").pk))


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_for_everybody_else_it_is_not_there(operator: Client, client: Client) -> None:
    bob = signed_in(Person(person("bob").pk))
    missing = bob.get("/operator/nothing/")
    assert bob.get(ADDRESS).status_code == missing.status_code == 404
    assert client.get(ADDRESS).headers["Location"].startswith("/sign-in/")
    assert "/operator/" not in bob.get("/preferences/").content.decode()
    assert 'href="/operator/feeds/"' in operator.get("/preferences/").content.decode()


def test_feeds_in_every_state_are_on_it(operator: Client) -> None:
    live_instance()
    tell_of_much()
    shown = page(operator)
    for word in ("Live", "Rejected", "Reconnecting", "Stale", "Quiet", "Yahoo Finance", "Unofficial", "and 30 more"):
        assert word in shown
    assert "Left alone: www.ecb.europa.eu" in shown
    assert "AAPL" in shown
    assert "Older ones" in shown
    assert "0 of 2 instruments, 0 days; 1 failed" in shown
    assert 'data-as-of="' in shown
    assert "These are not the feeds of now" not in shown


def test_the_part_is_what_changes_and_nothing_else(operator: Client) -> None:
    live_instance()
    tell(report())
    part, whole = page(operator, "?part=now"), page(operator)
    assert part.lstrip().startswith('<div class="stack" id="feeds-now"')
    assert "<html" not in part
    assert 'data-refresh="/operator/feeds/?part=now"' in whole
    assert "<html" in page(operator, "?part=then")


def test_silence_of_the_engine_is_said(operator: Client) -> None:
    live_instance()
    assert "No feed has been heard of yet" in page(operator)
    tell(report(), at=datetime.now(UTC) - timedelta(minutes=5))
    shown = page(operator)
    assert "These are not the feeds of now" in shown
    assert "No engine has reported for 5 min" in shown
    assert "Unknown" in shown


def test_a_replay_says_that_it_has_no_feeds(operator: Client) -> None:
    instance_declare(is_replay=True, at=datetime.now(UTC))
    shown = page(operator)
    assert "this instance is a replay" in shown
    assert "quarantine" not in shown
    assert "refreshed" not in shown


def test_what_feeds_say_is_text_and_no_markup(operator: Client) -> None:
    live_instance()
    tell(report(message="<b>bold</b>", refused={AAPL: "<i>no</i>"}))
    shown = page(operator)
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "<i>no</i>" not in shown


def test_a_price_is_believed_and_taken_back(operator: Client) -> None:
    live_instance()
    tell(report(), quarantine={AAPL: held("5.015")})
    form = dict(re.findall(r'type="hidden" name="(symbol|price)" value="([^"]*)"', page(operator)))
    answer = operator.post(f"{ADDRESS}believe/", form)
    assert answer.headers["Location"] == "/operator/feeds/#quarantine"
    shown = page(operator)
    assert "The price of AAPL is believed" in shown
    assert "Believed by alice@example.org" in shown
    assert "Take it back" in shown
    operator.post(f"{ADDRESS}hold/", {"symbol": "AAPL"})
    shown = page(operator)
    assert "stays held back" in shown
    assert "Believe it" in shown


@pytest.mark.parametrize("price", ["7.5", "", "a lot", "NaN", "Infinity", "1e999999"])
def test_another_price_is_refused_in_words(operator: Client, price: str) -> None:
    live_instance()
    tell(report(), quarantine={AAPL: held("5.015")})
    operator.post(f"{ADDRESS}believe/", {"symbol": "AAPL", "price": price})
    assert "Look again" in page(operator)
    assert held_seen()[0].released_at is None


def test_what_is_held_no_longer_is_said(operator: Client) -> None:
    live_instance()
    tell(report())
    for action in ("believe", "hold"):
        operator.post(f"{ADDRESS}{action}/", {"symbol": "AAPL", "price": "5.015"})
        assert "which has none by now" in page(operator)


def test_a_price_in_another_currency_has_no_button(operator: Client) -> None:
    live_instance()
    tell(report(), quarantine={IBM: held("5.015", doubt=Doubt.CURRENCY)})
    shown = page(operator)
    assert "in another currency" in shown
    assert "Believe it" not in shown


def test_a_forged_form_is_refused(operator: Client) -> None:
    live_instance()
    tell(report(), quarantine={AAPL: held("5.015")})
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(f"{ADDRESS}believe/", {"symbol": "AAPL", "price": "5.015"}).status_code == 403
    assert held_seen()[0].released_at is None


def test_moments_are_those_of_the_operators_zone() -> None:
    live_instance()
    at = datetime(2026, 5, 21, 22, 30, tzinfo=UTC)
    tell(report(since=at))
    tokyo = signed_in(Person(person("alice").pk), time_zone="Asia/Tokyo")
    assert "22 May, 07:30" in page(tokyo)
