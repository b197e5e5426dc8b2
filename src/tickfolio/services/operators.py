"""The operator of an instance: who may see how it runs. Whoever has the command line decides who that is."""

from __future__ import annotations

from django.db import transaction

from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.identity.models import User
from tickfolio.persistence.tenancy import Actor, Person
from tickfolio.words import phrase


def require_operator(*, actor: Person) -> None:
    """Lets operators pass; for everybody else what is theirs is not there. One query.

    Raises:
        NotFound: the actor is no operator, or is deactivated.
    """
    if not User.objects.filter(pk=actor.user_id, is_staff=True, is_active=True).exists():
        raise NotFound(phrase("Expected something that is there and yours to see, found none at this address."))


def require_operator_or_console(*, actor: Actor) -> None:
    """Lets operators pass and whoever has the command line; raises as `require_operator` for everybody else."""
    if isinstance(actor, Person):
        require_operator(actor=actor)


@transaction.atomic
def operator_make(*, email: str) -> str:
    """Makes somebody an operator; their address as it is kept. One who is stays one.

    Raises:
        NotFound: nobody has that address.
        InvalidDraft: it is the owner of the demo, whom every visitor may become.
    """
    user = _by_email(email)
    if user.is_demo_owner:
        raise InvalidDraft(
            {
                "email": phrase(
                    "Expected a person, was {email}, the owner of the demo, whom anybody may become.", email=user.email
                )
            }
        )
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user.email


@transaction.atomic
def operator_unmake(*, email: str) -> tuple[str, int]:
    """Makes somebody an operator no longer; their address, and how many operators are left. The last one may go too.

    Raises:
        NotFound: nobody has that address.
    """
    user = _by_email(email)
    user.is_staff = False
    user.save(update_fields=["is_staff"])
    return user.email, User.objects.filter(is_staff=True, is_active=True).count()


def _by_email(email: str) -> User:
    user = User.objects.select_for_update().filter(email=email.strip()).first()
    if user is None:
        raise NotFound(phrase("Expected somebody who has an account here, was {email}.", email=repr(email[:80])))
    return user
