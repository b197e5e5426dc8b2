"""A request that is sent twice with one key is done once, and answered alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from tickfolio.errors import InvalidValue, KeyReused
from tickfolio.persistence.models import IdempotencyKey
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.runtime.clocks import SystemClock
from tickfolio.words import phrase

MAX_KEY_LENGTH = 100
RETENTION = timedelta(days=7)

type Answer = dict[str, str | int]
"""What is kept of an answer: ids and versions, from which the whole is read again. They name facts, so it reads alike."""


def once(*, actor: Actor, key: str | None, request: Mapping[str, object], work: Callable[[], Answer]) -> Answer:
    """What `work` answers; where this person sent `key` with the same request before, what was answered then.

    To be called within the database transaction of the work, so that both are kept or neither. Of two at once the second
    waits for the first.

    Args:
        request: all that the answer depends on; values are told apart by their `repr`.

    Raises:
        KeyReused: the key came with another request before.
        InvalidValue: it is no key, or a key without a person.
    """
    if key is None:
        return work()
    if not isinstance(actor, Person) or not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidValue(
            phrase(
                "Expected an idempotency key of 1 to {max_key_length} characters from a person, was {key}.",
                max_key_length=MAX_KEY_LENGTH,
                key=repr(key[:20]),
            )
        )
    mine = IdempotencyKey(user_id=actor.user_id, key=key, request_hash=_digest(request), created_at=SystemClock().now())
    keys = IdempotencyKey.objects.for_actor(actor)
    # Waits for a transaction that is about to insert the same key, then does nothing if that one was committed.
    keys.bulk_create([mine], ignore_conflicts=True)
    kept = keys.get(key=key)
    if kept.pk == mine.pk:
        return _done(mine, actor=actor, work=work)
    if kept.request_hash != mine.request_hash:
        raise KeyReused(
            phrase(
                "Expected the request that this idempotency key came with first, was another one. Send a new key with it."
            )
        )
    answer: Answer = kept.response
    return answer


def _done(mine: IdempotencyKey, *, actor: Person, work: Callable[[], Answer]) -> Answer:
    answer = work()
    keys = IdempotencyKey.objects.for_actor(actor)
    keys.filter(pk=mine.pk).update(response=answer)
    keys.filter(created_at__lt=mine.created_at - RETENTION).delete()
    return answer


def _digest(request: Mapping[str, object]) -> str:
    text = json.dumps({name: repr(value) for name, value in request.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
