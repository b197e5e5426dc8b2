"""`tickfolio migrate`: Django's own, which backs up first and never initialises a database that should already exist."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tickfolio.errors import BackupFailed
from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.startup_checks import (
    has_pending_migrations,
    is_initialised,
    note_initialised,
    refuse_lost_database,
    refuse_newer_schema,
)
from tickfolio.services.backups import backup_before_migration


class Command(DjangoMigrate):
    """Looks before it leaps."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")
        parser.add_argument(
            "--no-backup",
            action="store_true",
            help="migrate without a backup, because there is one made by other means",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Backs up, migrates, and writes down that there is a database from now on.

        Raises:
            StartupRefused: the database is not the one that it should be.
            BackupFailed: it could not be backed up; it has not been touched.
        """
        connection = connections[options["database"]]
        if options["database"] != DEFAULT_DB_ALIAS or options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        refuse_lost_database(settings.TICKFOLIO_DATA, connection)
        refuse_newer_schema(connection)
        if _changes_something(connection, options) and not options["no_backup"]:
            self._back_up(verbosity=options["verbosity"])
        super().handle(*args, **options)
        note_initialised(settings.TICKFOLIO_DATA, connection)

    def _back_up(self, *, verbosity: int) -> None:
        try:
            made = backup_before_migration(at=SystemClock().now())
        except BackupFailed as problem:
            raise BackupFailed(
                f"Expected a backup before the migration, which was not begun. {problem} "
                "To migrate without one, because you have made one yourself, run `tickfolio migrate --no-backup`."
            ) from problem
        if verbosity:
            self.stdout.write(f"Backed up to {made.file}.")


def _changes_something(connection: BaseDatabaseWrapper, options: dict[str, Any]) -> bool:
    """Whether there is a database of ours already, and this command will do something to it."""
    return is_initialised(connection) and (bool(options["app_label"]) or has_pending_migrations(connection))
