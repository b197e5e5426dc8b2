from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.status import FeedState
from tickfolio.domain.money import Currency
from tickfolio.feeds.ecb.history import DoubtedRate
from tickfolio.feeds.feed import FeedReport
from tickfolio.services.exchange_rates import RatesSeen
from tickfolio.services.feed_descriptions import feed_description
from tickfolio.services.feed_overview import FeedOverview, FeedSeen
from tickfolio.web.feed_texts import MOST_REFUSED, STATES, FeedText, OverviewText, overview_text

NOW = datetime(2026, 5, 21, 14, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def seen(name: str = "yahoo", *, age: float = 2, **parts: Any) -> FeedSeen:
    usual: dict[str, Any] = {"state": FeedState.LIVE, "since": NOW - timedelta(minutes=12)}
    report = FeedReport(name=name, **{**usual, **parts})
    return FeedSeen(report, NOW - timedelta(seconds=age), feed_description(name))


def text(*feeds: FeedSeen, is_replay: bool = False, calendars: dict[str, date] | None = None) -> OverviewText:
    found = FeedOverview(NOW, is_replay, feeds, held=(), events=(), calendars=calendars or {})
    return overview_text(found, zone=BERLIN)


def card(**parts: Any) -> FeedText:
    return text(seen(**parts)).feeds[0]


def facts(told: FeedText) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.text, fact.note) for fact in told.facts}


def test_the_day_of_the_newest_rates_is_told_and_those_that_are_held_back() -> None:
    published = datetime(2026, 5, 20, 14, 0, tzinfo=UTC)
    doubted = DoubtedRate(date(2026, 5, 20), Currency("USD"), Decimal("1.6"), believed=Decimal("1.12"))
    found = FeedOverview(NOW, False, (), (), (), {}, rates=RatesSeen(published, (doubted,)))
    told = overview_text(found, zone=BERLIN)
    assert [fact.text for fact in told.sums if fact.name == "Exchange rates"] == ["20 May 2026"]
    assert told.rates == (("USD", "1.6000 for 1 EUR on 20 May 2026; 1.1200 stays in force"),)
    assert not [fact for fact in text().sums if fact.name == "Exchange rates"]


def test_every_state_has_a_word_and_a_mark() -> None:
    assert set(STATES) == set(FeedState)
    assert len({state.word for state in STATES.values()}) == len(STATES)


def test_a_card_has_the_title_of_its_feed_its_offer_and_its_terms() -> None:
    told = card(name="alpaca")
    assert told.title == "Alpaca"
    assert told.offers.startswith("Offers a stream of prices, the latest price, ")
    assert "at most 30 symbols at once; by a key." in told.offers
    assert "Needs an account" in told.terms
    unknown = card(name="of another version")
    assert (unknown.title, unknown.offers, unknown.terms) == ("of another version", "", "")


def test_a_feed_that_answers_nothing_says_so() -> None:
    assert card(name="manual").offers == "Answers no questions and has no stream."


def test_facts_say_how_long_how_many_and_why() -> None:
    told = card(
        last_data_at=NOW - timedelta(seconds=4),
        wanted=1200,
        quotes=12_345,
        kept_out={"said twice": 7, "older than the last one": 2},
        clamped=5,
        held={"jump": 1, "another currency": 3},
        errors=1,
        reconnects=3,
    )
    assert facts(told) == {
        "Since": ("15:48:00", "12 min"),
        "Last price": ("4 s ago", "15:59:56"),
        "Symbols streamed": ("1,200", ""),
        "Prices received": ("12,345", ""),
        "Kept out at the door": ("9", ""),
        "Ahead of our clock": ("5", ""),
        "Held back": ("4", ""),
        "Errors": ("1", ""),
        "Reconnects": ("3", ""),
    }
    kept_out, held = (fact for fact in told.facts if fact.parts)
    assert held.parts == (("another currency", "3"), ("jump", "1"))
    assert kept_out.parts == (("older than the last one", "2"), ("said twice", "7"))
    assert facts(card())["Last price"] == ("—", "none yet")


def test_a_feed_without_a_stream_has_no_figures_of_one() -> None:
    assert set(facts(card(name="ecb", budget={"a.example": 9}))) == {"Since", "Requests left: a.example"}
    assert "Prices received" in facts(card(name="of another version"))


def test_hosts_have_their_budget_or_the_end_of_their_pause() -> None:
    told = card(
        budget={"a.example": 58, "b.example": 0, "c.example": 3},
        paused_until={"b.example": NOW + timedelta(minutes=9), "c.example": NOW - timedelta(seconds=1)},
    )
    assert facts(told)["Requests left: a.example"] == ("58", "")
    assert facts(told)["Left alone: b.example"] == ("until 16:09:00", "9 min")
    assert facts(told)["Requests left: c.example"] == ("3", "")


def test_refused_symbols_have_their_reasons_and_no_more_are_listed_than_fit() -> None:
    refused = {Symbol(f"S{number:03d}"): f"reason {number}" for number in range(MOST_REFUSED + 5)}
    told = card(refused=refused)
    assert (len(told.refused), told.refused[0], told.refused_count) == (MOST_REFUSED, ("S000", "reason 0"), "205")
    assert told.unlisted == "and 5 more"
    assert card(refused={Symbol("X"): "no"}).unlisted == ""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "Prices come as they are made."),
        ("it has no stream", "It has no stream."),
        ("Is it there?", "Is it there?"),
    ],
)
def test_what_a_feed_says_of_its_state_is_a_sentence(message: str, said: str) -> None:
    assert card(message=message).message == said


def test_where_no_engine_reports_no_feed_is_called_live() -> None:
    told = text(seen(age=90, message="connected"))
    assert told.feeds[0].state.word == "Unknown"
    assert told.feeds[0].message == "Last seen live. Connected."
    assert told.silence.startswith("No engine has reported for 1 min")
    assert told.sums[0].text == "0 of 1"
    assert "No engine has reported yet" in text().silence
    assert text(is_replay=True).silence == ""


def test_sums_are_over_all_feeds() -> None:
    told = text(
        seen(last_data_at=NOW - timedelta(seconds=9), wanted=3),
        seen("alpaca", last_data_at=NOW - timedelta(seconds=5), wanted=4, state=FeedState.STALE),
        seen("ecb", state=FeedState.QUIET),
    )
    assert [each.text for each in told.sums] == ["2 of 3", "5 s ago", "7", "0", "0"]
    assert (told.age, told.silence) == ("2 s", "")


def test_calendars_that_end_first_come_first() -> None:
    told = text(seen(), calendars={"XNYS": date(2026, 9, 1), "XETR": date(2026, 7, 31), "XLON": date(2026, 7, 31)})
    assert told.calendars == (("XETR", "31 July 2026"), ("XLON", "31 July 2026"), ("XNYS", "1 September 2026"))
