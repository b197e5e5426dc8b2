"""What waits for somebody beside prices, and the dividends of all portfolios that come next and came last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tickfolio.services.imports import WaitingImport
from tickfolio.services.income_reports import IncomeReport
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.figures import count_text
from tickfolio.web.payment_texts import PaymentText, coming_text, received_text
from tickfolio.words import counted_phrase, phrase

MOST_DIVIDENDS = 6
LEAST_RECEIVED = 2
"""So many places of the list are kept for what came last, where there is any."""


@dataclass(frozen=True, slots=True)
class NoteText:
    """What waits, why, and where it is done."""

    icon: str
    what: str
    why: str
    address: str
    action: str


@dataclass(frozen=True, slots=True)
class DividendText:
    """A payment and the income page that has it."""

    payment: PaymentText
    address: str


@dataclass(frozen=True, slots=True)
class HeldIncome:
    """A portfolio and its income."""

    portfolio: PortfolioView
    report: IncomeReport


@dataclass(frozen=True, slots=True)
class HeldImports:
    """A portfolio and the files that wait for somebody there."""

    portfolio: PortfolioView
    waiting: tuple[WaitingImport, ...]


def note_texts(
    held: Sequence[HeldIncome], imports: Sequence[HeldImports] = (), *, in_quarantine: int = 0
) -> tuple[NoteText, ...]:
    """Files that wait; dividends that are not booked, one note a portfolio; of an operator the prices in quarantine."""
    notes = [_import(each.portfolio, waiting) for each in imports for waiting in each.waiting]
    notes += [_missing(each) for each in held if each.report.missing]
    if in_quarantine:
        what = (
            phrase("1 price is")
            if in_quarantine == 1
            else phrase("{count_text} prices are", count_text=count_text(in_quarantine))
        )
        notes.append(
            NoteText(
                "i-warn",
                phrase("{what} in quarantine", what=what),
                phrase("held back until believed"),
                "/operator/",
                phrase("Decide"),
            )
        )
    return tuple(notes)


def dividend_texts(held: Sequence[HeldIncome]) -> tuple[DividendText, ...]:
    """The next ones by their day, then the last ones."""
    coming = [(row.pay_day, row, each) for each in held for row in each.report.coming]
    received = [(row.paid_on, row, each) for each in held for row in each.report.payments if not row.is_due]
    coming.sort(key=lambda one: one[0])
    received.sort(key=lambda one: one[0], reverse=True)
    places = MOST_DIVIDENDS - min(LEAST_RECEIVED, len(received))
    # Words are made of what is shown only: there may be thousands.
    shown = [DividendText(coming_text(row, each.report), _income_address(each)) for _, row, each in coming[:places]]
    shown += [
        DividendText(received_text(row, each.report, each.portfolio.id), _income_address(each))
        for _, row, each in received[: MOST_DIVIDENDS - len(shown)]
    ]
    return tuple(shown)


def _income_address(held: HeldIncome) -> str:
    return f"/portfolios/{held.portfolio.id}/income/"


def _import(portfolio: PortfolioView, waiting: WaitingImport) -> NoteText:
    """What can be answered is told before what cannot be booked; the preview itself has both."""
    if waiting.asking:
        fate, action = "asks", phrase("Answer")
        what = counted_phrase(
            "{count_text} import row waits for an answer",
            "{count_text} import rows wait for an answer",
            waiting.asking,
            count_text=count_text(waiting.asking),
        )
    else:
        fate, action = "refused", phrase("Review")
        what = counted_phrase(
            "{count_text} import row cannot be booked",
            "{count_text} import rows cannot be booked",
            waiting.refused,
            count_text=count_text(waiting.refused),
        )
    address = f"/portfolios/{portfolio.id}/import/{waiting.batch_id}/?fate={fate}"
    return NoteText("i-upload", what, f"{portfolio.name}: {waiting.file_name}", address, action)


def _missing(held: HeldIncome) -> NoteText:
    missing = held.report.missing
    symbols = sorted({each.fact.action.symbol for each in missing})
    count = len(missing)
    what = (
        phrase("{symbols} dividend not booked", symbols=symbols[0])
        if count == 1
        else phrase("{count_text} dividends not booked", count_text=count_text(count))
    )
    why = held.portfolio.name if count == 1 else f"{held.portfolio.name}: {', '.join(symbols[:3])}"
    return NoteText("i-coin", what, why, f"/portfolios/{held.portfolio.id}/actions/", phrase("Review"))
