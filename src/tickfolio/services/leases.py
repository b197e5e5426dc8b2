"""Leases: work that one process does at a time, and which another takes over when it dies.

All moments are the database's, so the clocks of machines need not agree. A process that was frozen does not know that its
lease is over. What it writes under `under_lease` is refused all the same: the token is looked at in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Greatest, Now

from tickfolio.errors import LeaseLost
from tickfolio.persistence.frozen import end_if_frozen
from tickfolio.persistence.models import Lease

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@transaction.atomic
def lease_take(*, name: str, holder: str, seconds: float, above: int = 0) -> int | None:
    """Takes a lease that nobody has, or nobody has renewed in time; its token, or None where another process has it.

    Args:
        holder: the process that asks, for people.
        above: the token becomes a higher one than this, too.
    """
    Lease.objects.get_or_create(name=name, defaults={"token": 0, "holder": "", "expires_at": LONG_AGO})
    taken = Lease.objects.filter(name=name, expires_at__lte=Now()).update(
        token=Greatest(F("token"), Value(above)) + 1, holder=holder, expires_at=_in(seconds)
    )
    return Lease.objects.values_list("token", flat=True).get(name=name) if taken else None


@transaction.atomic
def lease_renew(*, name: str, token: int, seconds: float) -> bool:
    """Keeps a lease for `seconds` from now; False where another process has taken it."""
    return bool(Lease.objects.filter(name=name, token=token).update(expires_at=_in(seconds)))


@transaction.atomic
def lease_release(*, name: str, token: int) -> None:
    """Gives a lease back, so that another process need not wait until it is over."""
    Lease.objects.filter(name=name, token=token).update(expires_at=LONG_AGO)


def lease_holder(*, name: str) -> str:
    """Which process has the lease, or had it last; empty where none has."""
    return Lease.objects.filter(name=name).values_list("holder", flat=True).first() or ""


def under_lease[**P, T](call: Callable[P, T], *, name: str, token: int) -> Callable[P, T]:
    """`call`, in one transaction with the proof that the lease is still this token's. It raises `LeaseLost` where it is not."""

    @wraps(call)
    def fenced(*args: P.args, **kwargs: P.kwargs) -> T:
        with transaction.atomic():
            _hold(name, token)
            return call(*args, **kwargs)

    return fenced


def _hold(name: str, token: int) -> None:
    """Nobody can take the lease before this transaction is over."""
    end_if_frozen()
    if not Lease.objects.select_for_update().filter(name=name, token=token).exists():
        raise LeaseLost(f"Expected to hold the lease {name!r} with token {token}; another process has taken it.")


def _in(seconds: float) -> ExpressionWrapper[CombinedExpression]:
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())
