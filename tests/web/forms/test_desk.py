from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tickfolio.web.forms.desk import Desk
from tickfolio.web.forms.moments import DayReading

NOW = datetime(2012, 5, 21, 15, tzinfo=UTC)


def test_a_desk_where_nothing_is_known_yet_has_no_lots_and_no_instruments() -> None:
    desk = Desk(
        mark=".",
        reading=DayReading(zone=ZoneInfo("Europe/Berlin"), now=NOW),
        accounts=(),
        currencies=(),
        calendar_of=lambda _symbol: None,
    )
    assert desk.lots_of("a1", "AAPL", NOW) == ()
    assert desk.match_of("AAPL") is None
