from __future__ import annotations

import html
import re
import uuid
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.live.market import AAPL, instrument
from tests.services.ledger_entries import Book, book, person, purchase, sale
from tests.web.visits import (
    NOW,
    address,
    booked,
    errors_on,
    sent,
    set_market_clock,
    signed_in,
    text_of,
    typed,
    unmarked,
)
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.services import portfolios, transactions
from tickfolio.services.market_records import instruments_register

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


# ---------- Entering ----------


@pytest.mark.parametrize("kind", TransactionType)
def test_a_form_of_each_type_can_be_opened(alices: Book, kind: TransactionType) -> None:
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/new/?type={kind.value}")))
    assert f'name="type" value="{kind.value}"' in page
    assert re.search(rf'data-type="{kind.value}" aria-current="true"', page)
    assert 'name="day" value="2012-05-21"' in page


@pytest.mark.parametrize(
    ("kind", "fields", "moment", "figures"),
    [
        ("buy", {}, "2012-05-18 20:00", {"symbol": "AAPL", "quantity": "10", "price": "557.43", "amount": "5574.3"}),
        ("deposit", {"amount": "1,000.50"}, "2012-05-17 22:00", {"amount": "1000.5", "currency": "USD"}),
        ("withdrawal", {"amount": "20", "currency": "EUR"}, "2012-05-18 21:59", {"currency": "EUR"}),
        ("fee", {"amount": "4.5", "symbol": "aapl"}, "2012-05-18 21:59", {"symbol": "AAPL"}),
        ("split", {"symbol": "AAPL", "split_new": "2", "split_old": "1"}, "2012-05-18 04:00", {"split_new": "2"}),
        (
            "dividend",
            {"symbol": "AAPL", "gross": "26.50", "taxes": "3.98", "ex_date": "2012-05-16"},
            "2012-05-18 20:00",
            {"amount": "26.5", "taxes": "3.98", "ex_date": "2012-05-16"},
        ),
        (
            "currency_exchange",
            {"amount": "1000", "currency": "EUR", "counter_amount": "1271.50", "counter_currency": "USD"},
            "2012-05-17 22:00",
            {"amount": "1000", "currency": "EUR", "counter_amount": "1271.5", "counter_currency": "USD"},
        ),
    ],
)
def test_what_is_typed_is_booked(
    alices: Book, kind: str, fields: dict[str, str], moment: str, figures: dict[str, str]
) -> None:
    answer = sent(alices, kind, **fields)
    assert answer.status_code == 302, errors_on(answer)
    [view] = booked(alices)
    assert (view.type.value, f"{view.at:%Y-%m-%d %H:%M}") == (kind, moment)
    assert {name: str(getattr(view, name)) for name in figures} == figures


def test_a_sale_is_booked_with_its_costs_and_what_was_settled_in_another_currency(alices: Book) -> None:
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    answer = sent(
        alices, "sell", quantity="4", time="16:00", fees="1", taxes="0,25", settlement_currency="EUR",
        settlement_rate="0.7867", note="half of\r\nit",
    )  # fmt: skip
    assert answer.status_code == 302, errors_on(answer)
    view = booked(alices)[0]
    assert (view.fees, view.taxes, view.note, f"{view.at:%H:%M}") == (
        Decimal(1),
        Decimal("0.25"),
        "half of it",
        "14:00",
    )
    assert (view.settlement_amount, view.settlement_currency) == (Decimal("1753.14"), "EUR")


def test_a_coin_of_the_last_day_of_a_year_is_traded_in_that_year(alices: Book) -> None:
    coin = Symbol("BTC-USD")
    instruments_register(instruments=[replace(instrument(coin), mic="24/7")])
    answer = sent(alices, symbol="BTC-USD", day="2011-12-31")
    assert answer.status_code == 302, errors_on(answer)
    [view] = booked(alices)
    assert f"{view.at:%Y-%m-%d %H:%M:%S}" == "2011-12-31 22:59:59"  # the last second of the day in Berlin
    ledger = text_of(signed_in(alices.owner).get(address(alices)))
    assert "31 Dec 2011" in ledger
    assert "Jan 2012" not in ledger


def test_what_is_of_no_type_that_there_is_is_not_taken_for_another(alices: Book) -> None:
    answer = sent(alices, type="gift")
    assert "Expected a type of transaction such as buy, was gift." in unmarked(text_of(answer))
    assert booked(alices) == []


def test_a_day_of_the_market_without_a_time_is_now(alices: Book) -> None:
    sent(alices, day="2012-05-21")
    assert booked(alices)[0].at == NOW


def test_the_next_page_says_once_what_was_booked_and_can_take_it_back(alices: Book) -> None:
    client = signed_in(alices.owner)
    answer = client.post(address(alices, "transactions/new/"), typed(alices, note="<b>bold</b>"), follow=True)
    assert "Booked: Buy 10 AAPL, −5,574.30 USD." in unmarked(text_of(answer))
    [view] = booked(alices)
    assert f'action="{address(alices, f"transactions/{view.id}/delete/")}"' in text_of(answer)
    assert "Booked:" not in text_of(client.get(address(alices)))
    client.post(address(alices, f"transactions/{view.id}/delete/"), {"version": "1"})
    assert booked(alices) == []


def test_a_trade_later_than_the_market_is_kept_and_says_from_when_it_counts(alices: Book) -> None:
    client = signed_in(alices.owner)
    answer = client.post(address(alices, "transactions/new/"), typed(alices, day="2012-12-03"), follow=True)
    assert "It counts from 3 December 2012 on." in text_of(answer)
    assert "not yet reached" in text_of(client.get(address(alices)))


def test_a_dividend_past_its_ex_date_counts_already_and_is_marked_as_due(alices: Book) -> None:
    client = signed_in(alices.owner)
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    fields = {"symbol": "AAPL", "gross": "26.50", "ex_date": "2012-05-15", "day": "2012-06-14"}
    answer = client.post(address(alices, "transactions/new/"), typed(alices, "dividend", **fields), follow=True)
    assert "It counts from its ex-date on, 15 May 2012, and is paid on 14 June 2012." in text_of(answer)
    [view] = [each for each in booked(alices) if each.type is TransactionType.DIVIDEND]
    for page in ("transactions/", f"transactions/{view.id}/"):
        shown = text_of(client.get(address(alices, page)))
        assert "due, not paid yet" in shown
        assert "not yet reached" not in shown
        assert 'class="row-later"' not in shown


def test_one_more_can_be_entered_in_the_same_account(alices: Book) -> None:
    answer = sent(alices, another="yes")
    assert answer.headers["Location"] == address(alices, f"transactions/new/?type=buy&account={alices.account_id}")


# ---------- Once, whatever the number of clicks ----------


def test_the_same_form_sent_twice_books_once(alices: Book) -> None:
    client, form = signed_in(alices.owner), typed(alices)
    places = [client.post(address(alices, "transactions/new/"), form).headers["Location"] for _ in range(2)]
    assert (len(booked(alices)), places) == (1, [address(alices)] * 2)


def test_an_old_form_with_something_else_in_it_books_nothing_and_can_be_sent_again(alices: Book) -> None:
    client, form = signed_in(alices.owner), typed(alices)
    client.post(address(alices, "transactions/new/"), form)
    page = text_of(client.post(address(alices, "transactions/new/"), {**form, "quantity": "11"}))
    assert "nothing was booked now" in page
    assert len(booked(alices)) == 1
    key = re.search(r'name="key" value="([\w-]+)"', page)
    assert key is not None
    client.post(address(alices, "transactions/new/"), {**form, "quantity": "11", "key": key[1]})
    assert len(booked(alices)) == 2


# ---------- When something is wrong ----------


@pytest.mark.parametrize(
    ("kind", "fields", "field", "message"),
    [
        ("buy", {"quantity": ""}, "quantity", "Expected a number such as 12.5; the field is empty."),
        ("buy", {"quantity": "1,23,4"}, "quantity", "Expected a number such as 1234.56, was 1,23,4."),
        ("buy", {"quantity": "0"}, "quantity", "Expected a number above 0, was 0."),
        ("buy", {"price": "a lot"}, "price", "Expected a number such as 1234.56, was a lot."),
        ("buy", {"price": "-1"}, "price", "Expected 0 or more, was -1."),
        ("buy", {"price": "", "gross": ""}, "price", "Expected a number such as 12.5; the field is empty."),
        ("buy", {"day": "18.5.2012"}, "day", "Expected a day such as 2012-05-21, was 18.5.2012."),
        ("buy", {"time": "noon"}, "time", "Expected a time such as 15:30, was noon."),
        ("buy", {"account_id": str(uuid.uuid4())}, "account_id", "Expected an account of the list, was "),
        ("buy", {"symbol": ""}, "symbol", "Expected a symbol; the field is empty."),
        ("buy", {"symbol": "a b"}, "symbol", "Expected a symbol of 1 to 32 letters"),
        ("buy", {"settlement_rate": "0.8"}, "settlement_currency", "Expected the currency that was really paid in."),
        ("deposit", {"amount": ""}, "amount", "Expected a number such as 12.5; the field is empty."),
        ("split", {"symbol": "AAPL", "split_new": "two", "split_old": "1"}, "split_new", "Expected a whole number"),
        (
            "dividend",
            {"symbol": "AAPL", "gross": "1", "taxes": "2"},
            "taxes",
            "Expected at most the gross amount 1, was 2.",
        ),
        (
            "currency_exchange",
            {"amount": "1", "counter_amount": "1", "counter_currency": "USD"},
            "counter_currency",
            "Expected another currency than USD",
        ),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_is_booked(
    alices: Book, kind: str, fields: dict[str, str], field: str, message: str
) -> None:
    answer = sent(alices, kind, **fields)
    assert (answer.status_code, booked(alices)) == (200, [])
    assert html.unescape(errors_on(answer)[field]).startswith(message)
    assert f'<a href="#id_{field}">' in text_of(answer)


def test_what_was_typed_stays_and_the_summary_takes_the_focus(alices: Book) -> None:
    page = text_of(
        sent(alices, quantity="1.234,5x", price="557,43", fees="1", note="a note", settlement_currency="EUR")
    )
    for kept in ("1.234,5x", "557,43", "a note", "aapl"):
        assert f'value="{kept}"' in page
    assert '<option value="EUR" selected>' in page
    assert re.search(r'<div class="error-summary" role="alert" tabindex="-1" id="error-summary" autofocus>', page)
    assert '<details class="span-12 more" id="more" open>' in page


def test_a_sale_of_more_than_is_held_is_told_at_the_quantity(alices: Book) -> None:
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    answer = sent(alices, "sell", quantity="12.5")
    told = errors_on(answer)["quantity"]
    assert told.startswith(
        "Expected at most 10, the AAPL that Broker holds then, was 12.5. To sell short, tick “More may"
    )


def test_a_chosen_lot_that_holds_less_is_told_at_the_lots(alices: Book) -> None:
    for at in ("2011-03-01", "2011-03-02"):
        late = datetime.fromisoformat(f"{at}T15:00:00+00:00")
        draft = purchase(alices, at=late)
        transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft)
    errors = errors_on(sent(alices, "sell", quantity="12", lots="2011-03-01 12"))
    assert errors == {"lots": "Expected at most 10 AAPL of the lot that was chosen, was 12."}


def test_a_sale_that_leaves_a_later_one_short_names_that_one(alices: Book) -> None:
    add = transactions.transaction_add
    add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=purchase(alices))
    late = datetime.fromisoformat("2012-05-10T15:00:00+00:00")
    add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=sale(alices, quantity="8", at=late))
    answer = sent(alices, "sell", quantity="5", day="2012-04-02")
    assert errors_on(answer)["quantity"] == (
        "With this, the sale of 8 AAPL on 10 May 2012 would be of 3 more than Broker holds then."
    )


def test_a_price_that_is_missing_is_suggested_without_a_script(alices: Book) -> None:
    page = text_of(sent(alices, price=""))
    assert "AAPL closed at 530.38 USD on 18 May 2012 (replay history)" in page


def test_a_german_types_commas(alices: Book) -> None:
    client = signed_in(alices.owner, locale="de")
    client.post(address(alices, "transactions/new/"), typed(alices, quantity="0,125", price="1.057,43"))
    [view] = booked(alices)
    assert (view.quantity, view.price) == (Decimal("0.125"), Decimal("1057.43"))
    page = text_of(client.get(address(alices, f"transactions/{view.id}/")))
    assert 'name="quantity" value="0,125"' in page
    assert 'data-mark=","' in page


# ---------- An instrument that no feed offers ----------


def test_an_unknown_symbol_is_offered_as_an_instrument_of_the_portfolio(alices: Book) -> None:
    page = text_of(sent(alices, symbol="WINE"))
    assert "No feed offers WINE." in page
    assert '<fieldset class="span-12 new-instrument" id="new-instrument">' in page
    answer = sent(
        alices, symbol="WINE", creates_instrument="on", instrument_name="A cask", instrument_currency="EUR", price="80"
    )
    assert answer.status_code == 302, errors_on(answer)
    assert (booked(alices)[0].symbol, booked(alices)[0].currency) == ("WINE", "EUR")


def test_a_known_symbol_is_not(alices: Book) -> None:
    page = text_of(sent(alices, quantity=""))
    assert '<fieldset class="span-12 new-instrument" id="new-instrument" hidden>' in page


def test_a_portfolio_without_an_account_asks_for_one_first(alices: Book) -> None:
    empty = portfolios.portfolio_create(actor=alices.owner, name="Empty", base_currency="EUR")
    page = text_of(signed_in(alices.owner).get(f"/portfolios/{empty.id}/transactions/new/"))
    assert f'href="/portfolios/{empty.id}/accounts/new/"' in page


# ---------- What people type is text ----------

CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }}{% now 'Y' %}",
    "</textarea></title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("text", CORPUS)
def test_markup_in_a_note_is_shown_as_text(alices: Book, text: str) -> None:
    sent(alices, note=text)
    [view] = booked(alices)
    client = signed_in(alices.owner)
    for rest in ("transactions/", f"transactions/{view.id}/", f"transactions/{view.id}/delete/"):
        page = text_of(client.get(address(alices, rest)))
        assert html.escape(text) in page
        assert text not in page or html.escape(text) == text


def test_symbol_of_the_address_is_filled_in(alices: Book) -> None:
    page = text_of(signed_in(alices.owner).get(address(alices, f"transactions/new/?symbol={AAPL}&type=sell")))
    assert 'name="symbol" value="AAPL"' in page
