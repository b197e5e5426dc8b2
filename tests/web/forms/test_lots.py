"""Lots as people type them."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.drafts import LotDraft
from tickfolio.services.open_lots import PositionLot
from tickfolio.web.forms.lots import lot_drafts, lots_text, named_lots, taken_drafts
from tickfolio.web.forms.moments import DayReading

BERLIN = ZoneInfo("Europe/Berlin")
READING = DayReading(zone=BERLIN, now=datetime(2012, 5, 21, 14, 31, tzinfo=UTC), calendar=exchange_calendar("XNAS"))
FIRST, SECOND = datetime(2010, 3, 1, 15, tzinfo=UTC), datetime(2010, 3, 1, 16, tzinfo=UTC)


def lot(id_: str, at: datetime, quantity: str = "10") -> PositionLot:
    return PositionLot(id_, at, at, Decimal(quantity), Decimal(350), Currency("USD"))


def lots(*bought: datetime) -> list[PositionLot]:
    return [lot(f"t{number}", at) for number, at in enumerate(bought, start=1)]


def chosen(text: str, *bought: datetime) -> list[str | None]:
    return [each.transaction_id for each in lot_drafts(text, lots=lots(*bought), mark=".", reading=READING)]


def test_a_lot_is_chosen_by_the_day_on_which_it_was_bought() -> None:
    assert chosen("2010-03-01 10", FIRST) == ["t1"]
    with pytest.raises(InvalidValue, match="nothing was bought then"):
        chosen("2010-03-02 10", FIRST)


def test_of_two_purchases_of_one_moment_the_number_says_which() -> None:
    with pytest.raises(InvalidValue, match="were 2: say which, of 2010-03-01 #1, 2010-03-01 #2"):
        chosen("2010-03-01 10", FIRST, FIRST)
    assert chosen("2010-03-01 #2 10; 2010-03-01 #1 5", FIRST, FIRST) == ["t2", "t1"]
    with pytest.raises(InvalidValue, match="2010-03-01 #3: nothing was bought then"):
        chosen("2010-03-01 #3 10", FIRST, FIRST)


def test_of_two_purchases_of_a_day_the_time_says_which_too() -> None:
    assert chosen("2010-03-01T16:00:00Z 10", FIRST, SECOND) == ["t2"]


def test_the_second_lot_of_a_day_stays_the_second_when_the_first_is_sold_out() -> None:
    sold, held = lot("t1", FIRST, "0"), lot("t2", FIRST)
    assert [each.name for each in named_lots([sold, held], zone=BERLIN)] == ["2010-03-01 #1", "2010-03-01 #2"]
    [only] = lot_drafts("2010-03-01 3", lots=[sold, held], mark=".", reading=READING)
    assert only.transaction_id == "t2"


def test_what_stands_beside_listed_lots_is_chosen_and_an_empty_field_is_not() -> None:
    taken = {"t1": "", "t2": " 2,5 "}
    assert taken_drafts(taken, lots=lots(FIRST, SECOND), mark=",", reading=READING) == (
        LotDraft(quantity=Decimal("2.5"), transaction_id="t2"),
    )


def test_a_list_of_other_lots_or_of_no_number_is_refused() -> None:
    with pytest.raises(InvalidValue, match="Expected lots of this instrument and this account"):
        taken_drafts({"t9": "1"}, lots=lots(FIRST), mark=".", reading=READING)
    with pytest.raises(InvalidValue, match="2010-03-01: "):
        taken_drafts({"t1": "some"}, lots=lots(FIRST), mark=".", reading=READING)


def test_a_received_lot_has_its_day_units_and_cost() -> None:
    (read,) = lot_drafts("2010-03-01 1,5 3500", lots=None, mark=",", reading=READING)
    bought_at = datetime(2010, 3, 1, 21, 0, tzinfo=UTC)
    assert read == LotDraft(quantity=Decimal("1.5"), acquired_at=bought_at, cost=Decimal(3500))


@pytest.mark.parametrize("text", ["2010-03-01", "2010-03-01 #1 2 3", "2010-03-01 1 2"])
def test_what_has_another_number_of_parts_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="Expected the day of a purchase and units"):
        chosen(text, FIRST)


def test_lots_that_are_there_are_shown_as_they_are_read() -> None:
    kept = [KeptLot(Decimal(10), acquired_at=FIRST, cost=Decimal(3500))]
    text = lots_text(kept, zone=BERLIN)
    assert text == "2010-03-01T16:00:00+01:00 10 3500"
    (read,) = lot_drafts(text, lots=None, mark=".", reading=READING)
    assert (read.acquired_at, read.cost) == (FIRST, Decimal(3500))
    chosen_of = [KeptLot(Decimal(2), transaction_id="t2")]
    assert lots_text(chosen_of, zone=BERLIN, of=lots(FIRST, FIRST)) == "2010-03-01 #2 2"


def test_a_chosen_lot_that_is_gone_is_shown_as_such_and_refused() -> None:
    text = lots_text([KeptLot(Decimal(2), transaction_id="t7")], zone=BERLIN)
    assert text == "? 2"
    with pytest.raises(InvalidValue, match="not there any more"):
        chosen(text, FIRST)
