import pytest
from django.test import RequestFactory
from pytest_django import Settings

from tests.live.market import OPEN, REAL_NOW
from tests.services.changes import changes
from tickfolio.feeds.market_source import ClockPosition
from tickfolio.identity.models import User
from tickfolio.services.market_records import instance_declare, market_changes_record
from tickfolio.web.context import THEME_COOKIE, shell

pytestmark = pytest.mark.django_db


def test_every_page_knows_that_prices_are_a_replay_and_of_which_moment(rf: RequestFactory) -> None:
    instance_declare(is_replay=True, at=REAL_NOW)
    market_changes_record(changes=changes(clock=ClockPosition(1, OPEN)))
    variables = shell(rf.get("/"))
    assert (variables["market"].is_replay, variables["market"].market_time) == (True, OPEN)
    assert (variables["market_day"], variables["market_city"]) == ("21 May 2012", "New York")


def test_every_page_knows_the_build(rf: RequestFactory, settings: Settings) -> None:
    settings.TICKFOLIO_BUILD = "abc"
    assert shell(rf.get("/"))["build"] == "abc"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", ""), ('"><script>', "")])
def test_theme_is_one_of_ours_whatever_the_cookie_says(rf: RequestFactory, cookie: str, theme: str) -> None:
    request = rf.get("/")
    request.COOKIES[THEME_COOKIE] = cookie
    assert shell(request)["theme"] == theme


@pytest.mark.parametrize(("theme", "following"), [("", "light"), ("light", "dark"), ("dark", "")])
def test_a_persons_theme_wins_over_the_cookie_and_the_button_goes_round(
    rf: RequestFactory, theme: str, following: str
) -> None:
    request = rf.get("/")
    request.COOKIES[THEME_COOKIE] = "dark" if theme != "dark" else "light"
    request.user = User(theme=theme)
    assert (shell(request)["theme"], shell(request)["next_theme"]) == (theme, following)


@pytest.mark.parametrize(("locale", "numbers"), [("de", "de"), ("en", "en")])
def test_pages_know_how_the_person_writes_numbers(rf: RequestFactory, locale: str, numbers: str) -> None:
    request = rf.get("/")
    request.user = User(locale=locale)
    assert shell(request)["numbers"] == numbers
    assert shell(rf.get("/"))["numbers"] == "en"


def test_pages_know_whether_strangers_may_sign_up(rf: RequestFactory, settings: Settings) -> None:
    settings.TICKFOLIO_SIGN_UP = False
    assert shell(rf.get("/"))["sign_up"] is False
