"""The user, and the tokens of programs. The user is our own model from the first migration on: it cannot be exchanged later."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import connections, models, router, transaction
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    _EmailField = models.EmailField[str, str]
else:
    _EmailField = models.EmailField


class Locale(models.TextChoices):
    """How numbers and dates are written."""

    ENGLISH = "en", "English"
    GERMAN = "de", "German"


class Language(models.TextChoices):
    """What the pages are written in. Each calls itself by its own name."""

    BROWSER = "", "As the browser"
    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"


class Theme(models.TextChoices):
    """The colours of the pages."""

    SYSTEM = "", "As the system"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class SmallLettersEmailField(_EmailField):
    """An e-mail address in small letters, in the table and in every question to it: nobody has two accounts by a capital."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared


class UserManager(BaseUserManager["User"]):
    """Makes users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **columns: Any) -> User:
        """A user; without a password nobody can sign in as them until a reset link has set one."""
        user = self.model(email=email.strip().lower(), **columns)
        user.set_password(password)
        self.save_new(user)
        return user

    def save_new(self, user: User) -> None:
        """Saves somebody new; who comes first is the operator of the instance. The demo's owner is nobody in this."""
        with transaction.atomic(using=self._writer):
            user.is_staff = user.is_staff or (not user.is_demo_owner and self._is_empty())
            user.save(using=self._writer)

    def _is_empty(self) -> bool:
        """Whether nobody has an account yet. If so, others who come first as well wait until the transaction ends."""
        if self._people().exists():
            return False
        connection = connections[self._writer]
        if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(self.model._meta.db_table)
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        return not self._people().exists()

    def _people(self) -> models.QuerySet[User]:
        return self.using(self._writer).filter(is_demo_owner=False)

    @property
    def _writer(self) -> str:
        return self._db or router.db_for_write(self.model)


class User(AbstractUser):
    """A person, known by an e-mail address, with what they prefer.

    Attributes:
        holdings_view: which columns of holdings they see and how they are arranged, as services/holdings_view.py writes it;
            empty until they choose.
        session_version: counted up by whatever ends a person's other sessions: a new password, a sign-out everywhere, a
            deactivation. It is part of what a session is checked against.
        is_staff: they are an operator of this instance, who sees how the feeds do.
        is_demo_owner: whom the demo's visitors may become with one click; at most one.
    """

    username = None  # type: ignore[assignment]  # Django's way to leave an inherited column out
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = SmallLettersEmailField("e-mail address", unique=True)
    base_currency = models.CharField(max_length=3, default="EUR")
    locale = models.CharField(max_length=10, choices=Locale.choices, default=Locale.ENGLISH)
    language = models.CharField(max_length=10, choices=Language.choices, default=Language.BROWSER, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.SYSTEM, blank=True)
    holdings_view = models.CharField(max_length=1000, blank=True, default="")
    session_version = models.PositiveIntegerField(default=1)
    is_demo_owner = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]  # Django's own makes users by their user name

    class Meta(AbstractUser.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["is_demo_owner"], condition=models.Q(is_demo_owner=True), name="one_demo_owner"
            ),
        )

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session keeps of its user: the password's hash, as in Django, and the session version.

        Django asks this method with the key in use and, after the key was changed, with the ones before.
        """
        return salted_hmac(
            "tickfolio.identity.session", f"{self.session_version}:{self.password}", secret=secret, algorithm="sha256"
        ).hexdigest()


class ApiToken(models.Model):
    """What a program of somebody signs in with, to read. The token itself is kept nowhere.

    Attributes:
        digest: SHA-256 of the token. It needs no slow hash: the token is random, and too long to be guessed.
        beginning: its first characters, by which the person tells it from others.
        last_used_at: when a socket was last opened with it, to the minute.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.beginning
