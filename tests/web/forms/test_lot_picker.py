from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tickfolio.domain.money import Currency
from tickfolio.persistence.kept_lots import KeptLot
from tickfolio.services.open_lots import PositionLot
from tickfolio.web.forms.lot_picker import LotText, lot_rows, taken

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = datetime(2012, 2, 2, 21, tzinfo=UTC), datetime(2012, 3, 1, 21, tzinfo=UTC)
USD = Currency("USD")


def test_open_lots_are_listed_with_what_is_taken_of_them_and_sold_out_ones_are_not() -> None:
    lots = [
        PositionLot("t1", FIRST, FIRST, Decimal(0), None, None),
        PositionLot("t2", FIRST, LAST, Decimal("7.5"), Decimal("29.333333333333"), USD),
        PositionLot("t3", LAST, LAST, Decimal(1), None, None),
    ]
    rows = lot_rows(lots, zone=BERLIN, kept=[KeptLot(Decimal(5), transaction_id="t2")], typed={"t3": "x"})
    assert rows == (
        LotText("2012-02-02 #2", "take:t2", "2 February 2012 to 1 March 2012", "7.5", "29.3333 USD", "5", ""),
        LotText("2012-03-01", "take:t3", "1 March 2012", "1", "not known", "", "x"),
    )


def test_what_stands_beside_lots_is_read_by_their_ids() -> None:
    assert taken({"take:t1": "5", "quantity": "7", "take:t2": ""}) == {"t1": "5", "t2": ""}
