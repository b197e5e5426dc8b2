from datetime import date

from tickfolio.domain.instruments import Symbol
from tickfolio.runtime.ports import HistoryWanted

FIRST, LAST, TODAY = date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 26)


def test_a_feed_is_asked_for_its_days_alone_or_up_to_the_day_that_runs() -> None:
    wanted = HistoryWanted(Symbol("AAPL"), FIRST, LAST)
    assert wanted.asked_until == LAST
    assert HistoryWanted(wanted.symbol, FIRST, LAST, actions_until=TODAY).asked_until == TODAY
