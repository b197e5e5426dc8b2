from decimal import Decimal

import pytest

from tests.identity.cast import person
from tests.live.market import AAPL, IBM
from tests.services.feeds_told import held, live_instance, report, tell
from tickfolio.domain.market.plausibility import Doubt
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.persistence.tenancy import Person
from tickfolio.services.feed_overview import held_seen
from tickfolio.services.held_prices import held_keep, held_release

pytestmark = pytest.mark.django_db
PRICE = Decimal("5.015")


@pytest.fixture
def operator() -> Person:
    live_instance()
    tell(report(), quarantine={AAPL: held("5.015")})
    return Person(person("alice").pk)


def engine_asks(price: str = "5.015") -> frozenset[str]:
    """What the engine hears when it reports that this price is held back."""
    return frozenset(tell(report(), quarantine={AAPL: held(price)}))


def test_what_an_operator_believes_is_heard_by_the_engine(operator: Person) -> None:
    assert engine_asks() == frozenset()
    held_release(actor=operator, symbol="AAPL", price=PRICE)
    [believed] = held_seen()
    assert believed.released_by == "alice@example.org"
    assert believed.released_at is not None
    assert engine_asks() == {"AAPL"}
    tell(report())
    assert held_seen() == ()


def test_a_second_word_changes_nothing(operator: Person) -> None:
    held_release(actor=operator, symbol="AAPL", price=PRICE)
    before = held_seen()
    held_release(actor=operator, symbol="AAPL", price=PRICE)
    assert held_seen() == before


def test_it_can_be_taken_back_until_the_engine_has_heard_it(operator: Person) -> None:
    held_release(actor=operator, symbol="AAPL", price=PRICE)
    held_keep(actor=operator, symbol="AAPL")
    assert held_seen()[0].released_at is None
    assert engine_asks() == frozenset()
    tell(report())
    with pytest.raises(InvalidDraft, match="none by now"):
        held_keep(actor=operator, symbol="AAPL")


def test_another_price_than_the_one_that_was_seen_is_not_believed(operator: Person) -> None:
    engine_asks("7.5")
    with pytest.raises(InvalidDraft, match=r"7\.5.*5\.015"):
        held_release(actor=operator, symbol="AAPL", price=PRICE)
    assert held_seen()[0].released_at is None


def test_a_price_that_comes_after_the_word_waits_for_a_word_of_its_own(operator: Person) -> None:
    held_release(actor=operator, symbol="AAPL", price=PRICE)
    assert engine_asks("9.5") == frozenset()
    assert held_seen()[0].released_at is None


def test_a_price_in_another_currency_is_believed_by_nobody(operator: Person) -> None:
    tell(report(), quarantine={IBM: held("5.015", doubt=Doubt.CURRENCY)})
    with pytest.raises(InvalidDraft, match="currency of IBM"):
        held_release(actor=operator, symbol="IBM", price=PRICE)


def test_what_is_not_held_is_not_believed(operator: Person) -> None:
    with pytest.raises(InvalidDraft, match="IBM"):
        held_release(actor=operator, symbol="IBM", price=PRICE)


def test_it_is_for_operators_only(operator: Person) -> None:
    bob = Person(person("bob").pk)
    with pytest.raises(NotFound):
        held_release(actor=bob, symbol="AAPL", price=PRICE)
    with pytest.raises(NotFound):
        held_keep(actor=bob, symbol="AAPL")
    assert held_seen()[0].released_at is None
