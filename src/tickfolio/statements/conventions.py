"""How a file writes numbers and dates: found out from all of its rows, stated beforehand, or asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tickfolio.errors import StatementError
from tickfolio.statements.days import Order, order_of, orders_in, parse_day, parse_moment
from tickfolio.statements.decimals import Mark, mark_of, marks_in, parse_number
from tickfolio.statements.rows import DayOrder, Question, Reading, Subject, shortened
from tickfolio.words import marked_phrase, phrase

_MARK_ANSWERS = (
    (".", marked_phrase("a point: 1,234 is a thousand and more")),
    (",", marked_phrase("a comma: 1,234 is little more than one")),
)
_ORDER_ANSWERS = (
    (DayOrder.DAY_FIRST.value, marked_phrase("the day first: 03/04/2012 is 3 April")),
    (DayOrder.MONTH_FIRST.value, marked_phrase("the month first: 03/04/2012 is 4 March")),
)
_ORDERS = {Order.DAY_FIRST: DayOrder.DAY_FIRST, Order.MONTH_FIRST: DayOrder.MONTH_FIRST}
_WORDS = {
    DayOrder.DAY_FIRST: marked_phrase("the day before the month"),
    DayOrder.MONTH_FIRST: marked_phrase("the month before the day"),
}


class Undecided(StatementError):
    """A cell that may be read in two ways; `subject` is what has to be decided for the whole file."""

    def __init__(self, subject: Subject, message: str) -> None:
        super().__init__(message)
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Conventions:
    """What separates decimals and which number of a date is the day; None where nothing in the file tells.

    Attributes:
        mark: a point where the file has no decimals at all.
        words: what was found, for the person to check.
    """

    mark: str | None
    order: DayOrder | None
    questions: tuple[Question, ...] = ()
    words: tuple[str, ...] = ()

    def number(self, text: str) -> Decimal:
        """The number in a cell.

        Raises:
            Undecided: it may be two numbers.
            InvalidNumber: it is none.
        """
        if self.mark is not None:
            return parse_number(text, mark=self.mark)
        if mark_of(text) is None:
            return parse_number(text, mark=".")
        raise Undecided(
            Subject.DECIMAL_MARK,
            phrase("{text} may be read in two ways: say what separates the decimals.", text=shortened(text)),
        )

    def moment(self, text: str) -> datetime | date:
        """The moment or the day in a cell.

        Raises:
            Undecided: it may be two days.
            InvalidValue: it is none.
        """
        self._decided(text)
        return parse_moment(text, order=self.order)

    def day(self, text: str) -> date:
        """The day in a cell.

        Raises:
            Undecided: it may be two days.
            InvalidValue: it is none.
        """
        self._decided(text)
        return parse_day(text, order=self.order)

    def _decided(self, text: str) -> None:
        if self.order is None and order_of(text) is not None:
            raise Undecided(
                Subject.DAY_ORDER,
                phrase("{text} may be two days: say whether the day or the month comes first.", text=shortened(text)),
            )


STATED = Conventions(mark=".", order=None)
"""Points before decimals, days as 2012-05-21."""


def conventions(reading: Reading, *, numbers: Iterable[str], days: Iterable[str]) -> Conventions:
    """How the file writes `numbers` and `days`, unless `reading` states it."""
    questions: list[Question] = []
    mark = reading.decimal_mark
    if mark is None:
        mark, question = _mark(numbers)
        questions += question
    order = reading.day_order
    if order is None:
        order, question = _order(days)
        questions += question
    words = (
        [] if mark is None else [phrase("decimals after a point") if mark == "." else phrase("decimals after a comma")]
    )
    words += [] if order is None else [phrase(_WORDS[order])]
    return Conventions(mark, order, tuple(questions), tuple(words))


def _mark(numbers: Iterable[str]) -> tuple[str | None, list[Question]]:
    found, example = marks_in(numbers)
    proofs = found - {Mark.EITHER}
    if len(proofs) == 1:
        return ("." if proofs == {Mark.POINT} else ","), []
    if not found:
        return ".", []
    text = (
        phrase(
            "What separates the decimals? Numbers such as {example} may be read in two ways.",
            example=shortened(example),
        )
        if not proofs
        else phrase("What separates the decimals? Some numbers of the file say a point, some a comma.")
    )
    return None, [Question(Subject.DECIMAL_MARK, text, _MARK_ANSWERS)]


def _order(days: Iterable[str]) -> tuple[DayOrder | None, list[Question]]:
    found, example = orders_in(days)
    proofs = found - {Order.EITHER}
    if len(proofs) == 1:
        return _ORDERS[proofs.pop()], []
    if not found:
        return None, []
    text = (
        phrase(
            "Which number of a date is the day? Dates such as {example} may be two days.", example=shortened(example)
        )
        if not proofs
        else phrase("Which number of a date is the day? Some dates of the file say the first, some the second.")
    )
    return None, [Question(Subject.DAY_ORDER, text, _ORDER_ANSWERS)]
