"""The European Central Bank's rates."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.history import EUR, parse_rates, publication, rate_history, unpacked

USD, GBP, ISK, RUB = (Currency(code) for code in ("USD", "GBP", "ISK", "RUB"))
FILE = "Date,USD,GBP,\n2012-05-22,1.2768,0.8087,\n2012-05-21,1.275,N/A,\n"


def test_rates_are_published_at_four_in_frankfurt_summer_time_included() -> None:
    assert publication(date(2012, 5, 21)) == datetime(2012, 5, 21, 14, 0, tzinfo=UTC)
    assert publication(date(2012, 12, 21)) == datetime(2012, 12, 21, 15, 0, tzinfo=UTC)


def test_the_history_in_the_package_has_41_currencies_besides_the_euro() -> None:
    assert len(rate_history().currencies) == 42


@pytest.mark.parametrize(
    ("moment", "rate"),
    [
        ("1999-01-04T15:00Z", "1.1789"),
        ("2012-05-21T13:59Z", "1.2721"),
        ("2012-05-21T14:00Z", "1.275"),
        ("2026-11-01T00:00Z", "1.1172"),
    ],
)
def test_the_dollar_s_rates_are_the_bank_s(moment: str, rate: str) -> None:
    found = rate_history().rate_at(EUR, USD, at=datetime.fromisoformat(moment))
    assert not isinstance(found, Unpriced)
    assert found.rate == Decimal(rate)


def test_a_currency_that_the_bank_suspended_has_no_rate() -> None:
    assert isinstance(rate_history().rate_at(EUR, RUB, at=datetime(2022, 3, 3, tzinfo=UTC)), Unpriced)
    assert isinstance(rate_history().rate_at(EUR, ISK, at=datetime(2012, 5, 21, tzinfo=UTC)), Unpriced)
    assert not isinstance(rate_history().rate_at(EUR, ISK, at=datetime(2026, 5, 21, tzinfo=UTC)), Unpriced)


def test_lines_are_read_newest_first_and_absent_rates_left_out() -> None:
    table = parse_rates(FILE)
    assert table.currencies == {EUR, USD, GBP}
    assert isinstance(table.rate_at(EUR, GBP, at=publication(date(2012, 5, 21))), Unpriced)
    assert not isinstance(table.rate_at(EUR, GBP, at=publication(date(2012, 5, 22))), Unpriced)


def test_only_the_currencies_asked_for_are_read() -> None:
    assert parse_rates(FILE, only={USD}).currencies == {EUR, USD}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>not found</html>",
        "Date,USD,\n2012-05-21,1.275\n",
        "Date,USD,\n2012-05-99,1.275,\n",
        "Date,USD,\n2012-05-21,dear,\n",
        "Date,USD,\n2012-05-21,0,\n",
        "Date,dollar,\n2012-05-21,1,\n",
        "Date,USD,\n2012-05-21,1.2,\n2012-05-22,1.3,\n",
    ],
)
def test_a_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        parse_rates(text)


def test_a_download_that_is_no_such_archive_is_refused() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("other.csv", "x")
    for packed in (b"", b"<html>", other.getvalue()):
        with pytest.raises(FeedDataError, match=r"eurofxref-hist\.csv"):
            unpacked(packed)
