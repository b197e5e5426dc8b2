"""People who lose a right while their pages are open: by signing out, a new password, a token, a share or a role that is taken."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.faults.deployment import PASSWORD, Deployment, Guest, seconds_until_right
from tests.faults.open_pages import OpenPage
from tests.servers.product import START_SECONDS
from tests.servers.roles import seconds_until
from tests.servers.visitor import Visitor
from tickfolio.live.wire.vocabulary import PORTFOLIO

ROLES = ("leaves", "changes", "revokes", "removed", "weaker")
ROUNDS = 3
"""How often it can be tried in one deployment: each time with others."""
NEW_PASSWORD = "a quite different one 7"  # of nobody


@dataclass(frozen=True, slots=True)
class Ending:
    """A right that somebody has, and how they lose it.

    Attributes:
        take: takes it away, at the second address.
        lost_at: when the page knew, by the monotonic clock; 0 while it does not.
    """

    name: str
    page: OpenPage
    take: Callable[[], object]
    lost_at: Callable[[], float]


class Guests:
    """Five people for each try, whom the portfolio is shared with, and those of them who have lost all of it."""

    def __init__(self) -> None:
        self._waiting = [[self._guest(number, role) for role in ROLES] for number in range(ROUNDS)]
        self.everybody = [guest for some in self._waiting for guest in some]
        self._narrowed: list[tuple[OpenPage, int]] = []
        self._stack = contextlib.ExitStack()

    def close(self) -> None:
        """Their pages leave."""
        self._stack.close()

    def opened(self, there: Deployment, owner: Visitor) -> list[Ending]:
        """A page for each of five more, which is right."""
        endings = list(self._endings(there, owner, self._waiting.pop()))
        seconds_until_right(there.market, [each.page for each in endings], most=START_SECONDS)
        return endings

    def check_that_nothing_more_was_told(self) -> None:
        """Of pages that stayed open: nothing of the portfolio came since it was taken from them."""
        for page, told in self._narrowed:
            assert page.ledger is not None
            assert not page.ended, page.ended
            assert page.client.portfolios[page.ledger.id].is_lost
            assert page.told[PORTFOLIO + page.ledger.id] == told, "frames came after the share was taken"

    # ---------- What ends ----------

    def _endings(self, there: Deployment, owner: Visitor, guests: list[Guest]) -> Iterator[Ending]:
        portfolio = there.ledger.id
        leaves, changes, revokes, removed, weaker = guests
        leaving, changing, other = (there.visitor(email) for email in (leaves.email, changes.email, changes.email))
        revoking = there.visitor(revokes.email)

        def opened(name: str, visitor: Visitor | None = None, token: str = "") -> OpenPage:
            return self._stack.enter_context(there.page(name, there.cut, visitor=visitor, token=token))

        def narrowed(page: OpenPage) -> float:
            if not page.access_at or portfolio in page.roles:
                return 0.0
            if all(page is not known for known, _ in self._narrowed):
                self._narrowed.append((page, page.told[PORTFOLIO + portfolio]))
            return page.access_at

        def ends(name: str, page: OpenPage, take: Callable[[], object]) -> Ending:
            return Ending(name, page, take, lambda: page.ended_at)

        yield ends("signing out", opened("signs out", leaving), lambda: submit(leaving, "/sign-out/", at="/"))
        passwords = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        yield ends(
            "a new password",
            opened("has a new password elsewhere", other),
            lambda: submit(changing, "/password/change/", **passwords),
        )
        revoke = f"/preferences/tokens/{revokes.token_id}/revoke/"
        yield ends("a revoked token", opened("token", token=revokes.token), lambda: submit(revoking, revoke))
        share = f"/portfolios/{portfolio}/members/{removed.id}/remove/"
        gone = opened("is removed", token=removed.token)
        yield Ending("a share that is taken", gone, lambda: submit(owner, share), lambda: narrowed(gone))
        role = f"/portfolios/{portfolio}/members/{weaker.id}/"
        less = opened("has a weaker role", token=weaker.token)
        yield Ending(
            "a weaker role",
            less,
            lambda: submit(owner, role, at=f"/portfolios/{portfolio}/members/", role="viewer"),
            lambda: less.access_at if less.roles.get(portfolio) == "viewer" else 0.0,
        )

    def _guest(self, number: int, role: str) -> Guest:
        return Guest(f"{role.replace(' ', '.')}.{number}@example.org", "editor" if role == "weaker" else "viewer")


def lost(endings: list[Ending], *, most: float) -> dict[str, float]:
    """Takes each right, and waits until each page knows: for how long it did not. An AssertionError names one that went on."""
    taken: dict[str, float] = {}
    for each in endings:
        taken[each.name] = time.monotonic()
        each.take()
    for each in endings:
        with contextlib.suppress(AssertionError):  # it is said with its name
            seconds_until(each.lost_at, most=max(0.0, taken[each.name] + most - time.monotonic()))
        took = each.lost_at() - taken[each.name]
        assert 0 < took <= most, f"{each.name}: {most} s later the page went on"
    return {each.name: each.lost_at() - taken[each.name] for each in endings}


def submit(visitor: Visitor, path: str, *, at: str = "", **values: str) -> None:
    """Sends the form of that action, from the page where it stands."""
    visitor.send(path, visitor.form(at or path, action=path) | values)
