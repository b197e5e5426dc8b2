from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.market.plausibility import Doubt
from tickfolio.services.feed_overview import EventSeen, HeldSeen
from tickfolio.web.held_price_texts import event_text, held_text

NOW = datetime(2026, 5, 21, 14, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def held(price: str = "5.015", *, doubt: Doubt = Doubt.WILD_JUMP, **parts: Any) -> HeldSeen:
    usual: dict[str, Any] = {
        "symbol": "AAPL",
        "name": "Apple Inc.",
        "unit": "USD",
        "price_places": 2,
        "price": Decimal(price),
        "reference": Decimal("501.50"),
        "doubt": doubt,
        "source": "yahoo",
        "source_time": NOW,
        "held_at": NOW - timedelta(minutes=3),
        "count": 12,
        "released_at": None,
        "released_by": "",
    }
    return HeldSeen(**{**usual, **parts})


@pytest.mark.parametrize(
    ("price", "doubt", "says"),
    [
        ("5.015", Doubt.WILD_JUMP, "100.0 times lower than the last believed price"),
        ("1755.25", Doubt.WILD_JUMP, "3.5 times higher than the last believed price"),
        ("700.25", Doubt.JUMP, "+39.6 % from the last believed price"),
        ("300", Doubt.JUMP, "−40.2 % from the last believed price"),
        ("250.75", Doubt.SPLIT, "2.0 times lower than the last believed price, as after a split"),
        ("1003", Doubt.SPLIT, "2.0 times higher than the last believed price, as after a split"),
        ("5.015", Doubt.CURRENCY, "in another currency than the instrument’s own, USD"),
    ],
)
def test_a_doubt_is_said_in_words(price: str, doubt: Doubt, says: str) -> None:
    assert says in held_text(held(price, doubt=doubt), at=NOW, zone=BERLIN).doubt


def test_prices_are_written_with_all_their_decimals_and_sent_back_exactly() -> None:
    told = held_text(held("1234.5"), at=NOW, zone=BERLIN)
    assert (told.price, told.reference, told.typed_price) == ("1,234.50", "501.50", "1234.5")
    assert held_text(held("0.0000001"), at=NOW, zone=BERLIN).typed_price == "0.0000001"


def test_it_is_told_by_whom_since_when_and_how_often() -> None:
    assert held_text(held(), at=NOW, zone=BERLIN).said == "Said by yahoo 12 times since 15:57:00, 3 min ago"
    assert "once since" in held_text(held(count=1), at=NOW, zone=BERLIN).said


def test_who_believed_it_is_told_until_the_engine_has_heard_it() -> None:
    believed = held(released_at=NOW, released_by="alice@example.org")
    assert held_text(believed, at=NOW, zone=BERLIN).decided == "Believed by alice@example.org at 16:00:00"
    gone = held(released_at=NOW, released_by="")
    assert held_text(gone, at=NOW, zone=BERLIN).decided == "Believed by an operator at 16:00:00"
    assert held_text(held(), at=NOW, zone=BERLIN).decided == ""


def test_a_price_in_another_currency_cannot_be_believed() -> None:
    assert not held_text(held(doubt=Doubt.CURRENCY), at=NOW, zone=BERLIN).may_believe
    assert held_text(held(doubt=Doubt.JUMP), at=NOW, zone=BERLIN).may_believe


def test_an_event_has_its_kind_in_a_word() -> None:
    told = event_text(
        EventSeen(7, NOW - timedelta(days=2), "held", "yahoo", "AAPL", "5 was held back"), at=NOW, zone=BERLIN
    )
    assert (told.when, told.kind, told.tone, told.text) == ("19 May, 16:00", "Held back", "warn", "5 was held back")
    moved = event_text(EventSeen(8, NOW, "move", "yahoo", "AAPL", "from alpaca"), at=NOW, zone=BERLIN)
    assert (moved.kind, moved.tone, moved.text) == ("Moved", "", "From alpaca")
