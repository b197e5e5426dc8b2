from datetime import UTC, datetime

from tickfolio.domain.market.status import FeedState, FeedStatus


def test_status_without_a_message_has_an_empty_one() -> None:
    assert FeedStatus("replay", FeedState.LIVE, datetime(2026, 1, 1, tzinfo=UTC)).message == ""
