"""Which rows give way where positions hang together."""

from collections.abc import Sequence

from tests.domain.ledger.bookings import (
    BANK,
    BROKER,
    buy,
    merger,
    return_of_capital,
    sell,
    spin_off,
    transfer_out,
)
from tickfolio.domain.ledger.cost_basis import no_base_value
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions
from tickfolio.domain.ledger.transactions import Transaction
from tickfolio.services.import_folds import Folded, refused_by_folding

SHORT = AccountOptions(allows_shorts=True)
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


def test_what_was_refused_beside_a_row_that_gives_way_is_judged_again_without_it() -> None:
    found = refused(
        (buy("2012-05-01", "10", "50 USD"), None),
        (sell("2012-05-02", "999", "40 USD"), 1),
        (return_of_capital("2012-05-03", "2 USD"), 2),
        (transfer_out("2012-05-04", "10"), None),
        options=SHORT,
    )
    assert found == {1: "Would leave too little for what is booked on 2012-05-04."}


def test_so_is_what_is_booked_in_steps() -> None:
    found = refused(
        (buy("2012-05-01", "8", "80 USD"), None),
        (sell("2012-05-02", "999", "40 USD"), 1),
        (spin_off("2012-05-03", 1, 4, "0.5"), 2),
        (return_of_capital("2012-05-04", "2 USD"), 3),
        (transfer_out("2012-05-05", "8"), None),
        options=SHORT,
    )
    assert list(found) == [1]


def test_so_are_rows_after_several_that_give_way() -> None:
    found = refused(
        (buy("2012-05-01", "10", "50 USD"), None),
        (sell("2012-05-02", "999", "40 USD"), 1),
        (return_of_capital("2012-05-03", "2 USD"), 2),
        (transfer_out("2012-05-04", "3"), None),
        (sell("2012-05-05", "500", "40 USD"), 3),
        (return_of_capital("2012-05-06", "2 USD"), 4),
        (transfer_out("2012-05-07", "7"), None),
        options=SHORT,
    )
    assert sorted(found) == [1, 3]


def test_a_row_that_gave_way_comes_back_where_another_one_was_the_cause() -> None:
    found = refused(
        (buy("2012-05-01", "10", "50 USD"), None),
        (sell("2012-05-02", "999", "40 USD"), 1),
        (sell("2012-05-03", "1", "40 USD"), 2),
        (sell("2012-05-04", "5", "40 USD"), 3),
        (return_of_capital("2012-05-05", "2 USD"), 4),
        (transfer_out("2012-05-06", "7"), None),
        options=SHORT,
    )
    assert sorted(found) == [1, 3]


def test_a_chain_of_rows_stands_or_falls_with_what_is_really_refused() -> None:
    rows: list[tuple[Transaction, int | None]] = [
        (buy("2012-05-01", "10", "50 USD"), None),
        (sell("2012-05-02", "999", "40 USD"), 1),
        (transfer_out("2012-05-03", "4"), 2),
        (sell("2012-05-04", "4", "40 USD", account=BANK), 3),
        (return_of_capital("2012-05-05", "2 USD"), 4),
        (transfer_out("2012-05-06", "6"), None),
        (sell("2012-05-07", "6", "40 USD", account=BANK), None),
    ]
    assert list(refused(*rows, options=SHORT)) == [1]
    assert refused(*(each for each in rows if each[1] != 1), options=SHORT) == {}


def test_rows_that_go_on_giving_way_are_all_refused() -> None:
    rows = [(sell("2012-05-02", "1", "4 USD"), number) for number in range(60)]
    found = refused((buy("2012-05-01", "60", "50 USD"), None), *rows, (transfer_out("2012-05-03", "60"), None))
    assert len(found) == 60
    assert set(found.values()) == {"Would leave too little for what is booked already."}
