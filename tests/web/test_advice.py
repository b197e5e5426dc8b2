from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.services.ledger_entries import Book, book, person, purchase, sale
from tests.web.visits import set_market_clock
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency, ExchangeRate
from tickfolio.errors import ImpossibleLedger, InsufficientLot, InsufficientQuantity
from tickfolio.services import portfolios, transactions
from tickfolio.services.suggestions import PriceSuggestion, RateSuggestion
from tickfolio.web.advice import Ledgers, advise, field_of, price_advice, rate_advice, shortfall_of, shortfall_text
from tickfolio.web.desks import desk_of
from tickfolio.web.forms.transactions import TransactionForm
from tickfolio.web.notation import GERMAN, written_as

EUR, USD = Currency("EUR"), Currency("USD")


def price(**parts: object) -> PriceSuggestion:
    ordinary: dict[str, object] = {
        "symbol": Symbol("AAPL"), "price": Decimal("557.43"), "currency": USD, "day": date(2012, 5, 18),
        "is_close": True, "source": "replay history",
    }  # fmt: skip
    return PriceSuggestion(**{**ordinary, **parts})  # type: ignore[arg-type]  # named above


def test_a_suggested_price_says_its_day_and_source() -> None:
    assert price_advice(price()) == "AAPL closed at 557.43 USD on 18 May 2012 (replay history)"
    assert price_advice(price(is_close=False, source="replay")) == "AAPL is at 557.43 USD on 18 May 2012 (replay)"


def test_a_suggested_rate_says_whose_it_is_and_of_which_day() -> None:
    rate = ExchangeRate(USD, EUR, Decimal("0.786101721563"))
    suggestion = RateSuggestion(rate=rate, published_on=date(2012, 5, 18), source="European Central Bank")
    assert rate_advice(suggestion) == "ECB rate of 18 May 2012: 0.786102 EUR for 1 USD"


def test_advice_is_written_as_the_person_writes() -> None:
    rate = RateSuggestion(
        rate=ExchangeRate(USD, EUR, Decimal("0.786101721563")),
        published_on=date(2012, 5, 18),
        source="European Central Bank",
    )
    with written_as(GERMAN):
        told = price_advice(price(price=Decimal("1557.4")))
        assert told == "AAPL closed at 1.557,40 USD on 18.05.2012 (replay history)"
        assert rate_advice(rate) == "ECB rate of 18.05.2012: 0,786102 EUR for 1 USD"


def test_what_cannot_be_suggested_says_why() -> None:
    reason = NotAvailable("no feed knows WINE")
    assert price_advice(reason) == "No price to suggest: no feed knows WINE."
    assert rate_advice(reason) == "No rate to suggest: no feed knows WINE."


@pytest.fixture
def alices(db: None) -> Book:
    set_market_clock()
    return book(person("alice"))


def ledgers(alices: Book) -> Ledgers:
    portfolio = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    return Ledgers(alices.owner, portfolio, ZoneInfo("Europe/Berlin"))


def typed_sale(alices: Book, **fields: str) -> TransactionForm:
    desk = desk_of(alices.owner, ledgers(alices).portfolio)
    ordinary = {
        "account_id": alices.account_id,
        "day": "2012-05-18",
        "symbol": "aapl",
        "quantity": "12.5",
        "price": "1",
    }
    form = TransactionForm(TransactionType.SELL, {**ordinary, **fields}, desk=desk)
    form.is_valid()
    return form


def test_an_own_sale_of_too_much_says_how_much_can_be_sold(alices: Book) -> None:
    refusal = InsufficientQuantity(
        "short", transaction="00000000-0000-0000-0000-000000000001", shortfall=Decimal("2.5")
    )
    text = shortfall_of(typed_sale(alices), refusal, ledgers(alices))
    assert text == (
        "Expected at most 10, the AAPL that Broker holds then, was 12.5. "
        "To sell short, tick “More may be sold than is held” in the settings of the account first."
    )


def test_an_edited_sale_of_too_much_is_an_own_one_too(alices: Book) -> None:
    add = transactions.transaction_add
    add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    sold = add(
        actor=alices.owner,
        portfolio_id=alices.portfolio_id,
        draft=sale(alices, quantity="5", at=datetime(2012, 5, 10, 15, tzinfo=UTC)),
    )
    refusal = InsufficientQuantity("short", transaction=sold.id, shortfall=Decimal("2.5"))
    assert shortfall_of(typed_sale(alices), refusal, ledgers(alices), own_id=sold.id).startswith("Expected at most 10,")
    other = "the sale of 5 AAPL on 10 May 2012 would be of 2.5 more than Broker holds then."
    assert shortfall_of(typed_sale(alices), refusal, ledgers(alices)) == f"With this, {other}"
    assert shortfall_text(refusal, ledgers(alices)) == f"Without this, {other} Change that sale first."


def test_a_transfer_that_would_be_left_short_is_called_one(alices: Book) -> None:
    add = transactions.transaction_add
    add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    late = datetime(2012, 5, 10, 23, 30, tzinfo=UTC)
    moved = add(
        actor=alices.owner,
        portfolio_id=alices.portfolio_id,
        draft=replace(sale(alices, quantity="5", at=late), type=TransactionType.TRANSFER_OUT, price=None),
    )
    refusal = InsufficientQuantity("short", transaction=moved.id, shortfall=Decimal("2.5"))
    # In Berlin it is the next day already.
    told = "the transfer of 5 AAPL on 11 May 2012 would be of 2.5 more than Broker holds then."
    assert shortfall_text(refusal, ledgers(alices)) == f"Without this, {told} Change that transfer first."


def test_a_moment_is_told_as_a_day_and_with_its_time_where_that_was_typed(alices: Book) -> None:
    late = datetime(2009, 12, 1, 23, 59, 59, tzinfo=UTC)
    message = "Expected some AAPL to be held {when}, was 0."
    refusal = ImpossibleLedger(message, transaction="00000000-0000-0000-0000-000000000001", at=late)
    assert str(refusal) == "Expected some AAPL to be held on 2009-12-01, was 0."
    told = shortfall_of(typed_sale(alices), refusal, ledgers(alices))
    assert told == "Expected some AAPL to be held on 2 December 2009, was 0."
    assert shortfall_text(refusal, ledgers(alices)) == told
    timed = typed_sale(alices, time="00:59:59")
    assert "on 2 December 2009 at 00:59, was 0." in shortfall_of(timed, refusal, ledgers(alices))
    assert shortfall_of(timed, refusal, ledgers(alices), own_id=refusal.transaction) == told


def test_what_is_about_the_lots_stands_at_the_lots(alices: Book) -> None:
    form = typed_sale(alices)
    own = "00000000-0000-0000-0000-000000000001"
    of_lots = InsufficientLot("Expected at most 0 AAPL of the lot.", transaction=own)
    assert field_of(form, of_lots, ledgers(alices), own_id="") == "lots"
    assert field_of(form, ImpossibleLedger("Expected some.", transaction=own), ledgers(alices), own_id="") == "quantity"


def test_what_else_a_ledger_cannot_be_is_told_as_it_is(alices: Book) -> None:
    refusal = ImpossibleLedger("Expected a split that leaves some.", transaction="t1")
    assert shortfall_of(typed_sale(alices), refusal, ledgers(alices)) == "Expected a split that leaves some."
    assert shortfall_text(refusal, ledgers(alices)) == "Expected a split that leaves some."


def test_a_form_with_an_unknown_symbol_offers_to_make_an_instrument(alices: Book) -> None:
    known, unknown = typed_sale(alices), typed_sale(alices, symbol="wine")
    advise(known, ledgers(alices))
    advise(unknown, ledgers(alices))
    assert (known.has_new_instrument, unknown.has_new_instrument) == (False, True)


def test_a_form_without_a_price_is_told_the_one_of_the_day(alices: Book) -> None:
    form = typed_sale(alices, price="")
    advise(form, ledgers(alices))
    assert form["price"].help_text == "AAPL closed at 530.38 USD on 18 May 2012 (replay history)"
