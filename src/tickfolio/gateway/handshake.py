"""Who may open a socket: Host and Origin, checked before anything else. Channels checks neither.

**Source**: docs/reference/live-protocol.md, section Handshake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

type Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a handshake is refused, as a stable code and a sentence."""

    code: str
    message: str
    status: int = 403


def judge_handshake(
    headers: Headers, *, allowed_hosts: Iterable[str], allowed_origins: Iterable[str]
) -> Refusal | None:
    """None when the handshake may go on.

    A wrong Origin is refused, cookie or not. No Origin is a program: allowed, unless it sends a cookie, which only a
    browser has and which would then act for a person without saying from which page. A token together with a cookie is
    refused, because it is not for the server to choose who of two somebody is.
    """
    values = _by_name(headers)
    if not _is_allowed_host(values.get("host", []), allowed_hosts):
        return Refusal("wrong_host", "Expected a Host that this server answers to.", status=400)
    tokens = _bearers(values.get("authorization", []))
    if len(tokens) > 1 or (tokens and "cookie" in values):
        return Refusal("ambiguous_token", "Expected one token and no cookie beside it.", status=400)
    origins = values.get("origin", [])
    if not origins:
        if "cookie" in values:
            return Refusal("origin_missing", "Expected an Origin with a cookie, found none.")
        return None
    if len(origins) > 1 or not _is_allowed_origin(origins[0], allowed_origins):
        return Refusal("wrong_origin", "Expected an Origin that this server allows.")
    return None


def bearer_token(headers: Headers) -> str | None:
    """The token in the handshake's Authorization header; None where there is none, or it holds what is a proxy's."""
    return next(iter(_bearers(header_values(headers, "authorization"))), None)


def session_key(headers: Headers, *, cookie_name: str) -> str | None:
    """The session that the handshake's cookie names, or None where there is no such cookie."""
    cookies = header_values(headers, "cookie")
    return (parse_cookie("; ".join(cookies)).get(cookie_name) or None) if cookies else None


def header_values(headers: Headers, name: str) -> list[str]:
    """What the headers of that name say, in their order."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for given, value in headers if given.lower() == wanted]


def _by_name(headers: Headers) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return values


def _bearers(authorizations: list[str]) -> list[str]:
    """Of other schemes nothing is known here: a browser behind a proxy with a password sends one with every request."""
    given = [value.strip().partition(" ") for value in authorizations]
    return [token.strip() for scheme, _, token in given if scheme.lower() == "bearer"]


def _is_allowed_host(hosts: list[str], allowed_hosts: Iterable[str]) -> bool:
    if len(hosts) != 1:
        return False
    domain, _port = split_domain_port(hosts[0])
    return bool(domain) and validate_host(domain, allowed_hosts)


def _is_allowed_origin(origin: str, allowed_origins: Iterable[str]) -> bool:
    """Exact scheme, host and port; scheme and host know no case."""
    return origin.lower() in {allowed.lower() for allowed in allowed_origins}
