"""THE RULES: who may do what. Read by people, pinned on purpose, and derived from nothing in the product.

An address, a socket message or a service without a rule here fails the tests, and so does a rule that nothing needs any more.
Each is tried as each kind of person on real rows (tests/security/world.py); `pytest -s tests/security` prints what came out.

A rule names the least that somebody must be:

* ANYBODY    everybody, also who is not signed in; such addresses are pinned once more in `PUBLIC`
* QUOTES     everybody where the operator shows quotes to visitors, else who is signed in
* SIGNED_IN  who is signed in, about themselves only
* VIEWER, EDITOR, OWNER  a member of the portfolio with at least this role

What follows: who is not signed in is led to sign in (or told so, where data is asked for); for another user and for somebody
who was a member once, the portfolio is not there, and the answer is the very one that an id gets that never existed; a member
whose role is too weak is told that. Nobody who is refused changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.identity.cast import PASSWORD
from tests.security.world import World, reset_parts, unconfirmed_key


class Least(Enum):
    """The least that somebody must be."""

    ANYBODY = "anybody"
    QUOTES = "quotes"
    SIGNED_IN = "signed in"
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"


ANYBODY, QUOTES, SIGNED_IN = Least.ANYBODY, Least.QUOTES, Least.SIGNED_IN
VIEWER, EDITOR, OWNER = Least.VIEWER, Least.EDITOR, Least.OWNER
type Form = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may read an address and who may post to it; a method without a rule does not exist.

    Attributes:
        form: what is posted, so that it does what it is for.
        ids: parameters of the address other than the portfolio's usual ones.
        references: fields of the form that name something by its id: another's is refused as one that is not there.
        own: the least where `user_id` is one's own: to leave, one need not be an owner.
    """

    get: Least | None = None
    post: Least | None = None
    form: Form = field(default=lambda _world: {})
    ids: Form = field(default=lambda _world: {})
    references: tuple[str, ...] = ()
    own: Least | None = None


def _fixed(**fields: Any) -> Form:
    return lambda _world: fields


def _purchase(world: World) -> Mapping[str, Any]:
    return {
        "type": "buy",
        "key": "6f0c0d35-9d44-4f2c-8a54-2c1f7f0a9b11",
        "version": "1",
        "symbol": "AAPL",
        "account_id": world.alices.account,
        "day": "2011-03-02",
        "quantity": "1",
        "price": "350.00",
    }


def _deposit(world: World) -> Mapping[str, Any]:
    common = {"type": "deposit", "version": "1", "account_id": world.alices.account, "currency": "USD"}
    return {**common, "day": "2011-03-01", "amount": "9100.00"}


_NEW_PASSWORD = "a quite different one 7"  # of nobody
_TWICE = {"password1": _NEW_PASSWORD, "password2": _NEW_PASSWORD}
_PORTFOLIO = "portfolios/<uuid:portfolio_id>/"

ADDRESSES: dict[str, Rule] = {
    # ---------- Whether the server lives ----------
    "healthz": Rule(get=ANYBODY),
    "readyz": Rule(get=ANYBODY),
    # ---------- Signing in ----------
    "sign-in/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(login="hugo@example.org", password=PASSWORD)),
    "sign-in/inactive/": Rule(get=ANYBODY),
    "sign-up/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(email="new@example.org", password1=PASSWORD)),
    "sign-out/": Rule(get=ANYBODY, post=ANYBODY),
    "sign-out/everywhere/": Rule(post=SIGNED_IN),
    "e-mail/confirm/": Rule(get=ANYBODY),
    "^e-mail/confirm/(?P<key>[-:\\w]+)/$": Rule(
        get=ANYBODY, post=ANYBODY, ids=lambda _world: {"key": unconfirmed_key()}
    ),
    "password/change/": Rule(get=SIGNED_IN, post=SIGNED_IN, form=_fixed(oldpassword=PASSWORD, **_TWICE)),
    "password/reset/": Rule(get=ANYBODY, post=ANYBODY, form=_fixed(email="hugo@example.org")),
    "password/reset/done/": Rule(get=ANYBODY),
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Rule(
        get=ANYBODY, post=ANYBODY, form=_fixed(**_TWICE), ids=lambda _world: reset_parts()
    ),
    "password/reset/key/done/": Rule(get=ANYBODY),
    "demo/sign-in/": Rule(post=ANYBODY),
    # ---------- The market ----------
    "stocks/": Rule(get=QUOTES),
    "stocks/<path:symbol>/today.json": Rule(get=QUOTES, ids=_fixed(symbol="AAPL")),
    "market-hours.json": Rule(get=QUOTES),
    # ---------- One's own ----------
    "": Rule(get=ANYBODY),
    "preferences/": Rule(
        get=SIGNED_IN,
        post=SIGNED_IN,
        form=_fixed(base_currency="EUR", locale="de", time_zone="Europe/Berlin", theme="dark"),
    ),
    "preferences/theme/": Rule(post=SIGNED_IN, form=_fixed(theme="dark")),
    "portfolios/new/": Rule(
        get=SIGNED_IN,
        post=SIGNED_IN,
        form=_fixed(
            name="Another",
            base_currency="EUR",
            account_name="Broker",
            account_currency="EUR",
            key="0b6a4f2e-5a0b-4e0c-9a1d-7f3f5b7d2c10",
        ),
    ),
    "suggest/price.json": Rule(get=SIGNED_IN),
    "suggest/rate.json": Rule(get=SIGNED_IN),
    # ---------- A portfolio ----------
    _PORTFOLIO: Rule(get=VIEWER),
    f"{_PORTFOLIO}today.json": Rule(get=VIEWER),
    f"{_PORTFOLIO}sparks.json": Rule(get=VIEWER),
    f"{_PORTFOLIO}instruments.json": Rule(get=VIEWER),
    f"{_PORTFOLIO}settings/": Rule(get=VIEWER, post=OWNER, form=_fixed(name="Renamed", base_currency="USD")),
    f"{_PORTFOLIO}delete/": Rule(get=OWNER, post=OWNER, form=_fixed(name="Alice’s")),
    f"{_PORTFOLIO}accounts/new/": Rule(get=EDITOR, post=EDITOR, form=_fixed(name="Second", currency="EUR")),
    f"{_PORTFOLIO}accounts/<uuid:account_id>/": Rule(
        get=EDITOR, post=EDITOR, form=_fixed(name="Renamed", currency="USD")
    ),
    f"{_PORTFOLIO}accounts/<uuid:account_id>/delete/": Rule(
        post=EDITOR, ids=lambda world: {"account_id": world.alices.empty_account}
    ),
    f"{_PORTFOLIO}members/": Rule(get=VIEWER, post=OWNER, form=_fixed(email="hugo@example.org", role="viewer")),
    f"{_PORTFOLIO}members/<int:user_id>/": Rule(post=OWNER, form=_fixed(role="editor")),
    f"{_PORTFOLIO}members/<int:user_id>/remove/": Rule(get=OWNER, post=OWNER, own=VIEWER),
    f"{_PORTFOLIO}transactions/": Rule(get=VIEWER),
    f"{_PORTFOLIO}transactions/new/": Rule(get=EDITOR, post=EDITOR, form=_purchase, references=("account_id",)),
    f"{_PORTFOLIO}transactions/<uuid:transaction_id>/": Rule(
        get=VIEWER, post=EDITOR, form=_deposit, references=("account_id",)
    ),
    f"{_PORTFOLIO}transactions/<uuid:transaction_id>/delete/": Rule(get=EDITOR, post=EDITOR, form=_fixed(version="1")),
}

PUBLIC = {
    "",
    "healthz",
    "readyz",
    "sign-in/",
    "sign-in/inactive/",
    "sign-up/",
    "sign-out/",
    "e-mail/confirm/",
    "^e-mail/confirm/(?P<key>[-:\\w]+)/$",
    "password/reset/",
    "password/reset/done/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "password/reset/key/done/",
    "demo/sign-in/",
    "stocks/",
    "stocks/<path:symbol>/today.json",
    "market-hours.json",
}
"""Every address that answers to whoever asks."""
