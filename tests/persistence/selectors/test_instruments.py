from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from tickfolio.feeds.replay.history import share_histories
from tickfolio.identity.models import User
from tickfolio.persistence.models import Membership, Portfolio, PrivateInstrument
from tickfolio.persistence.selectors.instruments import InstrumentMatch, instruments_matching
from tickfolio.persistence.tenancy import Person, Role
from tickfolio.services.market_records import instruments_register

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def alice() -> User:
    return User.objects.create(email="alice@example.org")


@pytest.fixture
def portfolio(alice: User) -> Portfolio:
    instruments_register(instruments=[history.instrument for history in share_histories().values()])
    portfolio = Portfolio.unguarded.create(name="Long term", base_currency="EUR", created_at=NOW)
    Membership.unguarded.create(portfolio=portfolio, user=alice, role=Role.OWNER, created_at=NOW)
    PrivateInstrument.unguarded.create(
        portfolio=portfolio, symbol="HLX.R", name="Helix rights", currency="EUR", created_at=NOW
    )
    return portfolio


def symbols(text: str, *, user: User, portfolio: Portfolio) -> list[str]:
    matches = instruments_matching(text, actor=Person(user.pk), portfolio_id=str(portfolio.pk))
    return sorted(match.symbol for match in matches)


def test_a_symbol_is_found_by_its_beginning_and_by_any_part_of_its_name(alice: User, portfolio: Portfolio) -> None:
    assert symbols("ib", user=alice, portfolio=portfolio) == ["IBM"]
    assert symbols("corporation", user=alice, portfolio=portfolio) == ["IBM", "MSFT"]
    assert symbols("%", user=alice, portfolio=portfolio) == []


def test_a_private_instrument_is_found_by_members_of_its_portfolio_only(alice: User, portfolio: Portfolio) -> None:
    charlie = User.objects.create(email="charlie@example.org")
    assert symbols("helix", user=alice, portfolio=portfolio) == ["HLX.R"]
    assert symbols("helix", user=charlie, portfolio=portfolio) == []


def test_a_portfolios_own_goes_before_an_instrument_of_a_feed_of_its_symbol(
    alice: User, portfolio: Portfolio, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PrivateInstrument.unguarded.create(
        portfolio=portfolio, symbol="IBM", name="Something else", currency="EUR", created_at=NOW
    )
    own = InstrumentMatch("IBM", "Something else", "", "EUR")
    with django_assert_num_queries(2):
        found = instruments_matching("IBM", actor=Person(alice.pk), portfolio_id=str(portfolio.pk))
    assert found == (own,)
    assert found[0].is_private
    # Looked for by the name of the other one, too: of this symbol the portfolio can book nothing else.
    assert instruments_matching("Machines", actor=Person(alice.pk), portfolio_id=str(portfolio.pk)) == (own,)


def test_one_in_whose_place_a_feeds_was_taken_is_found_no_more(alice: User, portfolio: Portfolio) -> None:
    PrivateInstrument.unguarded.create(
        portfolio=portfolio, symbol="IBM", name="The same", currency="USD", created_at=NOW, replaced_sequence=7
    )
    found = instruments_matching("IBM", actor=Person(alice.pk), portfolio_id=str(portfolio.pk))
    assert [(match.name, match.is_private) for match in found] == [
        ("International Business Machines Corporation", False)
    ]
