"""A portfolio's ledger as it was known at another time: what was recorded until then, and nothing of what came after.

How accounts count, their names, the base currency and the owner's time zone have no versions: they are those of now, unless the
caller has kept them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tickfolio.errors import InvalidValue
from tickfolio.persistence.selectors.actions import newest_action_at
from tickfolio.persistence.selectors.daily_bars import newest_bar_at, newest_rate_at
from tickfolio.persistence.selectors.headings import LedgerHeading, head_at, ledger_heading
from tickfolio.persistence.selectors.ledger import (
    TransactionView,
    count_of_versions_recorded,
    is_anything_recorded,
    versions_recorded,
)
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.collector import not_collecting
from tickfolio.services.ledgers import READER, Shelf
from tickfolio.services.market_time import market_now
from tickfolio.services.permissions import Operation, missing_portfolio, require
from tickfolio.words import phrase

MOST_CHANGES = 200
"""How many of the newest changes between two states of knowledge are listed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What of a ledger counts: all up to a sequence and up to a corporate action; with what its figures are told in.

    `bars` and `rates` are the newest recorded close and exchange rate that count; None for all.
    """

    head: int
    actions: int
    base: str
    zone: str
    bars: int | None = None
    rates: int | None = None

    def is_of_same_ledger(self, other: Known) -> bool:
        """Whether nothing but closes and exchange rates was recorded between the two."""
        return replace(self, bars=None, rates=None) == replace(other, bars=None, rates=None)


@dataclass(frozen=True, slots=True)
class Changes:
    """What was recorded between two states of knowledge.

    Attributes:
        newest: versions of transactions, the newest first; at most `MOST_CHANGES`.
        count: how many there are in all.
        is_from_nothing: whether no transaction had been recorded before them.
    """

    newest: tuple[TransactionView, ...]
    count: int
    is_from_nothing: bool


def known_now(*, actor: Actor, portfolio_id: str) -> Known:
    """All that is recorded.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    heading = _heading(actor, portfolio_id)
    return Known(heading.head, heading.actions, heading.base_currency, heading.zone, heading.bars, heading.rates)


def known_at(*, actor: Actor, portfolio_id: str, at: datetime) -> Known:
    """What had been recorded by `at`, a moment of real time.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    heading = _heading(actor, portfolio_id)
    head = head_at(portfolio_id, actor=READER, known_at=at)
    return Known(head, newest_action_at(at), heading.base_currency, heading.zone, newest_bar_at(at), newest_rate_at(at))


def known_shelf(*, actor: Actor, portfolio_id: str, known: Known) -> Shelf:
    """The ledger by what was known, read and folded anew, on a shelf that nobody else has.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: it does not reach as far.
    """
    heading = _heading(actor, portfolio_id)
    if not (0 <= known.head <= heading.head and 0 <= known.actions <= heading.actions):
        raise InvalidValue(
            phrase("Expected a state of the ledger up to {head}, was {found}.", head=heading.head, found=known.head)
        )
    shelf = Shelf(portfolio_id, bars=known.bars)
    with not_collecting():
        shelf.read(LedgerHeading(known.head, known.base, known.zone, known.actions), actions=known.actions)
    return shelf


def changes_between(*, actor: Actor, portfolio_id: str, before: Known, after: Known) -> Changes:
    """The versions of transactions that `after` knows and `before` does not.

    Raises:
        NotFound: there is no such portfolio for this actor.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    since, upto = before.head, after.head
    newest = versions_recorded(
        portfolio_id, actor=actor, after=since, upto=upto, reached=market_now(), most=MOST_CHANGES
    )
    count = len(newest)
    if count == MOST_CHANGES:
        count = count_of_versions_recorded(portfolio_id, actor=actor, after=since, upto=upto)
    return Changes(newest, count, not is_anything_recorded(portfolio_id, actor=actor, upto=since))


def _heading(actor: Actor, portfolio_id: str) -> LedgerHeading:
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    heading = ledger_heading(portfolio_id, actor=READER)
    if heading is None:
        raise missing_portfolio()
    return heading
