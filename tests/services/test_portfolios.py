import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from tests.services.ledger_entries import Book, book, deposit, person, share
from tests.services.wakes import wakes
from tests.tenancy_guard import guard
from tests.web.visits import set_market_clock
from tickfolio.errors import AccountInUse, InvalidDraft, KeyReused, NotFound
from tickfolio.live.bus.port import AccessChanged, PortfolioChanged
from tickfolio.persistence.models import ImportBatch, LedgerTransaction, Portfolio
from tickfolio.persistence.tenancy import Person, Role, System
from tickfolio.services import portfolios, transactions

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return person("alice")


@pytest.fixture
def mine(alice: Person) -> Book:
    return book(alice)


def view(mine: Book) -> portfolios.PortfolioView:
    return portfolios.portfolio_view(actor=mine.owner, portfolio_id=mine.portfolio_id)


# ---------- Portfolios ----------


def test_new_portfolio_belongs_to_who_made_it(alice: Person) -> None:
    made = portfolios.portfolio_create(actor=alice, name="  Long \n term ", base_currency="eur")
    assert (made.name, made.base_currency, made.role, made.head, made.accounts) == (
        "Long term",
        "EUR",
        Role.OWNER,
        0,
        (),
    )
    assert portfolios.portfolios_of(actor=alice) == (made,)
    assert portfolios.portfolios_of(actor=person("charlie")) == ()


def test_new_portfolio_is_told_to_who_made_it(
    alice: Person, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        portfolios.portfolio_create(actor=alice, name="Long term", base_currency="EUR")
    assert heard == [AccessChanged(alice.user_id)]


def test_base_currencies_are_those_with_a_rate_at_the_markets_moment() -> None:
    assert {"EUR", "USD", "EEK"} <= portfolios.base_currencies()
    set_market_clock()
    offered = portfolios.base_currencies()
    assert {"EUR", "USD", "JPY"} <= offered
    assert not {"EEK", "SKK", "MTL"} & offered


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "a\u202eb"])
def test_portfolio_needs_a_name(name: str, alice: Person) -> None:
    with pytest.raises(InvalidDraft) as refusal:
        portfolios.portfolio_create(actor=alice, name=name, base_currency="euro")
    assert set(refusal.value.errors) == {"name", "base_currency"}
    assert portfolios.portfolios_of(actor=alice) == ()


def test_portfolio_sent_twice_with_one_key_is_made_once(alice: Person) -> None:
    def send(name: str) -> portfolios.PortfolioView:
        return portfolios.portfolio_create(actor=alice, name=name, base_currency="EUR", idempotency_key="key")

    assert send("Long term") == send("Long term")
    assert len(portfolios.portfolios_of(actor=alice)) == 1
    with pytest.raises(KeyReused):
        send("Another")


def test_list_is_by_name_with_accounts_and_ones_own_role(
    alice: Person, mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    portfolios.account_create(actor=alice, portfolio_id=mine.portfolio_id, name="Bank", currency="EUR")
    bobs = book(person("bob"), name="A shared one")
    viewer = share(bobs, "carol", Role.VIEWER)
    portfolios.portfolio_create(actor=viewer, name="B of her own", base_currency="USD")
    with django_assert_num_queries(3):
        shared, own = portfolios.portfolios_of(actor=viewer)
    assert [(each.name, each.role, len(each.accounts)) for each in (shared, own)] == [
        ("A shared one", Role.VIEWER, 1),
        ("B of her own", Role.OWNER, 0),
    ]
    assert [account.name for account in view(mine).accounts] == ["Bank", "Broker"]


def test_one_portfolio_takes_few_queries_however_much_is_in_it(
    alice: Person, mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        portfolios.account_create(actor=alice, portfolio_id=mine.portfolio_id, name=f"Bank {number}", currency="EUR")
    with django_assert_num_queries(4):
        assert len(view(mine).accounts) == 6


def test_system_sees_every_portfolio(mine: Book) -> None:
    assert [each.id for each in portfolios.portfolios_of(actor=System("test"))] == [mine.portfolio_id]


def test_change_of_name_or_currency_is_told(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    before = view(mine).head
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        changed = portfolios.portfolio_update(
            actor=mine.owner, portfolio_id=mine.portfolio_id, name="Short term", base_currency="USD"
        )
    assert (changed.name, changed.base_currency, changed.head) == ("Short term", "USD", before + 1)
    assert heard == [PortfolioChanged(mine.portfolio_id, before + 1)]


def test_deleted_portfolio_is_gone_for_everybody_and_its_facts_stay(
    mine: Book, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    viewer = share(mine, "carol", Role.VIEWER)
    before = view(mine).head
    with wakes() as heard, django_capture_on_commit_callbacks(execute=True):
        portfolios.portfolio_delete(actor=mine.owner, portfolio_id=mine.portfolio_id)
    assert heard[0] == PortfolioChanged(mine.portfolio_id, before + 1)
    assert [each for each in heard if isinstance(each, AccessChanged)] == [
        AccessChanged(mine.owner.user_id),
        AccessChanged(viewer.user_id),
    ]
    for actor in (mine.owner, viewer, System("test")):
        assert portfolios.portfolios_of(actor=actor) == ()
        assert not LedgerTransaction.objects.for_actor(actor).exists()
    with guard.off("what nobody sees"):
        assert Portfolio.unguarded.get().deleted_at is not None
        assert LedgerTransaction.unguarded.count() == 1


# ---------- Accounts ----------


def test_account_has_a_name_of_its_own_in_its_portfolio(mine: Book) -> None:
    with pytest.raises(InvalidDraft) as refusal:
        portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name=" Broker ", currency="USD")
    assert set(refusal.value.errors) == {"name"}
    others = book(person("bob"))
    assert portfolios.portfolio_view(actor=others.owner, portfolio_id=others.portfolio_id).accounts[0].name == "Broker"


def test_account_can_be_renamed_also_to_what_it_is_called(mine: Book) -> None:
    portfolios.account_create(actor=mine.owner, portfolio_id=mine.portfolio_id, name="Bank", currency="EUR")

    def rename(name: str) -> portfolios.AccountView:
        return portfolios.account_update(
            actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id, name=name, currency="eur"
        )

    assert rename("Broker").currency == "EUR"
    assert rename("New broker") == portfolios.AccountView(mine.account_id, mine.portfolio_id, "New broker", "EUR")
    with pytest.raises(InvalidDraft):
        rename("Bank")


def test_account_without_transactions_can_be_deleted(mine: Book) -> None:
    before = view(mine).head
    portfolios.account_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id)
    assert (view(mine).accounts, view(mine).head) == ((), before + 1)


def test_account_with_transactions_cannot_be_deleted_not_even_with_deleted_ones(mine: Book) -> None:
    added = transactions.transaction_add(actor=mine.owner, portfolio_id=mine.portfolio_id, draft=deposit(mine))
    transactions.transaction_delete(
        actor=mine.owner, portfolio_id=mine.portfolio_id, transaction_id=added.id, expected_version=1
    )
    with pytest.raises(AccountInUse, match="Rename"):
        portfolios.account_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id)


def test_account_with_an_imported_file_cannot_be_deleted(mine: Book) -> None:
    ImportBatch.objects.for_actor(mine.owner).create(
        portfolio_id=mine.portfolio_id, account_id=mine.account_id, created_at=view(mine).created_at
    )
    with pytest.raises(AccountInUse, match="Rename"):
        portfolios.account_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=mine.account_id)


@pytest.mark.parametrize("account_id", ["no id", "00000000-0000-4000-8000-000000000000"])
def test_account_that_is_not_there_is_not_found(account_id: str, mine: Book) -> None:
    with pytest.raises(NotFound, match="account"):
        portfolios.account_delete(actor=mine.owner, portfolio_id=mine.portfolio_id, account_id=account_id)
