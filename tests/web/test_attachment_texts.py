from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tickfolio.services.attachments import AttachmentView
from tickfolio.web.attachment_texts import FileText, file_texts, size_text


def test_a_file_has_its_size_and_its_readers_day() -> None:
    at = datetime(2012, 5, 21, 23, 30, tzinfo=UTC)
    file = AttachmentView("1", "note.pdf", "application/pdf", 1_300_000, at, "alice@example.org")
    [text] = file_texts([file], ZoneInfo("Europe/Berlin"))
    assert (text.size, "22" in text.day) == ("1,270 KiB", True)
    assert text == FileText("1", "note.pdf", text.size, text.day, "alice@example.org")


def test_sizes_are_rounded_up() -> None:
    assert [size_text(size) for size in (1, 1024, 1025)] == ["1 KiB", "1 KiB", "2 KiB"]
