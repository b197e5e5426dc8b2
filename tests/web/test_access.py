import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/stocks/", "/stocks/?symbol=AAPL", "/stocks/AAPL/today.json"])
def test_visitors_are_refused_where_the_operator_does_not_allow_them(
    client: Client, settings: Settings, address: str
) -> None:
    settings.TICKFOLIO_ANONYMOUS_QUOTES = False
    assert client.get(address).status_code == 403
    settings.TICKFOLIO_ANONYMOUS_QUOTES = True
    assert client.get(address).status_code != 403
