from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from tests.services.ledger_entries import Book, book, deposit, person, share
from tests.web.visits import address, errors_on, set_market_clock, signed_in, text_of
from tickfolio.persistence.tenancy import Role
from tickfolio.services import portfolios, transactions

pytestmark = pytest.mark.django_db


@pytest.fixture
def alices() -> Book:
    set_market_clock()
    return book(person("alice"))


@pytest.fixture
def client(alices: Book) -> Client:
    return signed_in(alices.owner)


def typed(**fields: str) -> dict[str, str]:
    return {
        "name": "Pension",
        "base_currency": "EUR",
        "account_name": "Harbor",
        "account_currency": "USD",
        "key": str(uuid.uuid4()),
        **fields,
    }


# ---------- Portfolios ----------


def test_a_new_portfolio_offers_the_persons_own_currency(client: Client) -> None:
    page = text_of(client.get("/portfolios/new/"))
    assert page.count('<option value="EUR" selected>') == 1
    assert '<option value="" selected>The base currency</option>' in page
    assert "EEK, kroon: no rate now" in page
    assert re.search(r'name="key" value="[\w-]{36}"', page)


def test_a_base_currency_without_a_rate_is_not_offered_and_one_that_is_set_stays_with_a_warning(
    client: Client, alices: Book
) -> None:
    new = text_of(client.get("/portfolios/new/"))
    base = new.partition('name="base_currency"')[2].partition("</select>")[0]
    assert ('value="USD"' in base, 'value="EEK"' in base) == (True, False)
    settings = f"/portfolios/{alices.portfolio_id}/settings/"
    assert 'value="EEK"' not in text_of(client.get(settings))
    portfolios.portfolio_update(
        actor=alices.owner, portfolio_id=alices.portfolio_id, name="Long term", base_currency="EEK"
    )
    page = text_of(client.get(settings))
    assert '<option value="EEK" selected>' in page
    assert "EEK has no exchange rate now" in page
    assert client.post(settings, {"name": "Krooni", "base_currency": "EEK"}).status_code == 302


def test_who_came_to_import_a_file_goes_on_to_it(client: Client) -> None:
    answer = client.post("/portfolios/new/?then=import", typed())
    assert re.fullmatch(r"/portfolios/[0-9a-f-]{36}/import/", answer.headers["Location"])


def test_who_came_to_type_the_first_trade_goes_on_to_it(client: Client) -> None:
    assert "the first trade is next" in text_of(client.get("/portfolios/new/?then=trade"))
    answer = client.post("/portfolios/new/?then=trade", typed())
    assert re.fullmatch(r"/portfolios/[0-9a-f-]{36}/transactions/new/\?type=buy&first=yes", answer.headers["Location"])


def test_the_first_portfolio_has_names_to_begin_with_and_the_next_ones_have_none(client: Client) -> None:
    assert 'value="My portfolio"' not in text_of(client.get("/portfolios/new/"))
    page = text_of(signed_in(person("bob")).get("/portfolios/new/"))
    assert 'value="My portfolio"' in page
    assert 'value="My broker"' in page


def test_a_portfolio_is_made_with_its_first_account(client: Client, alices: Book) -> None:
    answer = client.post("/portfolios/new/", typed())
    made = next(each for each in portfolios.portfolios_of(actor=alices.owner) if each.name == "Pension")
    assert answer.headers["Location"] == f"/portfolios/{made.id}/"
    assert [(account.name, account.currency) for account in made.accounts] == [("Harbor", "USD")]


def test_a_second_click_makes_no_second_portfolio(client: Client, alices: Book) -> None:
    form = typed()
    places = {client.post("/portfolios/new/", form).headers["Location"] for _ in range(2)}
    assert (len(places), len(portfolios.portfolios_of(actor=alices.owner))) == (1, 2)


def test_an_old_form_with_another_name_can_be_sent_again(client: Client, alices: Book) -> None:
    form = typed()
    client.post("/portfolios/new/", form)
    page = text_of(client.post("/portfolios/new/", {**form, "name": "Kids"}))
    assert "This page made another portfolio already" in page
    key = re.search(r'name="key" value="([\w-]{36})"', page)
    assert key is not None
    assert client.post("/portfolios/new/", {**form, "name": "Kids", "key": key[1]}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", " ", "Expected a name; the field is empty."),
        ("name", "x" * 81, "Expected a name of at most 80 characters, was 81."),
        ("base_currency", "XYZ", "Expected a currency of the list, was XYZ."),
        ("account_name", "", "Expected a name for the first account; the field is empty."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    client: Client, alices: Book, field: str, value: str, message: str
) -> None:
    answer = client.post("/portfolios/new/", typed(**{field: value, "account_currency": "JPY"}))
    assert errors_on(answer)[field] == message
    assert '<option value="JPY" selected>' in text_of(answer)
    assert len(portfolios.portfolios_of(actor=alices.owner)) == 1


def test_settings_rename_a_portfolio(client: Client, alices: Book) -> None:
    answer = client.post(address(alices, "settings/"), {"name": "Old age", "base_currency": "USD"}, follow=True)
    assert "Saved the settings of Old age." in text_of(answer)
    view = portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id)
    assert (view.name, view.base_currency) == ("Old age", "USD")


def test_a_portfolio_is_deleted_by_its_name_only(client: Client, alices: Book) -> None:
    answer = client.post(address(alices, "delete/"), {"name": "long term"})
    assert errors_on(answer)["name"] == "Expected Long term, was long term."
    assert client.post(address(alices, "delete/"), {"name": "Long term"}).headers["Location"] == "/"
    assert client.get(address(alices, "settings/")).status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_only_an_owner_may_change_or_delete_a_portfolio(alices: Book, role: Role) -> None:
    client = signed_in(share(alices, "bob", role))
    page = text_of(client.get(address(alices, "settings/")))
    assert ("Your role" in page, f"<dd>{role}</dd>" in page, "Delete…" in page) == (True, True, False)
    for rest in ("settings/", "delete/"):
        answer = client.post(address(alices, rest), {"name": "Long term", "base_currency": "USD"})
        assert (answer.status_code, "Expected the role owner" in text_of(answer)) == (403, True)
    assert client.get(address(alices, "delete/")).status_code == 403


# ---------- Accounts ----------


def test_an_account_is_added_renamed_and_deleted(client: Client, alices: Book) -> None:
    client.post(address(alices, "accounts/new/"), {"name": "Bank", "currency": "EUR"})
    [bank] = [each for each in accounts_of(alices) if each.name == "Bank"]
    client.post(address(alices, f"accounts/{bank.id}/"), {"name": "Harbor", "currency": "GBP"})
    assert {(each.name, each.currency) for each in accounts_of(alices)} == {("Broker", "USD"), ("Harbor", "GBP")}
    client.post(address(alices, f"accounts/{bank.id}/delete/"))
    assert [each.name for each in accounts_of(alices)] == ["Broker"]


def accounts_of(alices: Book) -> tuple[portfolios.AccountView, ...]:
    return portfolios.portfolio_view(actor=alices.owner, portfolio_id=alices.portfolio_id).accounts


def test_two_accounts_cannot_bear_one_name(client: Client, alices: Book) -> None:
    answer = client.post(address(alices, "accounts/new/"), {"name": "Broker", "currency": "EUR"})
    assert errors_on(answer)["name"] == "Expected a name that no other account bears, was Broker."


def test_an_account_with_transactions_stays_and_says_why(client: Client, alices: Book) -> None:
    transactions.transaction_add(actor=alices.owner, portfolio_id=alices.portfolio_id, draft=deposit(alices))
    page = text_of(client.post(address(alices, f"accounts/{alices.account_id}/delete/")))
    assert "Expected an account in which nothing was ever booked" in page
    assert len(accounts_of(alices)) == 1


def test_a_viewer_may_not_touch_accounts(alices: Book) -> None:
    client = signed_in(share(alices, "bob", Role.VIEWER))
    for rest in ("accounts/new/", f"accounts/{alices.account_id}/", f"accounts/{alices.account_id}/delete/"):
        assert client.post(address(alices, rest), {"name": "Mine", "currency": "EUR"}).status_code == 403
    assert [each.name for each in accounts_of(alices)] == ["Broker"]


def test_an_account_of_another_portfolio_is_not_found(client: Client, alices: Book) -> None:
    other = book(alices.owner, name="Other")
    for rest in (f"accounts/{other.account_id}/", f"accounts/{uuid.uuid4()}/"):
        assert client.post(address(alices, rest), {"name": "Mine", "currency": "EUR"}).status_code == 404


def test_a_stranger_finds_nothing(alices: Book) -> None:
    client = signed_in(person("charlie"))
    for rest in ("settings/", "delete/", "accounts/new/", f"accounts/{alices.account_id}/", "members/"):
        assert client.get(address(alices, rest)).status_code == 404
        assert client.post(address(alices, rest), {"name": "x"}).status_code == 404


def test_markup_in_a_name_is_shown_as_text(client: Client, alices: Book) -> None:
    name = '"><script>alert(1)</script>'
    client.post(address(alices, "settings/"), {"name": name, "base_currency": "EUR"})
    client.post(address(alices, f"accounts/{alices.account_id}/"), {"name": name, "currency": "EUR"})
    for rest in ("settings/", "members/", "transactions/", "transactions/new/", "delete/", "accounts/new/"):
        page = text_of(client.get(address(alices, rest)))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
