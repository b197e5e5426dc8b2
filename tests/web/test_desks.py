import pytest

from tests.services.ledger_entries import book, person
from tests.web.visits import NOW, set_market_clock
from tickfolio.identity.models import User
from tickfolio.services import portfolios
from tickfolio.web.desks import calendar_of, desk_of

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
    book(person("alice"))
    calendar = calendar_of(" aapl ")
    assert calendar is not None
    assert calendar.zone.key == "America/New_York"
    assert calendar_of("WINE") is None
