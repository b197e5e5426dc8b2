"""Asks an address as somebody, and says in one word what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, assert_never

from django.http import HttpResponseBase

from tests.security.least import Least, Rule
from tests.security.routes import Route
from tests.security.world import Holding, Who, World, undone
from tests.security.writes import heard_writes
from tickfolio.web import request_ids

NO_SUCH_ID = "00000000-0000-4000-8000-000000000000"
NO_SUCH_USER = "987654321"
SHORTEST_ID = 8
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class Outcome(StrEnum):
    """What came of it."""

    ALLOWED = "yes"
    SIGN_IN = "sign in"
    MISSING = "404"
    FORBIDDEN = "403"
    NO_METHOD = "405"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be told apart of an answer from outside."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def outcome(self) -> Outcome:
        """The answer in a word."""
        location = dict(self.headers).get("Location", "")
        match self.status:
            case HTTPStatus.UNAUTHORIZED:
                return Outcome.SIGN_IN
            case HTTPStatus.FOUND if location.startswith("/sign-in/?") or location == "/sign-in/":
                return Outcome.SIGN_IN
            case HTTPStatus.FORBIDDEN:
                return Outcome.FORBIDDEN
            case HTTPStatus.NOT_FOUND:
                return Outcome.MISSING
            case HTTPStatus.METHOD_NOT_ALLOWED:
                return Outcome.NO_METHOD
            case status if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return Outcome.ALLOWED
            case _:
                return Outcome.BROKEN

    @property
    def is_done(self) -> bool:
        """Whether a form did what it is for: it leads on, or answers with a document; a page again means it was refused."""
        return self.status in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.OK)

    def without(self, address: str, *ids: str) -> Answer:
        """The same, without the address and the ids that were asked for: answers about two ids can then be compared."""

        def plain(text: str) -> str:
            for each in (address, *ids):
                # A short number may be anything; where it is an id, it stands in the address.
                text = text.replace(each, "…") if len(each) > SHORTEST_ID else text
            return text

        headers = tuple((name, plain(value)) for name, value in self.headers if name != "Content-Length")
        return Answer(self.status, headers, plain(self.body.decode()).encode())


def ask(
    world: World,
    who: Who,
    method: str,
    address: str,
    form: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[Answer, bool]:
    """The answer, and whether it changed anything; what it changed is undone."""
    with undone():
        with heard_writes() as writes:
            response = _sent(world, who, method, address, form, dict(headers or {}))
            answer = Answer(response.status_code, _headers(response), _body(response))
        return answer, writes.are_any and world.state() != world.untouched


def expected(least: Least, who: Who) -> Outcome:
    """What a rule means for somebody."""
    match least:
        case Least.ANYBODY | Least.QUOTES | Least.MACHINE:
            return Outcome.ALLOWED
        case Least.OPERATOR:
            if who is Who.ANONYMOUS:
                return Outcome.SIGN_IN
            return Outcome.ALLOWED if who is Who.OPERATOR else Outcome.MISSING
        case Least.SIGNED_IN:
            return Outcome.SIGN_IN if who is Who.ANONYMOUS else Outcome.ALLOWED
        case Least.THEIR_OWN:
            if who is Who.ANONYMOUS:
                return Outcome.SIGN_IN
            return Outcome.ALLOWED if who is Who.OWNER else Outcome.MISSING
        case Least.VIEWER | Least.EDITOR | Least.OWNER:
            if who is Who.ANONYMOUS:
                return Outcome.SIGN_IN
            if not who.is_member:
                return Outcome.MISSING
            roles = [Who.VIEWER, Who.EDITOR, Who.OWNER]
            return Outcome.ALLOWED if roles.index(who) >= roles.index(Who(least.value)) else Outcome.FORBIDDEN
        case _:
            assert_never(least)


def ids_of(world: World, rule: Rule, holding: Holding, who: Who) -> dict[str, str]:
    """What an address of that rule names, in a portfolio."""
    ids = world.ids(holding, who)
    own = {name: str(value) for name, value in rule.ids(world).items()}
    return {**ids, **own} if holding is world.alices else ids


def with_missing(ids: dict[str, str], *names: str) -> dict[str, str]:
    """The same, with ids in place of some that nobody ever had."""
    return {**ids, **{name: NO_SUCH_USER if name in ("user_id", "action_id") else NO_SUCH_ID for name in names}}


def sub_ids(route: Route) -> tuple[str, ...]:
    """What an address names below its portfolio; a figure's name is nobody's, corporate actions and symbols are everybody's."""
    return (
        tuple(name for name in route.parameters if name not in ("portfolio_id", "figure", "action_id", "symbol"))
        if is_portfolios(route)
        else ()
    )


def is_portfolios(route: Route) -> bool:
    """Whether an address is of a portfolio."""
    return "portfolio_id" in route.parameters


def _sent(
    world: World, who: Who, method: str, address: str, form: Mapping[str, Any] | None, headers: dict[str, str]
) -> HttpResponseBase:
    browser = world.client(who)
    if method == "POST":
        return browser.post(address, dict(form or {}), headers=headers)
    return browser.generic(method, address, headers=headers)


# A token against forged forms is another one at each answer, and so is a script's nonce.
_TOKENS = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=nonce=")[\w+/=-]+')


def _body(response: HttpResponseBase) -> bytes:
    parts = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return _TOKENS.sub(b"", parts)


def _headers(response: HttpResponseBase) -> tuple[tuple[str, str], ...]:
    # A request's id is drawn anew for each, and says nothing of what was asked for.
    told = {name: value for name, value in response.headers.items() if name != request_ids.HEADER}
    headers = {name: re.sub(r"'nonce-[\w+/=-]+'", "", value) for name, value in told.items()}
    # Not its value and the second in which it expires.
    kept = ("max-age", "path", "samesite", "secure", "httponly")
    cookies = {f"Set-Cookie {name}": str([cookie[part] for part in kept]) for name, cookie in response.cookies.items()}
    return tuple(sorted({**headers, **cookies}.items()))
