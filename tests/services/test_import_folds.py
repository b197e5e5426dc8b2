"""Which rows give way where positions hang together."""

from collections.abc import Sequence

from tests.domain.ledger.bookings import BANK, BROKER, buy, merger, sell, spin_off, transfer_out
from tickfolio.domain.ledger.cost_basis import no_base_value
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.services.import_folds import Folded, refused_by_folding

OPTIONS = dict.fromkeys((BROKER, BANK), DEFAULT_OPTIONS)


def refused(*moves: tuple[Transaction, int | None], options: AccountOptions = DEFAULT_OPTIONS) -> dict[int, str]:
    placed = [Folded(each, (each.at, each.sequence, 0), row) for each, row in moves]
    return refused_by_folding(placed, dict.fromkeys(OPTIONS, options), base_value=no_base_value)


def test_what_another_account_handed_over_can_be_sold() -> None:
    moves: Sequence[tuple[Transaction, int | None]] = [
        (buy("2012-05-01", "5", "50 USD"), 1),
        (transfer_out("2012-05-02", "3"), 2),
        (sell("2012-05-03", "3", "40 USD", account=BANK), 3),
        (sell("2012-05-04", "3", "40 USD"), 4),
    ]
    assert list(refused(*moves)) == [4]
    assert "Expected a sale of at most 2 AAPL" in refused(*moves)[4]
    assert refused(*moves, options=AccountOptions(allows_shorts=True)) == {}


def test_a_row_gives_way_to_what_is_booked_already() -> None:
    found = refused(
        (buy("2012-05-01", "5", "50 USD"), None),
        (transfer_out("2012-05-02", "3"), 1),
        (sell("2012-05-03", "4", "40 USD"), None),
    )
    assert found == {1: "Would leave too little for what is booked on 2012-05-03."}


def test_what_was_refused_half_way_leaves_nothing_behind() -> None:
    found = refused(
        (merger("2012-05-01", 1, 2, cash="3 USD"), 1),
        (buy("2012-05-02", "8", "80 USD"), 2),
        (spin_off("2012-05-03", 1, 4, "0.5"), 3),
        (sell("2012-05-04", "8", "90 USD"), 4),
    )
    assert list(found) == [1]
