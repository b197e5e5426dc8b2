"""What became of the parts of an export of everything, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tickfolio.services.import_besides import Standing
from tickfolio.services.person_imports import ListTaken, Outcome, PortfolioTaken, ThingsTaken
from tickfolio.web.figures import count_text
from tickfolio.words import counted_phrase, marked_phrase, phrase

MOST_NAMED = 10
_STANDINGS = {
    Standing.NEW: marked_phrase("Taken from the file."),
    Standing.SAME: marked_phrase("The same as here."),
    Standing.OTHER: marked_phrase("Others were chosen here, and stay."),
    Standing.LEFT_OUT: marked_phrase("Left out: this version does not offer them."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One part.

    Attributes:
        link: where it is now; empty for nowhere.
        is_open: something of it has to be decided, or could not be brought in.
    """

    name: str
    text: str
    link: str = ""
    is_open: bool = False


def things_lines(taken: ThingsTaken) -> list[Line]:
    """What is the person's."""
    preferences = reverse("web:preferences")
    return [
        Line(phrase("Preferences"), str(_STANDINGS[taken.preferences]), preferences),
        Line(phrase("View of the holdings"), str(_STANDINGS[taken.holdings_view])),
        *(_list_line(each) for each in taken.lists),
    ]


def portfolio_line(taken: PortfolioTaken) -> Line:
    """A portfolio, with where it is or what waits of it."""
    if taken.outcome is Outcome.OPEN:
        link = reverse("web:import_batch", args=[taken.place.portfolio_id, taken.batch_id])
        return Line(taken.name, phrase("Waits as a preview: something of it has to be decided."), link, is_open=True)
    rows = counted_phrase("{count} row", "{count} rows", taken.rows, count=count_text(taken.rows))
    if taken.place.is_new and not taken.rows:
        text = phrase("Made, with nothing booked.")
    elif taken.outcome is Outcome.HERE:
        text = phrase("All of it was here already.")
    elif not taken.rows:
        text = phrase("What stands beside the transactions was filled in.")
    elif taken.place.is_new:
        text = phrase("Made, with {rows} booked.", rows=rows)
    else:
        text = phrase("Added to the portfolio of this name: {rows}.", rows=rows)
    return Line(taken.name, text, reverse("web:portfolio", args=[taken.place.portfolio_id]))


def gone_line(name: str) -> Line:
    """A portfolio that the file names and does not hold."""
    return Line(name, phrase("Not in the file."), is_open=True)


def refused_line(name: str, reason: str) -> Line:
    """A portfolio that could not be brought in."""
    return Line(name, reason, is_open=True)


def cancelled_line(name: str) -> Line:
    """A portfolio that was not brought in, since somebody cancelled before."""
    return Line(name, phrase("Cancelled: nothing of it is kept. Import the file again to go on."), is_open=True)


def _list_line(taken: ListTaken) -> Line:
    text = (
        phrase("The same as here.")
        if not (taken.is_new or taken.added)
        else counted_phrase(
            "{count} instrument added.", "{count} instruments added.", taken.added, count=count_text(taken.added)
        )
    )
    if taken.unknown:
        named = ", ".join(taken.unknown[:MOST_NAMED])
        more = len(taken.unknown) - MOST_NAMED
        shown = phrase("{symbols} and {value} others", symbols=named, value=count_text(more)) if more > 0 else named
        text = phrase("{text} Not known here: {shown}.", text=text, shown=shown)
    return Line(taken.name, text, reverse("web:watchlists"), is_open=bool(taken.unknown))
