"""What other options for an account would change, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.services.account_options import OptionsPreview
from tickfolio.services.option_figures import Figure, FigureChange, FigureKind
from tickfolio.web.figures import DASH, count_text, money_direction, money_text, signed_money_text
from tickfolio.web.forms.portfolios import ACTION_RULES, CASH_METHODS, METHODS, AccountOptionsForm
from tickfolio.web.holding_texts import Figure as FigureText
from tickfolio.words import marked_phrase, phrase

MOST_PLACES = 100
NOTHING_CHANGES = marked_phrase(
    "Saved. Nothing changes: value, realized and unrealized gains, income, fees, taxes and currency result stay as they were."
)
LABELS = {
    FigureKind.VALUE: marked_phrase("Value"),
    FigureKind.REALIZED: marked_phrase("Realized"),
    FigureKind.REALIZED_SHORT: marked_phrase("Realized, short term"),
    FigureKind.REALIZED_LONG: marked_phrase("Realized, long term"),
    FigureKind.REALIZED_CURRENCY: marked_phrase("Realized, currency part"),
    FigureKind.UNREALIZED: marked_phrase("Unrealized"),
    FigureKind.DIVIDENDS: marked_phrase("Dividends"),
    FigureKind.INTEREST: marked_phrase("Interest"),
    FigureKind.WITHHOLDING_TAX: marked_phrase("Withholding tax"),
    FigureKind.FEES: marked_phrase("Fees not part of a cost"),
    FigureKind.TAXES: marked_phrase("Taxes not part of a cost"),
    FigureKind.CASH_CURRENCY: marked_phrase("Currency result on cash that went out"),
}
GAINS = frozenset(
    {
        FigureKind.REALIZED,
        FigureKind.REALIZED_SHORT,
        FigureKind.REALIZED_LONG,
        FigureKind.REALIZED_CURRENCY,
        FigureKind.UNREALIZED,
        FigureKind.CASH_CURRENCY,
    }
)
"""What is signed; the others are amounts, of which more is neither good nor bad."""


@dataclass(frozen=True, slots=True)
class ChoiceText:
    """What was chosen, and what would be."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LineText:
    """A figure before and after."""

    label: str
    before: str
    after: str
    difference: FigureText


@dataclass(frozen=True, slots=True)
class PlaceText:
    """A position, an account's cash, or the whole portfolio, with its figures that would be others."""

    what: str
    lines: tuple[LineText, ...]


@dataclass(frozen=True, slots=True)
class PreviewText:
    """All that the preview shows; `whole` is None where no sum changes, and `more` says how many positions are not listed."""

    base: str
    choices: tuple[ChoiceText, ...]
    places: tuple[PlaceText, ...]
    whole: PlaceText | None
    more: str


def preview_text(preview: OptionsPreview) -> PreviewText:
    """The preview in words and figures."""
    places = [
        PlaceText(_place(*place), tuple(_line(each) for each in changes))
        for place, changes in groupby(preview.figures, key=lambda each: (each.account_name, each.symbol))
    ]
    whole = places.pop() if places and preview.figures[-1].account_name == "" else None
    left = len(places) - MOST_PLACES
    return PreviewText(
        base=preview.base.code,
        choices=choice_texts(preview.account.options, preview.options),
        places=tuple(places[:MOST_PLACES]),
        whole=whole,
        more=phrase("and {count_text} more", count_text=count_text(left)) if left > 0 else "",
    )


def choice_texts(before: AccountOptions, after: AccountOptions) -> tuple[ChoiceText, ...]:
    """What was chosen otherwise, as the form calls it."""
    fields = AccountOptionsForm.base_fields
    methods, cash, rules = (
        {choice: sentence.partition(":")[0] for choice, sentence in choices}
        for choices in (METHODS, CASH_METHODS, ACTION_RULES)
    )
    chosen = {
        "method": (methods[before.method], methods[after.method]),
        "cash_method": (cash[before.cash_method], cash[after.cash_method]),
        "fees_in_cost": (_yes(before.fees_in_cost), _yes(after.fees_in_cost)),
        "allows_shorts": (_yes(before.allows_shorts), _yes(after.allows_shorts)),
        "actions": (rules[before.actions], rules[after.actions]),
    }
    return tuple(
        ChoiceText(str(fields[name].label), one, other) for name, (one, other) in chosen.items() if one != other
    )


def _yes(value: object) -> str:
    return phrase("yes") if value else phrase("no")


def _place(account_name: str, symbol: str | None) -> str:
    if not account_name:
        return phrase("The whole portfolio")
    return phrase("{value} in {account_name}", value=symbol or phrase("Cash"), account_name=account_name)


def _line(change: FigureChange) -> LineText:
    is_gain = change.kind in GAINS
    difference = change.difference
    direction = money_direction(difference) if is_gain else "none"
    return LineText(
        label=LABELS[change.kind],
        before=_amount(change.before, is_gain=is_gain),
        after=_amount(change.after, is_gain=is_gain),
        difference=FigureText(signed_money_text(difference), direction),
    )


def _amount(figure: Figure, *, is_gain: bool) -> str:
    if figure.amount is None:
        return phrase("not available") if figure.lacking else DASH
    text = signed_money_text(figure.amount) if is_gain else money_text(figure.amount)
    return (
        phrase("{text}, {count_text} left out", text=text, count_text=count_text(figure.lacking))
        if figure.lacking
        else text
    )
