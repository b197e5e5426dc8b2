"""A whole portfolio as a file that can be read in again, to the very same ledger.

The pieces come one after another, so that a large ledger is never in memory as a whole; all of them are of one sequence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from itertools import groupby

from tickfolio.domain.instruments import Instrument
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.domain.money import MAX_PRICE_PLACES, decimal_places
from tickfolio.persistence.kept_lots import kept_lots
from tickfolio.persistence.models import TransactionVersion
from tickfolio.persistence.selectors.exports import choosers_as_of, versions_as_of
from tickfolio.persistence.selectors.surroundings import instruments_by_symbol
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.export_besides import NamedFile, beside_of, file_contents, named_files
from tickfolio.services.gains_reports import Wanted, gains_report
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import PortfolioView, portfolio_view
from tickfolio.statements import gains_csv, tickfolio_csv, tickfolio_json
from tickfolio.statements.account_methods import method_text
from tickfolio.statements.archives import archived
from tickfolio.statements.rows import Entry, EntryLot, InstrumentFacts

_NOT_IN_NAMES = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Export:
    """A file in pieces of text, in UTF-8."""

    file_name: str
    content_type: str
    pieces: Iterator[str]


@dataclass(frozen=True, slots=True)
class ArchiveExport:
    """A ZIP in pieces."""

    file_name: str
    pieces: Iterator[bytes]


def export_csv(*, actor: Actor, portfolio_id: str) -> Export:
    """Every transaction that lives, as Tickfolio's own CSV.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    portfolio = _allowed(actor, portfolio_id)
    pieces = tickfolio_csv.written(
        _entries(portfolio, actor, _references(portfolio, actor)),
        accounts=_accounts(portfolio),
        instruments=_instruments(portfolio, actor),
        methods=_methods(portfolio),
    )
    return Export(_file_name(portfolio, "csv"), "text/csv; charset=utf-8", pieces)


def export_json(*, actor: Actor, portfolio_id: str) -> Export:
    """Every transaction that lives, as Tickfolio's own JSON, with all that was written beside them but the content of files.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    portfolio = _allowed(actor, portfolio_id)
    pieces = _document(portfolio, actor, named_files(portfolio.id, actor=actor))
    return Export(_file_name(portfolio, "json"), "application/json", pieces)


def _document(portfolio: PortfolioView, actor: Actor, files: tuple[NamedFile, ...]) -> Iterator[str]:
    """The JSON in pieces."""
    references = _references(portfolio, actor, files)
    return tickfolio_json.written(
        _entries(portfolio, actor, references),
        portfolio={
            "name": portfolio.name,
            "base_currency": portfolio.base_currency,
            "day_count": portfolio.periods.day_count.value,
            "long_term_months": portfolio.periods.long_term_months,
        },
        exported_at=tickfolio_csv.moment_text(SystemClock().now().replace(microsecond=0)),
        accounts=_accounts(portfolio),
        instruments=_instruments(portfolio, actor),
        methods=_methods(portfolio),
        beside=beside_of(portfolio.id, actor=actor, files=files, references=references),
    )


def export_zip(*, actor: Actor, portfolio_id: str) -> ArchiveExport:
    """The JSON, and the files that are attached to what it holds, one in memory at a time.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    portfolio = _allowed(actor, portfolio_id)
    files = named_files(portfolio.id, actor=actor)
    contents = file_contents(portfolio.id, (each.sha256 for each in files), actor=actor)
    return ArchiveExport(_file_name(portfolio, "zip"), archived(_document(portfolio, actor, files), contents))


def export_gains_csv(*, actor: Actor, portfolio_id: str, wanted: Wanted | None = None) -> Export:
    """The rows of the gains report that are wanted, all unless said, as CSV.

    Raises:
        NotFound, NotAllowed: as everywhere.
    """
    portfolio = _allowed(actor, portfolio_id)
    wanted = wanted or Wanted()
    report = gains_report(actor=actor, portfolio_id=portfolio.id)
    pieces = gains_csv.written(report.rows(wanted), base=report.base)
    of_year = "" if wanted.year is None else f"-{wanted.year}"
    return Export(f"{file_stem(portfolio)}-gains{of_year}.csv", "text/csv; charset=utf-8", pieces)


def _allowed(actor: Actor, portfolio_id: str) -> PortfolioView:
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_EXPORT)
    return portfolio_view(actor=actor, portfolio_id=access.portfolio_id)


def _accounts(portfolio: PortfolioView) -> dict[str, str]:
    return {account.name: account.currency for account in portfolio.accounts}


def _methods(portfolio: PortfolioView) -> dict[str, str]:
    return {account.name: method_text(account.options) for account in portfolio.accounts}


def _instruments(portfolio: PortfolioView, actor: Actor) -> dict[str, InstrumentFacts]:
    known = instruments_by_symbol(portfolio.id, actor=actor)
    return {symbol: _facts(known[symbol]) for symbol in sorted(known)}


def _facts(instrument: Instrument) -> InstrumentFacts:
    return InstrumentFacts(
        name=instrument.name,
        currency=instrument.currency.code,
        contract_size=instrument.contract_size,
        quote_unit=instrument.quote_unit,
        instrument_class=instrument.instrument_class.value,
    )


def _entries(portfolio: PortfolioView, actor: Actor, references: Mapping[str, str]) -> Iterator[Entry]:
    """All accounts together, in ledger order."""
    names = {account.id: account.name for account in portfolio.accounts}
    versions = versions_as_of(portfolio.id, head=portfolio.head, actor=actor)
    for _, of_moment in groupby(versions, key=lambda version: version.at):
        together = list(of_moment)
        for place, version in enumerate(together, start=1):
            yield _entry(version, names, references, order=place if len(together) > 1 else 0)


def _references(portfolio: PortfolioView, actor: Actor, files: tuple[NamedFile, ...] = ()) -> dict[str, str]:
    """A short word for each transaction whose lot was chosen or that has files, by its id."""
    choosers = choosers_as_of(portfolio.id, head=portfolio.head, actor=actor)
    chosen = (lot.transaction_id for version in choosers for lot in kept_lots(version.lots))
    ids = dict.fromkeys([each for each in chosen if each is not None] + [each.transaction_id for each in files])
    return {each: f"r{number}" for number, each in enumerate(ids, start=1)}


def _entry(
    version: TransactionVersion, names: Mapping[str, str], references: Mapping[str, str], *, order: int
) -> Entry:
    """What a version says. `order` tells apart what happened at one moment."""
    return Entry(
        type=TransactionType(version.type),
        at=version.at.astimezone(UTC),
        order=order,
        account=names.get(str(version.account_id), ""),
        symbol=version.symbol,
        quantity=version.quantity,
        price=version.price,
        amount=_stated(version.amount),
        currency=version.currency,
        fees=version.fees,
        taxes=version.taxes,
        settlement_amount=version.settlement_amount,
        settlement_currency=version.settlement_currency,
        settlement_rate=version.settlement_rate,
        counter_amount=version.counter_amount,
        counter_currency=version.counter_currency,
        split_new=version.split_new,
        split_old=version.split_old,
        to_account=names.get(str(version.to_account_id), ""),
        new_symbol=version.new_symbol,
        cost_share=version.cost_share,
        cash_in_lieu=version.cash_in_lieu,
        reference=references.get(str(version.transaction_id), ""),
        lots=tuple(
            EntryLot(lot.quantity, references.get(lot.transaction_id or "", ""), lot.acquired_at, lot.cost)
            for lot in kept_lots(version.lots)
        ),
        ex_date=version.ex_date,
        note=version.note,
    )


def _stated(amount: Decimal | None) -> Decimal | None:
    """An amount as it can be stated; one of more places was computed from quantity and price, and will be again."""
    return None if amount is None or decimal_places(amount) > MAX_PRICE_PLACES else amount


def _file_name(portfolio: PortfolioView, suffix: str) -> str:
    """``long-term-2012-05-21.csv``: the portfolio's name and today by the real clock."""
    return f"{file_stem(portfolio)}-{SystemClock().now():%Y-%m-%d}.{suffix}"


def file_stem(portfolio: PortfolioView) -> str:
    """The portfolio's name as a part of a file's."""
    return _NOT_IN_NAMES.sub("-", portfolio.name.lower()).strip("-_") or "portfolio"
