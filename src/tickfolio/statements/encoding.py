"""From the bytes of a file to its text: UTF-8, UTF-16 or Windows-1252, within bounds."""

from __future__ import annotations

import codecs

from tickfolio.errors import StatementError, StatementTooLarge
from tickfolio.statements.rows import MAX_BYTES
from tickfolio.words import marked_phrase, phrase

_SIGNATURES = (
    (b"PK\x03\x04", marked_phrase("a spreadsheet or a zip archive. Save it as CSV first")),
    (b"\xd0\xcf\x11\xe0", marked_phrase("an old spreadsheet. Save it as CSV first")),
    (b"%PDF", marked_phrase("a PDF. Ask where it is from for CSV or JSON")),
    (b"\x1f\x8b", marked_phrase("a compressed file. Unpack it first")),
)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of `content` without its mark of byte order, and the name of its encoding.

    Raises:
        StatementTooLarge: it has more than 10 MiB.
        StatementError: it is empty, no text, or text with NUL characters.

    >>> decoded("Zürich".encode("cp1252"))
    ('Zürich', 'Windows-1252')
    """
    if len(content) > MAX_BYTES:
        raise StatementTooLarge(
            phrase(
                "Expected a file of at most {value} MiB, was {content:,} bytes.",
                value=MAX_BYTES // 1024 // 1024,
                content=len(content),
            )
        )
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise StatementError(phrase("Expected CSV or JSON, was {kind}.", kind=kind))
    text, encoding = _decoded(content)
    if "\0" in text:
        position = text.index("\0") + 1
        raise StatementError(
            phrase("Expected text, was a file with a NUL character at position {position:,}.", position=position)
        )
    if not text.strip():
        raise StatementError(phrase("Expected a file with rows, was an empty one."))
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(codecs.BOM_UTF8):
        return _by(content[len(codecs.BOM_UTF8) :], "utf-8", "UTF-8")
    if content.startswith(codecs.BOM_UTF16_LE):
        return _by(content[2:], "utf-16-le", "UTF-16")
    if content.startswith(codecs.BOM_UTF16_BE):
        return _by(content[2:], "utf-16-be", "UTF-16")
    # Without the mark, UTF-16 shows by the zero half of its first letters.
    if content[1:4:2] == b"\0\0" and content[0:4:2].isascii():
        return _by(content, "utf-16-le", "UTF-16")
    if content[0:3:2] == b"\0\0":
        return _by(content, "utf-16-be", "UTF-16")
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _by(content, "cp1252", "Windows-1252")


def _by(content: bytes, codec: str, name: str) -> tuple[str, str]:
    try:
        return content.decode(codec), name
    except UnicodeDecodeError as error:
        raise StatementError(
            phrase(
                "Expected text in UTF-8, UTF-16 or Windows-1252, was something else at byte {value:,}.",
                value=error.start + 1,
            )
        ) from error
