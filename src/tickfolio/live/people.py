"""The signed-in people whose sockets this process holds, and what each of them may watch.

Rights are read from the database by `runtime`: after each new socket, after each wake-up, and every few seconds anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tickfolio.live.connection import Connection
from tickfolio.live.viewer import Rights
from tickfolio.live.wire.portfolio_messages import VisiblePortfolio
from tickfolio.live.wire.vocabulary import portfolio_id

RIGHTS_SECONDS = 9.0
"""How long rights count that cannot be read again; after that nothing of a portfolio is sent until they are.

Longer than a database takes that is started anew, and with the beat that follows shorter than the ten seconds after which a right
that was taken away must be of no use any more, whatever is out of reach.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What new rights mean for a person's sockets.

    Attributes:
        signed_out: sockets whose session has ended.
        staying: the others.
        lost: portfolios that the person may no longer watch.
        is_news: whether the list of portfolios, or a role or name in it, is another one.
    """

    signed_out: tuple[Connection, ...]
    staying: tuple[Connection, ...]
    lost: frozenset[str]
    is_news: bool


class _Person:
    """One person's sockets and rights, and the moment that these are of; all sockets of a person know the same."""

    __slots__ = ("confirmed_at", "connections", "portfolios")

    def __init__(self, portfolios: tuple[VisiblePortfolio, ...], *, confirmed_at: float) -> None:
        self.connections: dict[Connection, None] = {}
        self.portfolios = {portfolio.id: portfolio for portfolio in portfolios}
        self.confirmed_at = confirmed_at

    def is_confirmed(self, at: float) -> bool:
        return at - self.confirmed_at <= RIGHTS_SECONDS


class People:
    """By user id, everybody with a socket here. Whoever has none is forgotten."""

    def __init__(self, *, sockets_per_user: int) -> None:
        self._sockets_per_user = sockets_per_user
        self._people: dict[int, _Person] = {}

    def __len__(self) -> int:
        return len(self._people)

    def __contains__(self, user: object) -> bool:
        return user in self._people

    def join(self, connection: Connection) -> bool:
        """Takes in a socket; False where the person has as many as is allowed. Anonymous ones are not counted."""
        viewer = connection.viewer
        if viewer is None:
            return True
        person = self._people.get(viewer.user)
        if person is None:
            # The handshake has just read them.
            person = self._people[viewer.user] = _Person(viewer.portfolios, confirmed_at=connection.joined_at)
        if len(person.connections) >= self._sockets_per_user:
            return False
        person.connections[connection] = None
        return True

    def leave(self, connection: Connection) -> None:
        """Forgets a socket that is gone."""
        viewer = connection.viewer
        person = None if viewer is None else self._people.get(viewer.user)
        if viewer is not None and person is not None:
            person.connections.pop(connection, None)
            if not person.connections:
                del self._people[viewer.user]

    def visible(self, connection: Connection) -> list[VisiblePortfolio]:
        """The portfolios that the person behind a socket may watch, by name."""
        person = self._person(connection)
        portfolios = () if person is None else person.portfolios.values()
        return sorted(portfolios, key=lambda portfolio: (portfolio.name, portfolio.id))

    def may_watch(self, connection: Connection, portfolio: str) -> bool:
        """Whether the person behind a socket may watch a portfolio, in whatever currency, as far as is known here."""
        person = self._person(connection)
        return person is not None and portfolio_id(portfolio) in person.portfolios

    def confirmed_at(self, connection: Connection) -> float:
        """The monotonic moment that the rights of the person behind a socket are of; of nobody it is long ago."""
        person = self._person(connection)
        return float("-inf") if person is None else person.confirmed_at

    def is_confirmed(self, connection: Connection, *, at: float) -> bool:
        """Whether these rights still count at a moment."""
        person = self._person(connection)
        return person is not None and person.is_confirmed(at)

    def unconfirmed(self, at: float) -> Iterator[Connection]:
        """The sockets of everybody whose rights count no more."""
        for person in self._people.values():
            if not person.is_confirmed(at):
                yield from person.connections

    def sessions(self) -> Mapping[int, frozenset[str]]:
        """By user id, the sessions of the sockets here: whose rights are to be read."""
        return {
            user: frozenset(connection.viewer.session for connection in person.connections if connection.viewer)
            for user, person in self._people.items()
        }

    def rights_read(self, user: int, rights: Rights, *, asked: frozenset[str], as_of: float) -> Change | None:
        """Takes in what a person may do, as of a monotonic moment; None where nobody of that name has a socket here.

        A session that was not among those `asked` about is not judged: its socket came meanwhile, and is asked about next.
        """
        person = self._people.get(user)
        if person is None:
            return None
        ended = asked - rights.sessions
        signed_out = tuple(one for one in person.connections if one.viewer is not None and one.viewer.session in ended)
        portfolios = {portfolio.id: portfolio for portfolio in rights.portfolios}
        change = Change(
            signed_out=signed_out,
            staying=tuple(one for one in person.connections if one not in signed_out),
            lost=frozenset(person.portfolios) - frozenset(portfolios),
            is_news=portfolios != person.portfolios,
        )
        person.portfolios = portfolios
        person.confirmed_at = max(person.confirmed_at, as_of)
        return change

    def _person(self, connection: Connection) -> _Person | None:
        return None if connection.viewer is None else self._people.get(connection.viewer.user)
