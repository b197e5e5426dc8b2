"""The files of a transaction, as its page lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tickfolio.services.attachments import AttachmentView
from tickfolio.web.figures import count_text
from tickfolio.web.stock_texts import day_text
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


def file_texts(files: Iterable[AttachmentView], zone: ZoneInfo) -> list[FileText]:
    """A line for each file, with the day on which it was attached where its reader is."""
    return [
        FileText(file.id, file.name, size_text(file.size), day_text(file.at.astimezone(zone).date()), file.by)
        for file in files
    ]


def size_text(size: int) -> str:
    """How large a file is.

    >>> size_text(40), size_text(1025)
    ('1 KiB', '2 KiB')
    """
    # Rounded up: no file takes nothing.
    return phrase("{size} KiB", size=count_text(-(-size // _KIB)))
