"""Which positions hang together."""

from tests.domain.ledger.bookings import AAPL, BANK, BROKER, NEWCO, buy, deposit, money, spin_off, transfer_out
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.cost_basis import Consideration
from tickfolio.services.position_links import PositionLinks, base_value_of, positions_of

DAY = "2012-05-21"


def test_a_transfer_is_about_both_accounts_and_a_spin_off_about_both_symbols() -> None:
    assert positions_of(deposit(DAY, "1 EUR")) == ()
    assert positions_of(buy(DAY, "1", "1 USD")) == ((BROKER, AAPL),)
    assert positions_of(transfer_out(DAY, "1")) == ((BROKER, AAPL), (BANK, AAPL))
    assert positions_of(spin_off(DAY, 1, 4, "0.1")) == ((BROKER, AAPL), (BROKER, NEWCO))


def test_what_is_linked_through_others_is_one_group() -> None:
    links = PositionLinks([transfer_out(DAY, "1"), spin_off(DAY, 1, 4, "0.1")])
    alone = (BROKER, Symbol("IBM"))
    groups = links.members([(BANK, AAPL), alone]).values()
    assert set(groups) == {frozenset({(BROKER, AAPL), (BANK, AAPL), (BROKER, NEWCO)}), frozenset({alone})}


def test_the_base_value_is_by_the_published_rates() -> None:
    value = base_value_of("EUR")
    assert value(Consideration(deposit(DAY, "1 EUR").at, money("5 EUR"))) == 5
    assert 3 < value(Consideration(deposit(DAY, "1 EUR").at, money("5 USD"))) < 5
