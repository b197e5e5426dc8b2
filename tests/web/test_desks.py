from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from tests.live.market import instrument
from tests.services.ledger_entries import add, book, person, purchase
from tests.web.visits import NOW, set_market_clock
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.identity.models import User
from tickfolio.services import portfolios
from tickfolio.services.instruments import instruments_book, listed_instruments
from tickfolio.services.market_records import instruments_register
from tickfolio.web.desks import calendar_in, desk_of
from tickfolio.web.forms.moments import DayReading, moment_of

pytestmark = pytest.mark.django_db


def test_a_desk_has_the_persons_zone_and_decimal_mark_and_the_markets_moment() -> None:
    set_market_clock()
    alices = book(person("alice"))
    User.objects.filter(pk=alices.owner.user_id).update(locale="de", time_zone="Asia/Tokyo")
    portfolio = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    desk = desk_of(alices.owner, portfolio)
    assert (desk.mark, desk.reading.zone.key, desk.reading.now) == (",", "Asia/Tokyo", NOW)
    assert ([account.name for account in desk.accounts], desk.currencies) == (["Broker"], ["EUR", "USD"])


def test_the_calendar_of_a_symbol_is_that_of_its_exchange() -> None:
    alices = book(person("alice"))
    calendar_of = calendar_in(alices.owner, alices.portfolio_id)
    calendar = calendar_of(" aapl ")
    assert calendar is not None
    assert calendar.zone.key == "America/New_York"
    assert (calendar_of("WINE"), calendar_of(""), calendar_of("a b")) == (None, None, None)


def test_a_first_booking_has_the_close_that_every_later_one_has(settings: Settings) -> None:
    settings.TICKFOLIO_IS_REPLAY = False
    bobs = book(person("bob"))
    calendar_of = calendar_in(bobs.owner, bobs.portfolio_id)
    reading = DayReading(zone=ZoneInfo("Europe/Berlin"), now=datetime(2026, 11, 27, tzinfo=UTC))

    def booked_at() -> datetime:
        known = replace(reading, calendar=calendar_of("VOD.L"))
        return moment_of(date(2026, 6, 10), None, kind=TransactionType.BUY, reading=known)

    first = booked_at()
    assert first == datetime(2026, 6, 10, 15, 30, tzinfo=UTC)
    instruments_book(instruments=listed_instruments([Symbol("VOD.L")]).values())
    assert booked_at() == first


def test_what_is_the_portfolios_own_has_no_exchange_whoever_else_has_its_symbol() -> None:
    alices, bobs = book(person("alice")), book(person("bob"))
    add(alices, purchase(alices, symbol="WINE", creates_instrument=True, currency="EUR", instrument_name="A cask"))
    instruments_register(instruments=[instrument(Symbol("WINE"))])
    assert calendar_in(alices.owner, alices.portfolio_id)("WINE") is None
    assert calendar_in(bobs.owner, bobs.portfolio_id)("WINE") is not None
