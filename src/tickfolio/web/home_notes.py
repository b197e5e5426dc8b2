"""What waits for somebody beside prices, and the dividends of all portfolios that come next and came last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickfolio.domain.valuation.valuation import Row, RowKind, Valuation
from tickfolio.services.imports import WaitingImport
from tickfolio.services.income_reports import IncomeReport
from tickfolio.services.job_notes import CutOffJob
from tickfolio.services.portfolios import PortfolioView
from tickfolio.web.cut_off_texts import note_text, told_at, unfinished_text
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


@dataclass(frozen=True, slots=True)
class HeldCash:
    """A portfolio and what it is worth, cash by account among it."""

    portfolio: PortfolioView
    valuation: Valuation


def note_texts(
    held: Sequence[HeldIncome],
    imports: Sequence[HeldImports] = (),
    cash: Sequence[HeldCash] = (),
    *,
    cut_off: Sequence[CutOffJob] = (),
    in_quarantine: int = 0,
) -> tuple[NoteText, ...]:
    """Work that went with the server; files that wait; dividends that are not booked and cash below zero; an operator's prices.

    Dividends and cash are one note a portfolio.
    """
    names = {each.portfolio.id: each.portfolio.name for each in imports}
    notes = [_unfinished(job, names) for job in cut_off if not job.portfolio_id or job.portfolio_id in names]
    notes += [_import(each.portfolio, waiting) for each in imports for waiting in each.waiting]
    notes += [_missing(each) for each in held if each.report.missing]
    notes += [_overdrawn(each.portfolio, short) for each in cash if (short := _short_of(each))]
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


def _unfinished(job: CutOffJob, names: Mapping[str, str]) -> NoteText:
    """Of work that went with the server: that nothing is half done is the most important thing about it."""
    why, name = note_text(job), names.get(job.portfolio_id)
    return NoteText("i-warn", unfinished_text(job), f"{name}: {why}" if name else why, told_at(job), phrase("Review"))


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


def _short_of(held: HeldCash) -> tuple[Row, ...]:
    """The cash below zero, but of accounts that may sell short: those borrow by agreement."""
    borrowing = {account.id for account in held.portfolio.accounts if account.options.allows_shorts}
    return tuple(
        row
        for row in held.valuation.rows
        if row.kind is RowKind.CASH and row.quantity < 0 and row.account not in borrowing
    )


def _overdrawn(portfolio: PortfolioView, short: tuple[Row, ...]) -> NoteText:
    """Without the amounts: each stands on the portfolio's page, where it moves and privacy mode hides it."""
    named = [f"{row.account_name} {row.currency}" for row in short[:3]]
    what = counted_phrase("Cash below zero", "Cash below zero in {count} places", len(short))
    why = f"{portfolio.name}: {', '.join(named)}"
    return NoteText("i-warn", what, why, f"/portfolios/{portfolio.id}/", phrase("Review"))


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
