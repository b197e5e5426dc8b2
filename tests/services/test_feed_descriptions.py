import pytest

from tickfolio.feeds.registry import FEED_NAMES
from tickfolio.services.feed_descriptions import TITLES, feed_description


def test_every_feed_that_can_be_named_has_a_title() -> None:
    assert set(FEED_NAMES) == set(TITLES)


@pytest.mark.parametrize("name", ["yahoo", "alpaca", "ecb", "frankfurter", "simulated", "manual"])
def test_a_feed_is_described_with_its_terms_and_without_its_key(name: str) -> None:
    described = feed_description(name)
    assert described is not None
    assert described.title == TITLES[name]
    assert described.capabilities.terms


def test_a_name_of_no_feed_is_described_by_nothing() -> None:
    assert feed_description("bloomberg") is None
