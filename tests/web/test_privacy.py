import pytest
from django.test import RequestFactory

from tests.services.ledger_entries import person
from tests.web.visits import signed_in
from tickfolio.services import portfolios
from tickfolio.web.privacy import PRIVACY_COOKIE, hides_amounts, masked, pieces


@pytest.mark.parametrize(("cookie", "hides"), [("on", True), ("off", False), ("", False), ('on"><script>', False)])
def test_amounts_are_hidden_where_the_cookie_of_the_device_says_so(
    rf: RequestFactory, cookie: str, hides: bool
) -> None:
    request = rf.get("/")
    request.COOKIES[PRIVACY_COOKIE] = cookie
    assert hides_amounts(request) is hides


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Buy 10 AAPL, −5,574.30 USD", "Buy ••••• AAPL, ••••• USD"),
        ("Kauf 1.234,56 EUR am 03.09.2012", "Kauf ••••• EUR am 03.09.2012"),
        ("Deposit +5 USD of 3 September 2012, 14:30", "Deposit ••••• USD of 3 September 2012, 14:30"),
        ("9 Sep 2012, 16:39:04, up +3.06 %", "9 Sep 2012, 16:39:04, up +3.06 %"),
        ("Kauf 3 AAPL am 9. März 2012, seit 5. Sept., 7", "Kauf ••••• AAPL am 9. März 2012, seit 5. Sept., •••••"),
        ("Split AAPL 2 for 1", "Split AAPL ••••• for •••••"),
        ("A1B2, BRK-2 and 2012-05-21T10:00", "A1B2, BRK-2 and 2012-05-21T10:00"),
        ("", ""),
    ],
)
def test_days_times_shares_and_symbols_stay_where_amounts_are_hidden(text: str, left: str) -> None:
    assert masked(text) == left
    assert "".join(piece for piece, _ in pieces(text)) == text


@pytest.mark.django_db
def test_the_first_paint_hides_amounts_and_the_title_has_none() -> None:
    owner = person("alice")
    made = portfolios.portfolio_create(actor=owner, name="Long term", base_currency="EUR")
    browser = signed_in(owner)
    open_page = browser.get(f"/portfolios/{made.id}/").content.decode()
    assert "data-privacy" not in open_page
    assert "<title>Long term 0.00 EUR · Tickfolio</title>" in open_page
    browser.cookies[PRIVACY_COOKIE] = "on"
    hidden = browser.get(f"/portfolios/{made.id}/").content.decode()
    assert ' data-privacy="on">' in hidden
    assert "<title>Long term · Tickfolio</title>" in hidden
    assert 'aria-pressed="true" aria-label="Hide amounts"' in hidden
