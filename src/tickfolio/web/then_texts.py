"""What was known then and what is known now, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tickfolio.domain.ledger.type_names import TYPE_NAMES
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import EXACT
from tickfolio.domain.valuation.valuation import Row, RowKind, Worth
from tickfolio.persistence.selectors.ledger import TransactionView
from tickfolio.services.then_and_now import FiguresKnown, ThenAndNow
from tickfolio.web.figures import DASH, count_text, money_text, percent_text, signed_money_text, signed_text
from tickfolio.web.notation import short_day
from tickfolio.web.transaction_texts import NOBODY, amounts_moved, moment_text
from tickfolio.words import counted_phrase, phrase

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class BesideText:
    """A figure by both, and what changed; `is_same` where nothing did. The addresses explain it, and are empty where it is not there."""

    name: str
    then: str
    now: str
    change: str
    is_same: bool
    then_address: str = ""
    now_address: str = ""


@dataclass(frozen=True, slots=True)
class ChangeText:
    """A version of a transaction that was recorded since."""

    transaction: str
    what: str
    type: str
    subject: str
    day: str
    amounts: str
    when: str
    who: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class ThenText:
    """The page: figures of the whole, the rows that differ, and what was recorded since.

    Attributes:
        nothing: what is to be said where one or both know of nothing; else empty.
        recorded: how many versions, and how many of them are listed.
    """

    nothing: str
    figures: tuple[BesideText, ...]
    rows: tuple[BesideText, ...]
    changes: tuple[ChangeText, ...]
    recorded: str


def then_text(found: ThenAndNow, *, portfolio_id: str, zone: ZoneInfo) -> ThenText:
    """All that the page says; moments of recording are told in `zone`."""
    return ThenText(
        nothing=_nothing(found),
        figures=tuple(_figures(found, portfolio_id)),
        rows=tuple(_rows(found, portfolio_id)),
        changes=tuple(_change(each, found.zone, zone) for each in found.changes.newest),
        recorded=_recorded(len(found.changes.newest), found.changes.count),
    )


def _nothing(found: ThenAndNow) -> str:
    is_from_nothing = found.changes.is_from_nothing
    if found.then is None and found.now is None:
        is_empty = is_from_nothing and not found.changes.count
        return (
            phrase("Nothing has been recorded yet.")
            if is_empty
            else phrase("Nothing of this day or before is recorded.")
        )
    if found.then is None:
        return (
            phrase("Nothing had been recorded by then.")
            if is_from_nothing
            else phrase("Nothing of this day or before had been recorded by then.")
        )
    return phrase("Nothing of this day or before is recorded any more.") if found.now is None else ""


def _recorded(listed: int, count: int) -> str:
    newest = phrase("the newest {count_text} of ", count_text=count_text(listed)) if listed < count else ""
    return counted_phrase(
        "{newest}{shown} version of transactions",
        "{newest}{shown} versions of transactions",
        count,
        newest=newest,
        shown=count_text(count),
    )


def _figures(found: ThenAndNow, portfolio_id: str) -> list[BesideText]:
    then, now = found.then, found.now

    def amount(name: str, of: str) -> BesideText:
        told = _beside(name, _amount(then, of), _amount(now, of), is_signed=of not in ("value", "cost"))
        return _explained(told, found, portfolio_id, of)

    returns = [None if each is None or isinstance(each.twr, NotAvailable) else each.twr * 100 for each in (then, now)]
    return [
        amount(phrase("Value"), "value"),
        amount(phrase("Cost of what is held"), "cost"),
        amount(phrase("Unrealized profit and loss"), "unrealized"),
        amount(phrase("Deposits less withdrawals"), "flows"),
        amount(phrase("Profit and loss since the first transaction"), "gain"),
        _explained(_percents(phrase("Time-weighted return since then"), *returns), found, portfolio_id, "twr"),
    ]


def _amount(figures: FiguresKnown | None, of: str) -> Decimal | None:
    if figures is None:
        return None
    found: Decimal = getattr(figures if of in ("flows", "gain") else figures.totals, of)
    return found


def _rows(found: ThenAndNow, portfolio_id: str) -> list[BesideText]:
    before, after = ({row.key: row for row in (() if each is None else each.rows)} for each in (found.then, found.now))
    rows = ((key, _row(before.get(key), after.get(key))) for key in sorted(before.keys() | after.keys()))
    return [_explained(told, found, portfolio_id, "value", row=key) for key, told in rows if not told.is_same]


def _row(before: Row | None, after: Row | None) -> BesideText:
    """A row that is there by one of both at least; where it is not, it counts as nothing and shows as a dash."""
    named = after or before
    assert named is not None
    told = _beside(_name(named), _worth(before), _worth(after), is_signed=False)
    return replace(told, then=DASH if before is None else told.then, now=DASH if after is None else told.now)


def _explained(told: BesideText, found: ThenAndNow, portfolio_id: str, figure: str, **part: str) -> BesideText:
    """The figure with the addresses of its explanations, of the day by each state of knowledge."""
    is_of_a_span = figure in ("flows", "gain", "twr")
    of_day = {"to" if is_of_a_span else "as_of": found.day.isoformat()} if found.day != found.today else {}
    root = f"/portfolios/{portfolio_id}/explain/{figure}/"
    known = {"known": found.known_at.astimezone(UTC).isoformat()}

    def address(text: str, more: dict[str, str]) -> str:
        query = urlencode({**of_day, **part, **more})
        return "" if text == DASH else f"{root}?{query}" if query else root

    return replace(told, then_address=address(told.then, known), now_address=address(told.now, {}))


def _name(row: Row) -> str:
    subject = phrase("{currency} cash", currency=row.currency) if row.kind is RowKind.CASH else row.symbol or row.name
    due = phrase(", dividend due") if row.kind is RowKind.RECEIVABLE else ""
    return phrase("{subject}{due} in {account_name}", subject=subject, due=due, account_name=row.account_name)


def _worth(row: Row | None) -> Decimal | None:
    """What a row is worth; nothing where it is not there, and unknown where it has no price."""
    if row is None:
        return ZERO
    return row.worth.value if isinstance(row.worth, Worth) else None


def _beside(name: str, then: Decimal | None, now: Decimal | None, *, is_signed: bool) -> BesideText:
    write = signed_money_text if is_signed else money_text
    change = None if then is None or now is None else EXACT.subtract(now, then)
    return BesideText(name, write(then), write(now), signed_money_text(change), is_same=then == now)


def _percents(name: str, then: Decimal | None, now: Decimal | None) -> BesideText:
    points = None if then is None or now is None else round(now - then, 2)
    change = DASH if points is None else phrase("{points} points", points=signed_text(points, places=2))
    return BesideText(
        name, percent_text(then), percent_text(now), change, is_same=percent_text(then) == percent_text(now)
    )


def _change(view: TransactionView, owner: ZoneInfo, zone: ZoneInfo) -> ChangeText:
    return ChangeText(
        transaction=view.id,
        what="deleted"
        if view.is_deleted
        else "entered"
        if view.version == 1
        else phrase("edited, version {version}", version=view.version),
        type=TYPE_NAMES[view.type],
        subject=view.symbol or view.currency,
        day=short_day(view.at.astimezone(owner).date()),
        amounts=", ".join(f"{each.text} {each.currency}" for each in amounts_moved(view)),
        when=moment_text(view.recorded_at, zone=zone),
        who=view.recorded_by or NOBODY,
        is_deleted=view.is_deleted,
    )


def typed_moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment as a field for a local date and time has it."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
