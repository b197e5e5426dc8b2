"""The instance that a command is for: looked at before the command does anything, and taken for what it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tickfolio.errors import StartupRefused
from tickfolio.persistence.selectors.market import instance_is_replay
from tickfolio.runtime import startup_checks


class InstanceCommand(BaseCommand):
    """A command that reads or changes an instance that is there. It ends with 2 where there is none that it may touch."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Opens the instance, and does the rest as every command does."""
        try:
            kind = _kind()
        except StartupRefused as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        with _taken_for(is_replay=kind):
            return super().execute(*args, **options)


def _kind() -> bool:
    """Whether the instance is a replay: as its first start wrote down, whatever this shell's variables leave out.

    Raises:
        StartupRefused: the database is lost or of another version, or the variables say outright that it is the other kind.
    """
    configured: bool = settings.TICKFOLIO_IS_REPLAY
    startup_checks.refuse_lost_database(settings.TICKFOLIO_DATA, connection)
    startup_checks.refuse_pending_migrations(connection)
    declared = instance_is_replay()
    if declared is None:  # it has been migrated and never been started
        return configured
    if settings.TICKFOLIO_KIND_IS_NAMED:
        startup_checks.refuse_other_kind(declared=declared, configured=configured)
    return declared


@contextmanager
def _taken_for(*, is_replay: bool) -> Iterator[None]:
    """The setting follows for as long as the command runs: figures are of a replay's market, or of the feeds' prices."""
    configured = settings.TICKFOLIO_IS_REPLAY
    settings.TICKFOLIO_IS_REPLAY = is_replay
    try:
        yield
    finally:
        settings.TICKFOLIO_IS_REPLAY = configured
