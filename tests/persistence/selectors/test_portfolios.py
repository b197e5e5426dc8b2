import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.services.ledger_entries import Book, add, book, deposit, person, share
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CashMethod, CostMethod
from tickfolio.domain.valuation.holding_periods import DEFAULT_PERIODS, DayCount, HoldingPeriods
from tickfolio.persistence.models import Account, Portfolio
from tickfolio.persistence.selectors import portfolios
from tickfolio.persistence.tenancy import Role, System

pytestmark = pytest.mark.django_db
SYSTEM = System("test")


@pytest.fixture
def mine() -> Book:
    return book(person("alice"))


@pytest.mark.parametrize("text", ["", "no id", "1", "00000000-0000-4000-8000-00000000000g", "\x00", "é" * 36])
def test_text_that_is_no_id_names_nothing(text: str, mine: Book) -> None:
    assert portfolios.parse_id(text) is None
    assert portfolios.role_in(text, actor=mine.owner) is None
    assert portfolios.portfolio_seen(text, actor=mine.owner) is None


def test_role_is_ones_own(mine: Book) -> None:
    bob = share(mine, "bob", Role.VIEWER)
    roles = [
        portfolios.role_in(mine.portfolio_id, actor=actor) for actor in (mine.owner, bob, person("charlie"), SYSTEM)
    ]
    assert roles == [Role.OWNER, Role.VIEWER, None, Role.OWNER]
    assert portfolios.role_in(str(uuid.uuid4()), actor=SYSTEM) is None


def test_heads_are_of_those_portfolios_that_there_are(
    mine: Book, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(mine, deposit(mine))
    asked = [mine.portfolio_id, str(uuid.uuid4()), "no id"]
    with django_assert_num_queries(1):
        assert portfolios.heads_of(asked, actor=SYSTEM) == {mine.portfolio_id: 2}
    assert portfolios.heads_of(asked, actor=person("charlie")) == {}


def test_portfolio_is_seen_by_its_members_and_the_system(mine: Book) -> None:
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert [account.id for account in seen.accounts] == [mine.account_id]
    assert portfolios.portfolio_seen(mine.portfolio_id, actor=SYSTEM) == seen
    assert portfolios.portfolio_seen(mine.portfolio_id, actor=person("charlie")) is None
    assert portfolios.members_seen(mine.portfolio_id, actor=person("dora")) == ()


def test_a_portfolio_is_seen_with_its_holding_periods(mine: Book) -> None:
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.periods == DEFAULT_PERIODS
    rows = Portfolio.objects.for_actor(SYSTEM).filter(pk=mine.portfolio_id)
    rows.update(day_count="thirty_360", long_term_months=1200)
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.periods == HoldingPeriods(DayCount.THIRTY_360, 1200)


def test_a_portfolio_is_seen_with_its_benchmark(mine: Book) -> None:
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.benchmark == ""
    Portfolio.objects.for_actor(SYSTEM).filter(pk=mine.portfolio_id).update(benchmark="IBM")
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.benchmark == "IBM"


def test_an_account_is_seen_with_its_options(mine: Book) -> None:
    rows = Account.objects.for_actor(SYSTEM).filter(pk=mine.account_id)
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.accounts[0].options == DEFAULT_OPTIONS
    rows.update(cost_basis_method="hifo", cash_method="average", fees_in_cost=False, allows_shorts=True)
    seen = portfolios.portfolio_seen(mine.portfolio_id, actor=mine.owner)
    assert seen is not None
    assert seen.accounts[0].options == AccountOptions(CostMethod.HIFO, CashMethod.AVERAGE, False, True)
