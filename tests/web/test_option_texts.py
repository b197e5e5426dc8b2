"""What other options would change, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.options import DEFAULT_OPTIONS, AccountOptions, CostMethod
from tickfolio.domain.money import Currency
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.account_options import OptionsPreview
from tickfolio.services.option_figures import NOTHING, Figure, FigureChange, FigureKind
from tickfolio.web.holding_texts import Figure as FigureText
from tickfolio.web.option_texts import LABELS, MOST_PLACES, ChoiceText, LineText, choice_texts, preview_text

LIFO = AccountOptions(method=CostMethod.LIFO)


def preview(*figures: FigureChange) -> OptionsPreview:
    return OptionsPreview(AccountView("a", "p", "Broker", "USD"), LIFO, Currency("USD"), figures)


def change(kind: FigureKind, before: Figure, after: Figure, *, symbol: str | None = "AAPL") -> FigureChange:
    return FigureChange("Broker", None if symbol is None else Symbol(symbol), kind, before, after)


def whole(kind: FigureKind, before: Figure, after: Figure) -> FigureChange:
    return FigureChange("", None, kind, before, after)


def only_line(change: FigureChange) -> LineText:
    (place,) = preview_text(preview(change)).places
    (line,) = place.lines
    return line


def test_every_figure_has_a_name() -> None:
    assert LABELS.keys() == set(FigureKind)


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        (
            Figure(Decimal("5.00")),
            Figure(Decimal("2.50")),
            ("+5.00", "+2.50", FigureText("\N{MINUS SIGN}2.50", "down")),
        ),
        (NOTHING, Figure(Decimal("5.06")), ("\N{EM DASH}", "+5.06", FigureText("+5.06", "up"))),
        (Figure(None, 1), Figure(Decimal("5.06")), ("not available", "+5.06", FigureText("\N{EM DASH}", "none"))),
        (Figure(Decimal(1), 2), Figure(Decimal(3), 2), ("+1, 2 left out", "+3, 2 left out", FigureText("+2", "up"))),
    ],
)
def test_a_line_says_both_and_their_difference(
    before: Figure, after: Figure, texts: tuple[str, str, FigureText]
) -> None:
    line = only_line(change(FigureKind.REALIZED, before, after))
    assert (line.before, line.after, line.difference) == texts


def test_more_of_a_fee_is_no_gain() -> None:
    line = only_line(change(FigureKind.FEES, NOTHING, Figure(Decimal("5.00"))))
    assert (line.after, line.difference) == ("5.00", FigureText("+5.00", "none"))


def test_the_figures_stand_by_place_and_the_whole_last() -> None:
    one, two = Figure(Decimal(1)), Figure(Decimal(2))
    text = preview_text(
        preview(
            change(FigureKind.REALIZED, one, two),
            change(FigureKind.UNREALIZED, two, one),
            change(FigureKind.CASH_CURRENCY, one, two, symbol=None),
            whole(FigureKind.REALIZED, one, two),
        )
    )
    assert [place.what for place in text.places] == ["AAPL in Broker", "Cash in Broker"]
    assert [line.label for line in text.places[0].lines] == ["Realized", "Unrealized"]
    assert text.whole is not None
    assert (text.whole.what, text.more) == ("The whole portfolio", "")


def test_what_is_too_much_to_list_is_counted() -> None:
    many = (change(FigureKind.REALIZED, NOTHING, Figure(Decimal(1)), symbol=f"S{n}") for n in range(MOST_PLACES + 3))
    text = preview_text(preview(*many))
    assert (len(text.places), text.more, text.whole) == (MOST_PLACES, "and 3 more", None)


def test_it_says_what_was_chosen_otherwise() -> None:
    assert choice_texts(DEFAULT_OPTIONS, AccountOptions(method=CostMethod.LIFO, allows_shorts=True)) == (
        ChoiceText("Lots of instruments", "First in, first out", "Last in, first out"),
        ChoiceText("More may be sold than is held", "no", "yes"),
    )
