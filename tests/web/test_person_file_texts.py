"""What became of the parts of an export of everything, in words."""

from __future__ import annotations

from tickfolio.services.import_besides import Standing
from tickfolio.services.person_imports import ListTaken, Outcome, Place, PortfolioTaken, ThingsTaken
from tickfolio.web.person_file_texts import portfolio_line, things_lines

ID = "0b6a4f2e-5a0b-4e0c-9a1d-7f3f5b7d2c10"
NEW, OLD = Place(ID, is_new=True, may_book=True), Place(ID, is_new=False, may_book=True)


def test_a_list_says_what_it_got_and_names_the_first_it_could_not() -> None:
    unknown = tuple(f"X{number}" for number in range(12))
    taken = ThingsTaken(
        Standing.OTHER,
        Standing.LEFT_OUT,
        (ListTaken("A", True, 2, ()), ListTaken("B", False, 0, ()), ListTaken("C", True, 0, unknown)),
    )
    lines = things_lines(taken)
    assert [line.text for line in lines[:4]] == [
        "Others were chosen here, and stay.",
        "Left out: this version does not offer them.",
        "2 instruments added.",
        "The same as here.",
    ]
    assert lines[4].is_open
    assert lines[4].text.endswith("Not known here: X0, X1, X2, X3, X4, X5, X6, X7, X8, X9 and 2 others.")


def test_a_portfolio_says_where_it_is_or_what_waits() -> None:
    told = [
        portfolio_line(PortfolioTaken(place, "Long term", outcome, rows, ID))
        for place, outcome, rows in [
            (NEW, Outcome.BOOKED, 1),
            (OLD, Outcome.BOOKED, 2),
            (OLD, Outcome.BOOKED, 0),
            (NEW, Outcome.HERE, 0),
            (OLD, Outcome.HERE, 0),
            (NEW, Outcome.OPEN, 0),
        ]
    ]
    assert [line.text for line in told] == [
        "Made, with 1 row booked.",
        "Added to the portfolio of this name: 2 rows.",
        "What stands beside the transactions was filled in.",
        "Made, with nothing booked.",
        "All of it was here already.",
        "Waits as a preview: something of it has to be decided.",
    ]
    assert [line.is_open for line in told] == [False, False, False, False, False, True]
    assert told[5].link == f"/portfolios/{ID}/import/{ID}/"
