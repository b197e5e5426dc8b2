"""What the running engine asks for those who have pages open: portfolios, where they stand, and who may watch them.

Every function is called from a thread of the engine's, outside any request; it leaves no database connection behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import get_args

from django.db import OperationalError, connection

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.fx import RateTable
from tickfolio.errors import NotFound
from tickfolio.live.ports import LedgerEvent, Standing
from tickfolio.live.viewer import Rights, Viewer
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio
from tickfolio.live.wire.vocabulary import EventKind
from tickfolio.persistence.selectors.booked import booked_symbols
from tickfolio.persistence.selectors.headings import ledger_headings
from tickfolio.persistence.selectors.watching import Booking, Watchable, bookings_since, watchable_portfolios
from tickfolio.persistence.tenancy import Person, System
from tickfolio.runtime.ports import StoredPortfolio
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import book_of
from tickfolio.services.market import lists_all
from tickfolio.services.sessions import session_states, signed_in_by
from tickfolio.services.tokens import is_token_session, standing_tokens, token_holder

ENGINE = System("engine")
_KINDS: dict[str, EventKind] = {kind: kind for kind in get_args(EventKind.__value__)}


def with_own_connection[**P, T](call: Callable[P, T]) -> Callable[P, T]:
    """Closes the thread's connection afterwards: an idle one would be held for ever, and a broken one never mended."""

    @wraps(call)
    def closing(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        finally:
            if not connection.in_atomic_block:
                connection.close()

    return closing


@with_own_connection
def viewer_by_session(session_key: str) -> Viewer | None:
    """Who is signed in by a session and what they may watch; None where it is missing, expired or ended."""
    signed_in = signed_in_by(session_key)
    return None if signed_in is None else _viewer(signed_in.user_id, session_key)


@with_own_connection
def viewer_by_token(token: str) -> Viewer | None:
    """Whose a program's token is and what they may watch; None where it is unknown or ended."""
    holder = token_holder(token)
    return None if holder is None else _viewer(holder.user_id, holder.session)


@with_own_connection
def answer_of_database() -> None:
    """Returns when the database has answered. Raises `django.db.Error` where it cannot be reached.

    An SQLite file that somebody else writes to answers, too.
    """
    connection.ensure_connection()
    if not connection.is_usable():
        raise OperationalError("the database did not answer")


@with_own_connection
def rights_of(sessions: Mapping[int, frozenset[str]]) -> dict[int, Rights]:
    """By user id, what each person may watch and which of the given sessions still stand.

    Three queries however many, and one more where some of the sessions are tokens.
    """
    pairs = [(key, user) for user, keys in sessions.items() for key in keys]
    tokens = standing_tokens([pair for pair in pairs if is_token_session(pair[0])])
    states = session_states([pair for pair in pairs if not is_token_session(pair[0])])
    standing = tokens | {pair for pair, state in states.items() if state.is_valid}
    seen = watchable_portfolios(sessions, actor=ENGINE)
    return {
        user: Rights(
            portfolios=_visible(seen.get(user, ())),
            sessions=frozenset(key for key in keys if (key, user) in standing),
        )
        for user, keys in sessions.items()
    }


@with_own_connection
def stored_portfolio(portfolio_id: str, known_head: int | None) -> StoredPortfolio | None:
    """A portfolio as it is now, and what was booked since `known_head`; None where it is gone.

    In its standing, recorded rates count like corporate actions: what is no entry of the ledger, and what pages rest on.
    """
    try:
        held = book_of(actor=ENGINE, portfolio_id=portfolio_id)
    except NotFound:
        return None
    booked = () if known_head is None else bookings_since(portfolio_id, known_head, actor=ENGINE, upto=held.head)
    return StoredPortfolio(
        standing=Standing(held.head, held.book.zone.key, held.actions + held.rates),
        book=held.book,
        events=tuple(_event(one) for one in booked),
    )


@with_own_connection
def portfolio_standings(portfolio_ids: frozenset[str]) -> dict[str, Standing]:
    """Where portfolios stand, without those that are gone; one query."""
    headings = ledger_headings(portfolio_ids, actor=ENGINE)
    return {
        portfolio_id: Standing(heading.head, heading.zone, heading.actions + heading.rates)
        for portfolio_id, heading in headings.items()
    }


@with_own_connection
def rates_now() -> RateTable:
    """All exchange rates that are known."""
    return rate_table_now()


def booked_now() -> frozenset[Symbol]:
    """The symbols of known instruments that some ledger or comparison needs: what a live market streams in any case."""
    return booked_symbols(actor=ENGINE)


def _viewer(user_id: int, session: str) -> Viewer:
    seen = watchable_portfolios([user_id], actor=ENGINE).get(user_id, ())
    symbols = frozenset[Symbol]() if lists_all() else booked_symbols(actor=Person(user_id))
    return Viewer(user=user_id, session=session, portfolios=_visible(seen), symbols=symbols)


def _visible(watchables: tuple[Watchable, ...]) -> tuple[VisiblePortfolio, ...]:
    return tuple(
        VisiblePortfolio(id=one.portfolio_id, name=one.name, currency=one.base_currency, role=one.role.value)
        for one in watchables
    )


def _event(booking: Booking) -> LedgerEvent:
    return LedgerEvent(booking.sequence, _KINDS[booking.kind], booking.transaction_id)
