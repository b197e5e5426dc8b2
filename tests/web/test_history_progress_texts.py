from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tickfolio.services.history_progress import Histories, HistoryCounts, HistoryProgress
from tickfolio.web.history_progress_texts import MOST_LISTED, HistoriesText, histories_text

NOW = datetime(2026, 5, 21, 14, 0, tzinfo=UTC)


def history(symbol: str, state: str = "waiting", **parts: Any) -> HistoryProgress:
    usual: dict[str, Any] = {
        "name": f"{symbol} Inc.",
        "since": date(2021, 5, 21),
        "fetched_until": None,
        "days": 0,
        "last_day": None,
        "message": "",
        "try_after": None,
        "updated_at": NOW,
    }
    return HistoryProgress(symbol=symbol, state=state, **{**usual, **parts})


def told(*found: HistoryProgress) -> HistoriesText:
    states = [each.state for each in found]
    counts = {state: states.count(state) for state in ("waiting", "done", "failed", "cancelled")}
    days = sum(each.days for each in found)
    return histories_text(Histories(found, HistoryCounts(**counts, days=days)), at=NOW, zone=ZoneInfo("Europe/Berlin"))


def test_what_is_there_and_what_is_not_is_counted() -> None:
    text = told(
        history("A", "done", days=1250), history("B", "failed"), history("C"), history("D", "cancelled", days=3)
    )
    assert text.sentence == "1 of 3 instruments, 1,253 days; 1 failed; 1 cancelled"
    assert (text.done, text.wanted) == (1, 3)
    assert [(each.symbol, each.state, each.tone) for each in text.listed] == [
        ("B", "Failed", "fault"),
        ("C", "Waiting", ""),
        ("D", "Cancelled", "warn"),
    ]


def test_without_any_history_the_panel_is_there_already() -> None:
    assert (told().sentence, told().wanted, told().listed) == ("0 of 0 instruments, 0 days", 0, ())


def test_how_far_it_has_come_and_what_went_wrong() -> None:
    begun = told(history("A", fetched_until=date(2023, 1, 2), days=400)).listed[0]
    assert (begun.reach, begun.message) == ("21 May 2021 to 2 January 2023, 400 days", "")
    again = NOW + timedelta(minutes=5)
    failed = told(history("A", "failed", message="no feed knows it.", try_after=again)).listed[0]
    assert failed.reach == "wanted from 21 May 2021 on"
    assert failed.message == "No feed knows it. Tried again at 16:05:00."
    assert told(history("A", "failed", message="no feed knows it")).listed[0].message == "No feed knows it"


def test_no_more_are_listed_than_fit() -> None:
    text = told(*(history(f"S{number:03d}") for number in range(MOST_LISTED + 2)))
    assert (len(text.listed), text.unlisted) == (MOST_LISTED, "and 2 more")
