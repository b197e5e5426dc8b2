"""Who is behind a socket, and what they may watch."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickfolio.domain.instruments import Symbol
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person who had signed in when the socket opened, by which session or token, and the portfolios they could see then.

    The session's key is as good as a password, so neither is ever part of a text.

    Attributes:
        symbols: what these portfolios were about then, where the instance does not list all instruments.
    """

    user: int
    session: str = field(repr=False)
    portfolios: tuple[VisiblePortfolio, ...] = ()
    symbols: frozenset[Symbol] = frozenset()


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may watch now, and which of the sessions that were asked about still stand."""

    portfolios: tuple[VisiblePortfolio, ...]
    sessions: frozenset[str] = field(repr=False)


NO_RIGHTS = Rights(portfolios=(), sessions=frozenset())
