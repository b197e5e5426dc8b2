"""Files that people attach: what they are, by their content, and what they are called, whatever they were called before."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MAX_NAME = 100
"""How many characters the name of a file may have, with its ending."""
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\f")
_NOT_IN_NAMES = frozenset('<>:"|?*%')


class Kind(StrEnum):
    """What a file is; the value is what a browser is told."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class _Ending:
    first: str
    others: tuple[str, ...] = ()


_ENDINGS = {
    Kind.PDF: _Ending(".pdf"),
    Kind.PNG: _Ending(".png"),
    Kind.JPEG: _Ending(".jpg", (".jpeg",)),
    Kind.WEBP: _Ending(".webp"),
    Kind.TEXT: _Ending(".txt", (".csv", ".tsv")),
}


def kind_of(content: bytes) -> Kind | None:
    """What a file is by its first bytes, and text where all of it can be read as such; None for everything else.

    Text may be in any encoding that keeps ASCII, as banks write UTF-8 and Latin-1: it has no byte that only a program reads.
    """
    match content:
        case _ if content.startswith(b"%PDF-"):
            return Kind.PDF
        case _ if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return Kind.PNG
        case _ if content.startswith(b"\xff\xd8\xff"):
            return Kind.JPEG
        case _ if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return Kind.WEBP
        case _:
            return Kind.TEXT if content and _CONTROLS.isdisjoint(content) and 0x7F not in content else None


def clean_name(name: str, kind: Kind) -> str:
    """The name that a file is shown and handed out by: no path, nothing that cannot be seen, and the ending of what it is.

    >>> clean_name("../../etc/note.exe", Kind.PDF)
    'note.exe.pdf'
    """
    stem = shown_name(name)
    ending = _ENDINGS[kind]
    found = next((each for each in (ending.first, *ending.others) if stem.lower().endswith(each)), "")
    stem = stem[: len(stem) - len(found)].rstrip(". ") or "attachment"
    found = found or ending.first
    return stem[: MAX_NAME - len(found)].rstrip(". ") + found


def shown_name(name: str) -> str:
    """A name without its path and without what cannot be seen or is no part of names."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(" " if not each.isprintable() else "-" if each in _NOT_IN_NAMES else each for each in last)
    return " ".join(seen.split()).strip(". ") or "attachment"
