"""Tokens for programs: made, listed and revoked by the person whose they are; and whose a token is, for who opens a socket.

A token lets read what its person may read over the socket, and opens no page. Only its digest is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import ApiToken, User
from tickfolio.identity.signals import sessions_ended
from tickfolio.persistence.tenancy import Person
from tickfolio.words import phrase

PREFIX = "tkf_"
"""What every token begins with, so that whoever finds one knows what it is."""
RANDOM_BYTES = 24
SHOWN_CHARACTERS = 10
MAX_TOKENS = 20
MAX_NAME_LENGTH = 80
EXPIRES_AFTER_DAYS = (30, 90, 365)
"""What may be chosen; or never."""
KEPT_ENDED = timedelta(days=30)
"""So long after a token has ended its row stays."""
USED_AGAIN = timedelta(minutes=1)
"""A use is written down where the last one that was is older than this."""
_SESSION = "token:"


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token that stands; moments are of the real clock, in UTC."""

    id: str
    name: str
    beginning: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was made, with its text, which nobody can learn later."""

    view: TokenView
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whose a token is. Towards the engine it counts as a session of theirs, under the name `session`."""

    user_id: int
    session: str


# ---------- The person's own ----------


def tokens_of(*, actor: Person) -> tuple[TokenView, ...]:
    """The tokens of a person that stand, newest first."""
    return tuple(_view(row) for row in _standing().filter(user=actor.user_id).order_by("-created_at", "pk"))


def token_view(*, actor: Person, token_id: str) -> TokenView:
    """One of them.

    Raises:
        NotFound: the person has none of that id that stands.
    """
    return _view(_row(_standing().filter(user=actor.user_id), token_id))


def token_make(*, actor: Person, name: str, days: int | None) -> NewToken:
    """A new token, which ends after so many days, or never.

    Raises:
        InvalidDraft: no name or one too long, days that are not offered, or one token too many.
    """
    wanted = name.strip()
    if not 0 < len(wanted) <= MAX_NAME_LENGTH:
        raise InvalidDraft({"name": _name_error(wanted)})
    if days is not None and days not in EXPIRES_AFTER_DAYS:
        offered = ", ".join(map(str, EXPIRES_AFTER_DAYS))
        raise InvalidDraft({"days": phrase("Expected one of {offered}, was {found}.", offered=offered, found=days)})
    now = timezone.now()
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    with transaction.atomic():
        # One after the other, or two at once would pass the limit.
        user = User.objects.select_for_update().get(pk=actor.user_id)
        if _standing().filter(user=user).count() >= MAX_TOKENS:
            raise InvalidDraft({"name": phrase("Expected at most {most} tokens. Revoke one first.", most=MAX_TOKENS)})
        over = now - KEPT_ENDED
        ApiToken.objects.filter(Q(revoked_at__lt=over) | Q(expires_at__lt=over), user=user).delete()
        row = ApiToken.objects.create(
            user=user,
            name=wanted,
            digest=_digest(text),
            beginning=text[:SHOWN_CHARACTERS],
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
        )
    return NewToken(_view(row), text)


def token_revoke(*, actor: Person, token_id: str) -> TokenView:
    """Ends a token at once; the sockets that were opened with it are told after the commit.

    Raises:
        NotFound: the person has none of that id that stands.
    """
    with transaction.atomic():
        row = _row(_standing().filter(user=actor.user_id).select_for_update(), token_id)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        sessions_ended.send(sender=User, user_id=actor.user_id)
    return _view(row)


def revoke_all(user: User) -> None:
    """Ends all tokens of somebody. To be called in a transaction, which also tells the sockets."""
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


# ---------- Who is behind one ----------


def token_holder(text: str) -> TokenHolder | None:
    """Whose a token is, and notes that it was used; None where it is unknown or ended, or its person is not active."""
    row = _standing().filter(digest=_digest(text), user__is_active=True).first()
    if row is None:
        return None
    _note_use(row)
    return TokenHolder(row.user_id, _SESSION + str(row.pk))


def is_token_session(session: str) -> bool:
    """Whether what the engine calls a session is a token."""
    return session.startswith(_SESSION)


def standing_tokens(sessions: Collection[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """Those among some tokens, given as session and user, that still stand; one question however many, none for none."""
    ids = {session.removeprefix(_SESSION) for session, _ in sessions}
    if not ids:
        return frozenset()
    rows = _standing().filter(pk__in=ids, user__is_active=True).values_list("pk", "user")
    return frozenset((_SESSION + str(pk), user) for pk, user in rows) & frozenset(sessions)


def _standing() -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


def _note_use(row: ApiToken) -> None:
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at <= now - USED_AGAIN:
        # A database that somebody else writes to for long keeps nobody from reading.
        with suppress(OperationalError):
            ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(rows: QuerySet[ApiToken], token_id: str) -> ApiToken:
    with suppress(ValueError):
        row = rows.filter(pk=UUID(token_id)).first()
        if row is not None:
            return row
    raise NotFound(phrase("Expected a token of yours, found none of that address."))


def _name_error(name: str) -> str:
    if not name:
        return phrase("Expected a name, such as that of the program; the field is empty.")
    return phrase("Expected at most {most} characters, was {said}.", most=MAX_NAME_LENGTH, said=len(name))


def _view(row: ApiToken) -> TokenView:
    return TokenView(
        id=str(row.pk),
        name=row.name,
        beginning=row.beginning,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
    )
