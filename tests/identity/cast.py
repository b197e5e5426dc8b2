"""People that tests know by name: Alice owns, Bob may view, Charlie must see nothing."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from tickfolio.identity.models import User

PASSWORD = "correct horse battery staple"


def person(name: str, *, password: str | None = PASSWORD, **columns: Any) -> User:
    """A user at example.org whose address is confirmed."""
    user = User.objects.create_user(f"{name}@example.org", password, **columns)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
