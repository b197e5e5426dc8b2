"""The files of a transaction, as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tickfolio.services.attachment_history import FileChange, FileEvent
from tickfolio.services.attachments import AttachmentView
from tickfolio.web.figures import count_text
from tickfolio.web.stock_texts import day_text
from tickfolio.web.transaction_texts import NOBODY, VersionText, moment_text
from tickfolio.words import phrase

_KIB = 1024


@dataclass(frozen=True, slots=True)
class FileText:
    """A line of the list."""

    id: str
    name: str
    size: str
    day: str
    by: str


@dataclass(frozen=True, slots=True)
class FileEventText:
    """A file attached or removed, in the history of its transaction."""

    what: str
    file: str
    who: str
    when: str


def file_texts(files: Iterable[AttachmentView], zone: ZoneInfo) -> list[FileText]:
    """A line for each file, with the day on which it was attached where its reader is."""
    return [
        FileText(file.id, file.name, size_text(file.size), day_text(file.at.astimezone(zone).date()), file.by)
        for file in files
    ]


def history_texts(
    versions: Iterable[tuple[datetime, VersionText]], events: Iterable[FileEvent], zone: ZoneInfo
) -> list[VersionText | FileEventText]:
    """The history with what happened to the files, newest first; each version comes with the moment of its recording."""
    lines: list[tuple[datetime, VersionText | FileEventText]] = [
        (event.at, _event_text(event, zone)) for event in events
    ]
    lines += versions
    return [text for _, text in sorted(lines, key=lambda line: line[0], reverse=True)]


def _event_text(event: FileEvent, zone: ZoneInfo) -> FileEventText:
    is_removed = event.change is FileChange.REMOVED
    what = phrase("File removed") if is_removed else phrase("File attached")
    return FileEventText(what, event.name, event.by or NOBODY, moment_text(event.at, zone=zone))


def size_text(size: int) -> str:
    """How large a file is.

    >>> size_text(40), size_text(1025)
    ('1 KiB', '2 KiB')
    """
    # Rounded up: no file takes nothing.
    return phrase("{size} KiB", size=count_text(-(-size // _KIB)))
