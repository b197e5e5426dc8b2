"""`tickfolio migrate`: Django's own, which never initialises a database that should already exist."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from tickfolio.errors import StartupRefused
from tickfolio.runtime.startup_checks import note_initialised, refuse_lost_database, refuse_newer_schema


class Command(DjangoMigrate):
    """Looks before it leaps."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates, and writes down that there is a database from now on."""
        connection = connections[options["database"]]
        try:
            refuse_lost_database(settings.TICKFOLIO_DATA, connection)
            refuse_newer_schema(connection)
        except StartupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        super().handle(*args, **options)
        note_initialised(settings.TICKFOLIO_DATA)
