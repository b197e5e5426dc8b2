"""`tickfolio backup [FILE]`: the whole instance in one file, also while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.backups import backup_make


class Command(BaseCommand):
    """Makes a backup and proves it."""

    help = (
        "Writes the whole database into one file, also while Tickfolio runs, and proves the file by restoring it elsewhere. "
        "The secret key and sessions are not in it."
    )
    # A backup is needed most where something is wrong.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="the new file; a dated one in the data directory's backups where left out",
        )
        parser.add_argument("--data", metavar="DIR", help="where the database is kept, as with `tickfolio run`")

    def handle(self, *_args: Any, file: Path | None, **_options: Any) -> None:
        """Backs up, and says what is in the file."""
        made = backup_make(file=None if file is None else file.expanduser().resolve(), at=SystemClock().now())
        held = made.manifest.contents
        self.stdout.write(f"Backed up to {made.file} ({made.bytes:,} bytes).")
        self.stdout.write(
            f"It holds {len(held.heads)} portfolios at ledger sequence {held.sequence}, {len(held.tables)} tables and "
            f"{held.rows:,} rows. Proof: {made.proof}."
        )
