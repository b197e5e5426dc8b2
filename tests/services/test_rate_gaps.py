"""Exchange rates that are missing for what is booked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tickfolio.domain.money import Currency
from tickfolio.services.rate_gaps import RateGap, rate_gap

pytestmark = pytest.mark.django_db
EUR, USD, XAU = Currency("EUR"), Currency("USD"), Currency("XAU")
EARLY, LATER = datetime(1998, 3, 2, 12, tzinfo=UTC), datetime(2012, 5, 21, 16, tzinfo=UTC)


def test_before_its_first_rate_a_currency_has_none_and_it_is_told_from_when_on() -> None:
    gap = rate_gap(currency=USD, base=EUR, at=EARLY)
    assert gap == RateGap(USD, EUR, date(1999, 1, 4))
    assert rate_gap(currency=EUR, base=USD, at=EARLY) == RateGap(USD, USD, date(1999, 1, 4))


def test_what_no_source_knows_has_no_first_day() -> None:
    assert rate_gap(currency=XAU, base=EUR, at=LATER) == RateGap(XAU, EUR, None)


def test_nothing_is_missing_where_a_rate_is_in_force_or_none_is_needed() -> None:
    assert rate_gap(currency=USD, base=EUR, at=LATER) is None
    assert rate_gap(currency=XAU, base=XAU, at=EARLY) is None
