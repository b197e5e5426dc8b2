"""The European Central Bank's rates."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tickfolio.domain.market.fx import RateTable, rate_table
from tickfolio.domain.market.quotes import Unpriced
from tickfolio.domain.money import Currency
from tickfolio.errors import FeedDataError
from tickfolio.feeds.ecb.history import (
    EUR,
    DoubtedRate,
    extended,
    extended_with_doubts,
    parse_days,
    parse_rates,
    publication,
    rate_history,
    unpacked,
)
from tickfolio.feeds.feed import DayRates

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


# ---------- Later days ----------

MONDAY, TUESDAY = date(2026, 11, 2), date(2026, 11, 3)


def a_day(day: date, pivot: str = "EUR", **rates: str) -> DayRates:
    return DayRates(day, publication(day), pivot, {code: Decimal(rate) for code, rate in rates.items()})


def euro_in(currency: Currency, table: RateTable, day: date) -> Decimal:
    found = table.rate_at(EUR, currency, at=publication(day))
    assert not isinstance(found, Unpriced)
    return found.rate


def test_later_days_extend_the_shipped_ones_and_change_none_of_them() -> None:
    shipped = rate_history()
    table = extended(shipped, [a_day(TUESDAY, USD="1.1190"), a_day(MONDAY, USD="1.1180"), a_day(MONDAY, USD="1.1180")])
    assert (euro_in(USD, table, MONDAY), euro_in(USD, table, TUESDAY)) == (Decimal("1.1180"), Decimal("1.1190"))
    assert euro_in(USD, table, date(2026, 10, 30)) == Decimal("1.1172")
    assert table.rate_at(EUR, USD, at=datetime(2012, 5, 21, 14, tzinfo=UTC)) == shipped.rate_at(
        EUR, USD, at=datetime(2012, 5, 21, 14, tzinfo=UTC)
    )
    assert rate_history() is shipped
    assert euro_in(USD, shipped, TUESDAY) == Decimal("1.1172")


def test_a_day_that_ships_stands_whatever_is_said_of_it() -> None:
    assert extended(rate_history(), [a_day(date(2026, 10, 30), USD="900")]) is rate_history()
    assert extended(rate_history(), []) is rate_history()


def test_a_currency_that_a_later_day_does_not_name_has_no_rate_from_then_on() -> None:
    table = extended(rate_history(), [a_day(MONDAY, USD="1.1180")])
    assert isinstance(table.rate_at(EUR, GBP, at=publication(MONDAY)), Unpriced)


@pytest.mark.parametrize("rate", ["0", "-1.1", "NaN", "Infinity", "1.0000000000001"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(FeedDataError, match="USD on 2026-11-02"):
        extended(rate_history(), [a_day(MONDAY, USD=rate)])


@pytest.mark.parametrize("rate", ["1.3407", "0.8937"])
def test_a_rate_far_from_the_last_one_is_held_back_alone(rate: str) -> None:
    table, doubted = extended_with_doubts(rate_history(), [a_day(MONDAY, USD=rate, GBP="0.9")])
    assert doubted == (DoubtedRate(MONDAY, USD, Decimal(rate), believed=Decimal("1.1172")),)
    assert (euro_in(USD, table, MONDAY), euro_in(GBP, table, MONDAY)) == (Decimal("1.1172"), Decimal("0.9"))
    kept = table.published(USD, at=publication(MONDAY))
    assert not isinstance(kept, Unpriced)
    assert kept.published_at == publication(date(2026, 10, 30))


@pytest.mark.parametrize("rate", ["1.3406", "0.8938"])
def test_a_change_of_a_fifth_is_the_largest_that_is_believed(rate: str) -> None:
    table, doubted = extended_with_doubts(rate_history(), [a_day(MONDAY, USD=rate)])
    assert (euro_in(USD, table, MONDAY), doubted) == (Decimal(rate), ())


def test_each_day_is_compared_with_the_one_before() -> None:
    days = [a_day(MONDAY, USD="1.3000"), a_day(TUESDAY, USD="1.5000")]
    assert euro_in(USD, extended(rate_history(), days), TUESDAY) == Decimal("1.5")
    held = extended(rate_history(), [a_day(MONDAY, USD="1.2000"), a_day(TUESDAY, USD="1.5000")])
    assert euro_in(USD, held, TUESDAY) == Decimal("1.2")


@pytest.mark.parametrize(
    ("said", "in_force", "is_doubted"),
    [("1.6100", "1.6100", False), ("1.1200", "1.1200", False), ("2.1000", "1.1172", True)],
)
def test_a_rate_that_is_held_back_counts_once_it_is_said_again_and_goes_where_it_is_taken_back(
    said: str, in_force: str, *, is_doubted: bool
) -> None:
    table, doubted = extended_with_doubts(rate_history(), [a_day(MONDAY, USD="1.6000"), a_day(TUESDAY, USD=said)])
    assert euro_in(USD, table, MONDAY) == Decimal("1.1172")
    assert euro_in(USD, table, TUESDAY) == Decimal(in_force)
    assert bool(doubted) is is_doubted


def test_a_rate_of_another_unit_is_not_believed_by_being_said_again() -> None:
    days = [a_day(MONDAY + timedelta(days=number), USD="2.7930") for number in range(5)]
    table, doubted = extended_with_doubts(rate_history(), days)
    assert euro_in(USD, table, days[-1].day) == Decimal("1.1172")
    assert [one.day for one in doubted] == [days[-1].day]


def test_a_currency_without_a_last_rate_is_taken_as_it_is() -> None:
    assert euro_in(RUB, extended(rate_history(), [a_day(MONDAY, RUB="95.1")]), MONDAY) == Decimal("95.1")
    assert euro_in(USD, extended(rate_table(EUR, []), [a_day(MONDAY, USD="1.1")]), MONDAY) == Decimal("1.1")


@pytest.mark.parametrize(
    "days",
    [
        [a_day(MONDAY, "USD", GBP="0.8")],
        [a_day(MONDAY, dollar="1.1")],
        [a_day(MONDAY, EUR="1")],
        [a_day(MONDAY, USD="1.11"), a_day(MONDAY, USD="1.12")],
    ],
    ids=["another pivot", "no currency", "the pivot", "two of one day"],
)
def test_what_are_no_rates_of_the_bank_is_refused(days: list[DayRates]) -> None:
    with pytest.raises(FeedDataError, match="Expected"):
        extended(rate_history(), days)


def test_days_are_read_from_the_banks_file_within_what_was_asked() -> None:
    assert parse_days(FILE, first=date(2012, 5, 21), last=date(2012, 5, 21)) == (a_day(date(2012, 5, 21), USD="1.275"),)
    assert [day.day.day for day in parse_days(FILE, first=date(2012, 1, 1), last=date(2013, 1, 1))] == [21, 22]
    with pytest.raises(FeedDataError, match="Expected"):
        parse_days("Date,USD,\n2012-05-21,dear,\n", first=date(2012, 1, 1), last=date(2013, 1, 1))
