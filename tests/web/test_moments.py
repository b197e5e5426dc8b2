from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.test import RequestFactory

from tickfolio.web.moments import decimal_json, moment_json, typed_moment_of


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    at = datetime(2012, 5, 21, 9, 30, 0, 123_456, tzinfo=ZoneInfo("America/New_York"))
    assert moment_json(at) == "2012-05-21T13:30:00.123Z"
    assert moment_json(None) is None


def test_a_decimal_is_text_with_all_its_places_and_no_exponent() -> None:
    assert (decimal_json(Decimal("100.00")), decimal_json(Decimal("1E+2"))) == ("100.00", "100")
    assert decimal_json(None) is None


def test_a_plus_sign_that_became_a_blank_is_one_again() -> None:
    factory = RequestFactory()
    assert typed_moment_of(factory.get("/?known=2012-05-21T14:00+02:00")) == "2012-05-21T14:00+02:00"
    assert typed_moment_of(factory.get("/", {"known": " 2012-05-21T14:00+02:00 "})) == "2012-05-21T14:00+02:00"
    assert typed_moment_of(factory.get("/")) == ""
