"""`tickfolio restore FILE`: the instance as a backup has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tickfolio.runtime.clocks import SystemClock
from tickfolio.runtime.data_lock import hold_data_dir
from tickfolio.services.backups import backup_restore


class Command(BaseCommand):
    """Puts a backup in the place of the database."""

    help = (
        "Puts the database of a backup in the place of the present one, in one step: an interrupted restore leaves the old "
        "one or the new one. Tickfolio must not be running. Everybody is signed out."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `tickfolio backup` made")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace the database that is there, which is kept under another name",
        )
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")

    def handle(self, *_args: Any, file: Path, replace: bool, **_options: Any) -> None:
        """Restores, and says what there is now."""
        settings.TICKFOLIO_DATA.mkdir(parents=True, exist_ok=True)
        with hold_data_dir(settings.TICKFOLIO_DATA, doing="restoring a backup"):
            done = backup_restore(file=file.expanduser().resolve(), replaces=replace, at=SystemClock().now())
        held = done.manifest.contents
        self.stdout.write(
            f"Restored the backup of {done.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC: {len(held.heads)} portfolios at ledger "
            f"sequence {held.sequence}, {held.rows:,} rows."
        )
        if done.is_migrated:
            self.stdout.write(
                f"It was made by Tickfolio {done.manifest.product} and has been migrated to this version."
            )
        if done.kept:
            self.stdout.write(f"The database that was there before is kept: {done.kept}")
