from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tickfolio.services.attachment_history import FileChange, FileEvent
from tickfolio.services.attachments import AttachmentView
from tickfolio.web.attachment_texts import FileEventText, FileText, file_texts, history_texts, size_text
from tickfolio.web.transaction_texts import NOBODY, VersionText

EDITED = VersionText(2, "Edited", "alice@example.org", "22 May 2012, 01:31", ())


def test_a_file_has_its_size_and_its_readers_day() -> None:
    at = datetime(2012, 5, 21, 23, 30, tzinfo=UTC)
    file = AttachmentView("1", "note.pdf", "application/pdf", 1_300_000, at, "alice@example.org")
    [text] = file_texts([file], ZoneInfo("Europe/Berlin"))
    assert (text.size, "22" in text.day) == ("1,270 KiB", True)
    assert text == FileText("1", "note.pdf", text.size, text.day, "alice@example.org")


def test_sizes_are_rounded_up() -> None:
    assert [size_text(size) for size in (1, 1024, 1025)] == ["1 KiB", "1 KiB", "2 KiB"]


def test_what_happened_to_files_has_its_line_in_the_history() -> None:
    at = datetime(2012, 5, 21, 23, 30, tzinfo=UTC)
    events = [
        FileEvent(FileChange.ATTACHED, "note.pdf", at, ""),
        FileEvent(FileChange.REMOVED, "note.pdf", at + timedelta(minutes=5), "alice@example.org"),
    ]
    assert history_texts([(at + timedelta(minutes=1), EDITED)], events, ZoneInfo("Europe/Berlin")) == [
        FileEventText("File removed", "note.pdf", "alice@example.org", "22 May 2012, 01:35"),
        EDITED,
        FileEventText("File attached", "note.pdf", NOBODY, "22 May 2012, 01:30"),
    ]
