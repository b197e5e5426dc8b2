from __future__ import annotations

from datetime import date

import pytest

from tests.live.market import IBM
from tests.services.ledger_entries import Book, add, book, person, purchase
from tests.web.visits import set_market_clock
from tickfolio.domain.money import Currency
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios
from tickfolio.services.rate_gaps import RateGap
from tickfolio.statements.fast_entry.line import PartKind
from tickfolio.web.desks import desk_of
from tickfolio.web.fast_entry import LONGEST_LINE, TOO_LONG, FastEntry, Taken, ground_of, held_of, understood

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


def entry(mine: Book, text: str, taken: Taken = Taken()) -> FastEntry:  # noqa: B008 - it is frozen
    portfolio = portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)
    desk = desk_of(mine.owner, portfolio)
    return understood(text, actor=mine.owner, portfolio=portfolio, desk=desk, taken=taken)


def test_what_a_line_says_stands_in_the_fields_of_the_form(alices: Book) -> None:
    said = entry(alices, "sell 4 IBM at 190 fee 1 tax 0.5 on 2012-05-18 9:30 note half")
    assert dict(said.fields) == {
        "account_id": alices.account_id, "day": "2012-05-18", "time": "09:30:00", "symbol": "IBM", "quantity": "4",
        "price": "190", "fees": "1", "taxes": "0.5", "note": "half",
    }  # fmt: skip
    assert dict(entry(alices, "interest 5 EUR").fields) == {
        "account_id": alices.account_id, "day": "2012-05-21", "gross": "5", "currency": "EUR"
    }  # fmt: skip


def test_a_transaction_is_in_one_currency(alices: Book) -> None:
    said = entry(alices, "buy 1 IBM at 190 EUR fee 1 USD")
    assert said.faults == {
        PartKind.PRICE: "Expected USD, the currency of the transaction, was EUR. Write in EUR where it was settled so."
    }
    assert entry(alices, "dividend IBM 5 EUR tax 1 EUR").faults == {}


def test_an_account_is_assumed_where_the_instrument_was_booked_last_or_by_currency(alices: Book) -> None:
    euros = portfolios.account_create(
        actor=alices.owner, portfolio_id=alices.portfolio_id, name="Savings", currency="EUR"
    )
    add(alices, purchase(alices, account_id=euros.id))
    assumed = {
        line: entry(alices, line).account for line in ("sell 1 AAPL", "buy 1 IBM", "deposit 5 EUR", "deposit 5 CHF")
    }
    assert {line: account.name for line, account in assumed.items() if account} == {
        "sell 1 AAPL": "Savings", "buy 1 IBM": "Broker", "deposit 5 EUR": "Savings", "deposit 5 CHF": "Broker"
    }  # fmt: skip


def test_more_than_is_held_is_a_fault_before_it_is_booked(alices: Book) -> None:
    add(alices, purchase(alices, quantity="10"))
    assert entry(alices, "sell 10 AAPL at 5").is_ready
    said = entry(alices, "sell 11 AAPL at 5")
    assert said.faults[PartKind.QUANTITY].startswith("Expected at most 10, the AAPL that Broker holds then, was 11.")
    portfolio = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    desk = desk_of(alices.owner, portfolio)
    assert held_of(desk, alices.account_id, "AAPL", desk.reading.now) == 10


def test_a_suggestion_that_was_taken_stands_in_the_form_as_it_was(alices: Book) -> None:
    assert entry(alices, "buy 1 AAPL on 2012-05-18").fields["price"] == "530.38"
    assert entry(alices, "buy 1 AAPL on 2012-05-18", Taken(price="529")).fields["price"] == "529"
    assert entry(alices, "buy 1 AAPL at 3 on 2012-05-18", Taken(price="529")).fields["price"] == "3"


def test_a_line_that_is_too_long_is_not_read(alices: Book) -> None:
    said = entry(alices, "x" * (LONGEST_LINE + 1))
    assert [part.fault for part in said.line.parts] == [TOO_LONG]
    assert not said.is_ready


def test_what_a_service_refuses_is_a_fault_of_the_part_it_is_about(alices: Book) -> None:
    said = entry(alices, "buy 1 AAPL at 5").refused({"quantity": "too many", None: "as a whole"})
    assert said.faults == {PartKind.QUANTITY: "too many", PartKind.UNKNOWN: "as a whole"}
    assert not said.is_ready


def test_the_ground_has_the_currencies_of_the_portfolio_and_its_accounts(alices: Book) -> None:
    portfolio = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    ground = ground_of(portfolio, desk_of(alices.owner, portfolio))
    assert portfolio.role is Role.OWNER
    assert (list(ground.accounts), {"USD", "EUR"} <= ground.currencies) == ([(alices.account_id, "Broker")], True)
    assert str(IBM) not in ground.currencies


def test_a_purchase_before_the_first_exchange_rate_is_ready_and_says_what_is_missing(alices: Book) -> None:
    said = entry(alices, "buy 4 IBM at 190 on 1998-03-02")
    assert said.is_ready
    assert said.gap == RateGap(Currency("USD"), Currency("EUR"), date(1999, 1, 4))
    assert entry(alices, "buy 4 IBM at 190 on 1998-03-02 in EUR rate 0.9").gap is None
    assert entry(alices, "buy 4 IBM at 190 on 2012-05-18").gap is None
