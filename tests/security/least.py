"""What a rule is: the least that somebody must be, and what is asked to try it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.security.world import World


class Least(Enum):
    """The least that somebody must be."""

    ANYBODY = "anybody"
    QUOTES = "quotes"
    SIGNED_IN = "signed in"
    THEIR_OWN = "whose it is"
    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"
    OPERATOR = "operator"
    MACHINE = "this machine"


ANYBODY, QUOTES, SIGNED_IN, THEIR_OWN = Least.ANYBODY, Least.QUOTES, Least.SIGNED_IN, Least.THEIR_OWN
VIEWER, EDITOR, OWNER = Least.VIEWER, Least.EDITOR, Least.OWNER
OPERATOR, MACHINE = Least.OPERATOR, Least.MACHINE
type Form = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may read an address and who may post to it; a method without a rule does not exist.

    Attributes:
        form: what is posted, so that it does what it is for.
        ids: parameters of the address other than the portfolio's usual ones.
        references: fields of the form that name something by its id: another's is refused as one that is not there.
        own: the least where `user_id` is one's own: to leave, one need not be an owner.
        writes: whether a post changes what is stored, and not only what the process does.
    """

    get: Least | None = None
    post: Least | None = None
    form: Form = field(default=lambda _world: {})
    ids: Form = field(default=lambda _world: {})
    references: tuple[str, ...] = ()
    own: Least | None = None
    writes: bool = True


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """Who may call a service, and with what besides the actor and the portfolio.

    Attributes:
        asks: the operation that it asks permission for; were that kept to owners, everybody else would be refused.
        names: parameters that name something below the portfolio, as an address does.
        own: the least where `user_id` is one's own.
    """

    least: Least
    asks: str = ""
    arguments: Callable[[World], Mapping[str, Any]] = field(default=lambda _world: {})
    names: tuple[str, ...] = ()
    own: Least | None = None
