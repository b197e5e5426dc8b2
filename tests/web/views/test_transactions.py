from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import Book, book, deposit, person, purchase, sale, share
from tests.web.visits import SUMMARY, address, errors_on, set_market_clock, signed_in, text_of
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios, transactions
from tickfolio.services.transactions import TransactionDraft

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<tr role="row" data-id="([\w-]+)".*?</tr>', re.DOTALL)


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def add(alices: Book, *drafts: TransactionDraft) -> list[str]:
    return [
        transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=draft).id
        for draft in drafts
    ]


def ids_on(page: str) -> list[str]:
    return ROW.findall(page)


def listed(client: Client, alices: Book, query: str = "") -> str:
    return text_of(client.get(address(alices) + query))


def test_an_empty_list_says_what_will_stand_there_and_offers_the_first_step(client: Client, alices: Book) -> None:
    page = listed(client, alices)
    assert "No transactions yet" in page
    assert f'href="{address(alices, "transactions/new/")}"' in page
    assert 'id="filters"' not in page


def test_the_newest_stands_first_and_those_of_one_moment_in_the_order_of_their_entry(
    client: Client, alices: Book
) -> None:
    first, second, third = add(alices, deposit(alices), purchase(alices), deposit(alices, at=at("2012-01-02T10:00:00")))
    assert ids_on(listed(client, alices)) == [third, second, first]


def test_amounts_are_signed_and_never_coloured(client: Client, alices: Book) -> None:
    add(alices, deposit(alices), purchase(alices, fees=Decimal("9.95")), sale(alices, quantity="4", price="355.5"))
    [ledger] = re.findall(r'<section class="panel" id="ledger".*?</section>', listed(client, alices), re.DOTALL)
    assert re.findall(r'<span class="amount">([+−].*?)</span>', ledger) == ["+1,422.00", "−3,509.95", "+5,000.00"]
    assert not re.search(r'class="[^"]*\b(up|down|flat)\b', ledger)


def test_an_instrument_that_only_the_portfolio_knows_has_its_name_there_too(client: Client, alices: Book) -> None:
    add(alices, purchase(alices, symbol="WINE", creates_instrument=True, instrument_name="A cask", currency="EUR"))
    page = listed(client, alices)
    assert '<span class="label name only-wide">A cask</span>' in page
    assert 'aria-label="Buy WINE of 1 Mar 2011"' in page


def test_days_and_times_are_of_the_persons_zone(alices: Book) -> None:
    add(alices, deposit(alices, at=at("2011-03-01T23:30:00")))
    assert '2 Mar 2011 <span class="quiet">08:30</span>' in listed(
        signed_in(alices.owner, time_zone="Asia/Tokyo"), alices
    )


def test_a_trade_that_the_market_has_not_reached_is_marked(client: Client, alices: Book) -> None:
    add(alices, deposit(alices), deposit(alices, at=at("2012-12-03T10:00:00")))
    rows = re.findall(r'<tr role="row" data-id=.*?</tr>', listed(client, alices), re.DOTALL)
    assert [("not yet reached" in row, 'class="row-later"' in row) for row in rows] == [(True, True), (False, False)]


# ---------- Filters ----------


@pytest.fixture
def some(alices: Book) -> dict[str, str]:
    """A few transactions by what they are."""
    other = portfolios.account_create(actor=alices.owner, portfolio_id=alices.portfolio_id, name="Bank", currency="EUR")
    names = ("deposit", "late", "elsewhere", "aapl", "ibm")
    ids = add(
        alices,
        deposit(alices, note="Savings of the year"),
        deposit(alices, at=at("2012-01-02T10:00:00")),
        deposit(alices, account_id=other.id, at=at("2011-05-01T10:00:00")),
        purchase(alices),
        purchase(alices, symbol="IBM", note="100% of it"),
    )
    return dict(zip(names, ids, strict=True)) | {"bank": other.id}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?type=deposit", {"deposit", "late", "elsewhere"}),
        ("?type=sell", set()),
        ("?symbol=aapl", {"aapl"}),
        ("?symbol= IBM ", {"ibm"}),
        ("?text=savings", {"deposit"}),
        ("?text=100%25", {"ibm"}),
        ("?text=%", {"ibm"}),
        ("?since=2011-05-01", {"late", "elsewhere"}),
        ("?until=2011-05-01", {"deposit", "elsewhere", "aapl", "ibm"}),
        ("?since=2011-05-01&until=2011-05-01", {"elsewhere"}),
        ("?type=buy&symbol=IBM", {"ibm"}),
    ],
)
def test_a_filter_in_the_address_leaves_what_it_names(
    client: Client, alices: Book, some: dict[str, str], query: str, expected: set[str]
) -> None:
    assert set(ids_on(listed(client, alices, query))) == {some[name] for name in expected}


def test_an_account_filters_too(client: Client, alices: Book, some: dict[str, str]) -> None:
    page = listed(client, alices, f"?account={some['bank']}")
    assert ids_on(page) == [some["elsewhere"]]
    assert f'<option value="{some["bank"]}" selected>Bank</option>' in page


def test_a_filter_that_nothing_matches_can_be_cleared(client: Client, alices: Book, some: dict[str, str]) -> None:
    page = listed(client, alices, "?type=split")
    assert ("Nothing matches" in page, '<details class="panel filters" id="filters" open>' in page) == (True, True)


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("?type=gift", "type", "Expected a type of the list, was gift."),
        ("?type=sell&since=2012-13-45", "since", "Expected a day such as 2012-05-21, was 2012-13-45."),
        ("?account=abc", "account", "Expected an account of the list, was abc."),
        ("?since=yesterday", "since", "Expected a day such as 2012-05-21, was yesterday."),
        ("?since=2011-04-01&until=2011-03-01", "until", "Expected 2011-04-01 or later, was 2011-03-01."),
        ("?account=00000000-0000-0000-0000-000000000000", "account", "Expected an account of the list, was "),
        ("?text=a%01b", "text", "Expected a text of characters that can be seen"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named_above_the_whole_list(
    client: Client, alices: Book, some: dict[str, str], query: str, field: str, message: str
) -> None:
    answer = client.get(address(alices) + query)
    page = text_of(answer)
    assert errors_on(answer)[field].startswith(message)
    summary = SUMMARY.search(page)
    assert summary is not None
    assert "<strong>The filter is not applied: all transactions are listed</strong>" in summary[0]
    assert f": {message}" in summary[0]
    assert len(ids_on(page)) == 5
    assert "5 transactions, 2 accounts" in page


def test_a_filter_that_can_be_read_is_applied_without_a_word_above_the_list(
    client: Client, alices: Book, some: dict[str, str]
) -> None:
    page = listed(client, alices, "?type=buy")
    assert SUMMARY.search(page) is None
    assert "2 transactions match" in page


# ---------- Pages ----------


def test_a_long_list_has_pages_that_keep_the_filter(client: Client, alices: Book) -> None:
    add(alices, *(deposit(alices, amount=str(number)) for number in range(1, 53)), purchase(alices))
    first = listed(client, alices, "?type=deposit")
    assert (len(ids_on(first)), "1–50 of 52" in first) == (50, True)
    assert '<a class="button" rel="next" href="?type=deposit&amp;page=2">' in first
    second = listed(client, alices, "?type=deposit&page=2")
    assert (len(ids_on(second)), "51–52 of 52" in second) == (2, True)
    assert '<a class="button" rel="prev" href="?type=deposit">' in second


@pytest.mark.parametrize("page", ["0", "-1", "99", "many", "9" * 40, "٣"])
def test_a_page_that_there_is_not_is_the_nearest_one(client: Client, alices: Book, page: str) -> None:
    [only] = add(alices, deposit(alices))
    assert ids_on(listed(client, alices, f"?page={page}")) == [only]


def test_a_page_asks_the_database_a_fixed_number_of_times(
    client: Client, alices: Book, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    add(alices, *(deposit(alices) for _ in range(3)))
    listed(client, alices)
    with django_assert_max_num_queries(42) as few:
        listed(client, alices)
    add(alices, *(deposit(alices) for _ in range(47)))
    with django_assert_max_num_queries(42) as many:
        listed(client, alices)
    assert len(many) == len(few)


# ---------- Who ----------


def test_a_viewer_sees_the_list_without_ways_to_change_it(alices: Book) -> None:
    add(alices, deposit(alices))
    page = listed(signed_in(share(alices, "bob", Role.VIEWER)), alices)
    assert len(ids_on(page)) == 1
    assert "Add transaction" not in page


def test_every_type_is_listed_in_words(client: Client, alices: Book) -> None:
    common: dict[str, Any] = {"account_id": alices.account_id, "at": at("2012-01-02T10:00:00")}
    add(
        alices,
        purchase(alices),
        TransactionDraft(type=TransactionType.SPLIT, symbol="AAPL", split_new=7, split_old=1, **common),
        TransactionDraft(
            type=TransactionType.CURRENCY_EXCHANGE, amount=Decimal(1000), currency="EUR",
            counter_amount=Decimal("1271.5"), counter_currency="USD", **common,
        ),
        TransactionDraft(
            type=TransactionType.DIVIDEND, symbol="AAPL", gross=Decimal("26.5"), taxes=Decimal("3.98"), **common
        ),
    )  # fmt: skip
    page = listed(client, alices)
    for text in ("7 for 1", "EUR to USD", "−1,000.00", "+1,271.50", "+22.52", "tax 3.98"):
        assert text in page
