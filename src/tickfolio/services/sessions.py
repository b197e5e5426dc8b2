"""Sessions: which are still good, for those who hold a socket open on the strength of one; and what ends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from tickfolio.identity.models import User
from tickfolio.identity.signals import sessions_ended
from tickfolio.runtime import wake


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session a key opens.

    Attributes:
        version: the user's session version now; it grows with all that ends other sessions.
        expires_at: real clock, UTC.
    """

    session_key: str
    user_id: int
    version: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionState:
    """Whether a session may still be acted on. `version` is that of its user now, 0 where there is no such user."""

    is_valid: bool
    version: int


ENDED = SessionState(is_valid=False, version=0)


def signed_in_by(session_key: str | None) -> SignedIn | None:
    """Who is signed in by a session; None where it is missing, expired or ended, or its user is not active."""
    if not session_key:
        return None
    row = Session.objects.filter(session_key=session_key, expire_date__gt=timezone.now()).first()
    if row is None:
        return None
    kept = row.get_decoded()
    user_id = _user_id(kept)
    user = None if user_id is None else User.objects.filter(pk=user_id).first()
    if user is None or not _fits(kept, user):
        return None
    return SignedIn(session_key, user_id=user.pk, version=user.session_version, expires_at=row.expire_date)


def session_state(session_key: str, user_id: int) -> SessionState:
    """Whether this user's session may still be acted on."""
    return session_states([(session_key, user_id)])[session_key, user_id]


def session_states(sessions: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], SessionState]:
    """The same of many sessions, given as key and user, in two questions to the database."""
    keys, user_ids = {key for key, _ in sessions}, {user_id for _, user_id in sessions}
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    kept = {row.session_key: row.get_decoded() for row in rows}
    users = User.objects.in_bulk(user_ids)
    return {(key, user_id): _state(kept.get(key), users.get(user_id)) for key, user_id in sessions}


def sign_out_everywhere(*, user_id: int) -> None:
    """Ends all sessions of a user; open sockets are told after the commit."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        end_sessions(user)


def end_sessions(user: User) -> None:
    """Counts the version up, so that no session fits it any more, and saves the user. To be called in a transaction."""
    user.session_version += 1
    user.save()
    sessions_ended.send(sender=User, user_id=user.pk)


def connect() -> None:
    """Receives what happens to sessions; called once a process, by `config`."""
    sessions_ended.connect(_tell_sockets, dispatch_uid="tickfolio.sessions_ended")
    user_logged_in.connect(_sweep, dispatch_uid="tickfolio.sessions_sweep")


def _state(kept: dict[str, Any] | None, user: User | None) -> SessionState:
    if user is None:
        return ENDED
    return SessionState(is_valid=kept is not None and _fits(kept, user), version=user.session_version)


def _user_id(kept: dict[str, Any]) -> int | None:
    user_id = kept.get(SESSION_KEY)
    return int(user_id) if isinstance(user_id, str) and user_id.isdecimal() else None


def _fits(kept: dict[str, Any], user: User) -> bool:
    """Whether what a session keeps is of this user as they are now: active, same password, same version."""
    if not user.is_active or _user_id(kept) != user.pk:
        return False
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(str(kept.get(HASH_SESSION_KEY, "")), good) for good in hashes)


def _tell_sockets(*, user_id: int, **_signal: Any) -> None:
    # What is committed is answered as such, whatever becomes of the wake-up.
    transaction.on_commit(partial(wake.access_changed, user_id), robust=True)


def _sweep(**_signal: Any) -> None:
    """Expired sessions go when somebody signs in: nothing else would remove them."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
