"""Everything derived in the database compared with what facts say, and facts with one another. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tickfolio.errors import ImpossibleLedger, NotFound
from tickfolio.persistence.selectors.daily_series import living_portfolios, series_heading
from tickfolio.persistence.selectors.headings import ledger_heading
from tickfolio.services.derived_tables import DERIVED_TABLES, WORKER, DerivedTable, Facts
from tickfolio.services.fact_checks import Misfit, fact_counts, misfits_of
from tickfolio.words import phrase

ATTEMPTS = 3
"""How often a portfolio is looked at again because somebody wrote in it meanwhile."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value that is not what facts say. `key` tells the row in its table, with its portfolio before it where need be."""

    portfolio: str
    table: str
    key: str
    column: str
    expected: str
    found: str


@dataclass(slots=True)
class Verification:
    """What was compared, by table, and what does not fit.

    Attributes:
        rows: those with something derived in them, and facts that were looked at.
        values: how many values of derived columns.
        unsettled: portfolios in which somebody kept on writing; nothing is said of them.
    """

    portfolios: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    mismatches: list[Mismatch] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Looked:
    rows: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    mismatches: list[Mismatch] = field(default_factory=list)


def verify(*, portfolio_ids: Iterable[str] | None = None) -> Verification:
    """All portfolios, or those given; one that is gone is passed over."""
    ids = living_portfolios(actor=WORKER) if portfolio_ids is None else portfolio_ids
    found = Verification()
    for portfolio_id in ids:
        looked = _settled(portfolio_id)
        if looked is None:
            found.unsettled.append(portfolio_id)
            continue
        found.portfolios += 1
        found.rows += looked.rows
        found.values += looked.values
        found.mismatches += looked.mismatches
    return found


def _settled(portfolio_id: str) -> _Looked | None:
    """What a look finds while nobody writes."""
    for _ in range(ATTEMPTS):
        before = _standing(portfolio_id)
        looked = _Looked()
        if before[0] is None:
            return looked
        try:
            _look(portfolio_id, looked)
        except NotFound:
            return _Looked()
        if before == _standing(portfolio_id):
            return looked
    return None


def _standing(portfolio_id: str) -> tuple[object, object]:
    return ledger_heading(portfolio_id, actor=WORKER), series_heading(portfolio_id, actor=WORKER)


def _look(portfolio_id: str, looked: _Looked) -> None:
    facts = Facts(portfolio_id)
    looked.rows.update(dict(fact_counts(portfolio_id)))
    try:
        for misfit in misfits_of(portfolio_id):
            looked.mismatches.append(_of_fact(portfolio_id, misfit))
    except ImpossibleLedger as error:
        looked.mismatches.append(_impossible(portfolio_id, error))
    for table in DERIVED_TABLES:
        stored = table.found(portfolio_id)
        try:
            expected = table.expected(facts)
        except ImpossibleLedger as error:
            looked.mismatches.append(_impossible(portfolio_id, error))
            continue
        if expected is None:
            continue
        looked.rows[table.name] += len(stored.keys() | expected.keys())
        looked.values[table.name] += len(stored.keys() | expected.keys()) * len(table.columns)
        for key in sorted(stored.keys() | expected.keys()):
            of_row = _of_row(table, expected.get(key), stored.get(key), key=key)
            looked.mismatches += [
                Mismatch(portfolio_id, table.name, key, column, one, other) for column, one, other in of_row
            ]


def _of_row(
    table: DerivedTable, expected: tuple[str, ...] | None, found: tuple[str, ...] | None, *, key: str
) -> Iterator[tuple[str, str, str]]:
    if expected is None or found is None:
        yield (
            table.key,
            phrase("no such row") if expected is None else key,
            phrase("no such row") if found is None else key,
        )
        return
    for column, one, other in zip(table.columns, expected, found, strict=True):
        if one != other:
            yield column, one, other


def _impossible(portfolio_id: str, error: ImpossibleLedger) -> Mismatch:
    return Mismatch(portfolio_id, "transaction_version", portfolio_id, "", phrase("a ledger that can be"), str(error))


def _of_fact(portfolio_id: str, misfit: Misfit) -> Mismatch:
    return Mismatch(portfolio_id, misfit.table, misfit.key, misfit.column, misfit.expected, misfit.found)
