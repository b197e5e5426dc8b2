"""Lots as people type them."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tickfolio.errors import InvalidValue
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.drafts import LotDraft
from tickfolio.services.transactions import Bought
from tickfolio.web.forms.lots import lot_drafts, lots_text
from tickfolio.web.forms.moments import DayReading

BERLIN = ZoneInfo("Europe/Berlin")
READING = DayReading(zone=BERLIN, now=datetime(2012, 5, 21, 14, 31, tzinfo=UTC), calendar=exchange_calendar("XNAS"))
FIRST, SECOND = datetime(2010, 3, 1, 15, tzinfo=UTC), datetime(2010, 3, 1, 16, tzinfo=UTC)
ID = "00000000-0000-0000-0000-000000000001"


def chosen(text: str, *bought: datetime) -> list[str | None]:
    named = [Bought(f"t{number}", at) for number, at in enumerate(bought, start=1)]
    return [lot.transaction_id for lot in lot_drafts(text, bought=named, mark=".", reading=READING)]


def test_a_lot_is_chosen_by_the_day_on_which_it_was_bought() -> None:
    assert chosen("2010-03-01 10", FIRST) == ["t1"]
    assert chosen(f"{ID} 10") == [ID]
    with pytest.raises(InvalidValue, match="nothing was bought then"):
        chosen("2010-03-02 10", FIRST)


def test_of_two_purchases_of_a_day_the_time_says_which() -> None:
    with pytest.raises(InvalidValue, match="were 2: say which by its time, of 2010-03-01T16:00:00"):
        chosen("2010-03-01 10", FIRST, SECOND)
    assert chosen("2010-03-01T16:00:00Z 10", FIRST, SECOND) == ["t2"]


def test_a_received_lot_has_its_day_units_and_cost() -> None:
    (lot,) = lot_drafts("2010-03-01 1,5 3500", bought=None, mark=",", reading=READING)
    bought_at = datetime(2010, 3, 1, 21, 0, tzinfo=UTC)
    assert lot == LotDraft(quantity=Decimal("1.5"), acquired_at=bought_at, cost=Decimal(3500))


@pytest.mark.parametrize("text", ["2010-03-01", "2010-03-01 1 2 3", "2010-03-01 1 2"])
def test_what_has_another_number_of_parts_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="Expected the day of a purchase and units"):
        chosen(text, FIRST)


def test_lots_that_are_there_are_shown_as_they_are_read() -> None:
    kept = [KeptLot(Decimal(10), acquired_at=FIRST, cost=Decimal(3500))]
    text = lots_text(kept, zone=BERLIN)
    assert text == "2010-03-01T16:00:00+01:00 10 3500"
    (lot,) = lot_drafts(text, bought=None, mark=".", reading=READING)
    assert (lot.acquired_at, lot.cost) == (FIRST, Decimal(3500))
    assert lots_text([KeptLot(Decimal(2), transaction_id=ID)], zone=BERLIN) == f"{ID} 2"
