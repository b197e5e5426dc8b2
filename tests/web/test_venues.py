import pytest

from tickfolio.web.venues import VENUE_NAMES, city_of, venue_name


def test_every_named_venue_is_a_market_identifier_code() -> None:
    assert all(len(mic) == 4 and mic.isupper() for mic in VENUE_NAMES)


def test_venue_without_a_name_is_shown_by_its_code() -> None:
    assert venue_name("XOSL") == "XOSL"


@pytest.mark.parametrize(
    ("zone", "city"),
    [("America/New_York", "New York"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_zone_is_named_after_its_city(zone: str, city: str) -> None:
    assert city_of(zone) == city
