from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services.portfolios import AccountView
from tickfolio.services.transactions import TransactionFilter
from tickfolio.web.forms.transaction_filter import FilterForm

ACCOUNT = AccountView(id="a1", portfolio_id="p1", name="Broker", currency="USD")


def form(**asked: str) -> FilterForm:
    return FilterForm(asked, accounts=(ACCOUNT,), zone=ZoneInfo("Europe/Berlin"))


def test_nothing_asked_is_everything() -> None:
    assert (form().wanted(), form().is_used, form().query()) == (TransactionFilter(), False, "")


def test_days_are_whole_days_of_the_persons_zone() -> None:
    wanted = form(since="2012-05-01", until="2012-05-31").wanted()
    assert wanted.since == datetime(2012, 4, 30, 22, 0, tzinfo=UTC)
    assert wanted.until == datetime(2012, 5, 31, 22, 0, tzinfo=UTC)


def test_a_midnight_that_never_was_begins_its_day() -> None:
    brazil = FilterForm({"since": "2012-10-21"}, accounts=(), zone=ZoneInfo("America/Sao_Paulo"))
    assert brazil.wanted().since == datetime(2012, 10, 21, 3, 0, tzinfo=UTC)


def test_everything_asked_is_wanted() -> None:
    wanted = form(type="buy", account="a1", symbol=" aapl", text="note").wanted()
    assert wanted == TransactionFilter(type=TransactionType.BUY, account_id="a1", symbol="AAPL", text="note")


def test_the_address_of_another_page_keeps_what_is_asked() -> None:
    assert form(type="buy", text="a&b").query(page=3) == "?type=buy&text=a%26b&page=3"
    assert form(type="buy").query() == "?type=buy"


def test_a_filter_of_which_a_part_cannot_be_read_is_not_applied() -> None:
    found = form(type="buy", since="2012-13-45")
    assert (found.wanted(), found.is_used, found.is_applied) == (TransactionFilter(), True, False)
    assert [field.name for field in found.faulty] == ["since"]


def test_a_filter_that_can_be_read_is_applied_and_none_is_not() -> None:
    assert (form(type="buy").is_applied, form().is_applied) == (True, False)
