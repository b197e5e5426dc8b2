from __future__ import annotations

import pytest

from tickfolio.services.attachment_files import MAX_NAME, Kind, clean_name, kind_of

PDF = b"%PDF-1.7\nwhatever"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, Kind.PDF),
        (b"\x89PNG\r\n\x1a\n\x00", Kind.PNG),
        (b"\xff\xd8\xff\xe0\x00", Kind.JPEG),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Kind.WEBP),
        (b"date,amount\r\n2012-05-21,5\r\n", Kind.TEXT),
        ("Käufe".encode("latin-1"), Kind.TEXT),
        (b"<script>alert(1)</script>", Kind.TEXT),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04", None),
        ("text".encode("utf-16"), None),
        (b"\x1b]0;title\x07", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_is(content: bytes, kind: Kind | None) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    ("name", "kind", "clean"),
    [
        ("Note 5.pdf", Kind.PDF, "Note 5.pdf"),
        ("scan.JPEG", Kind.JPEG, "scan.jpeg"),
        ("trades.csv", Kind.TEXT, "trades.csv"),
        ("page.html", Kind.TEXT, "page.html.txt"),
        ("photo.png", Kind.PDF, "photo.png.pdf"),
        ("../../etc/passwd", Kind.TEXT, "passwd.txt"),
        ("C:\\Users\\alice\\note.pdf", Kind.PDF, "note.pdf"),
        ('a"b<c>|d?.pdf', Kind.PDF, "a-b-c--d-.pdf"),
        ("a\r\nSet-Cookie: b.pdf", Kind.PDF, "a Set-Cookie- b.pdf"),
        ("note\u202efdp.exe", Kind.PDF, "note fdp.exe.pdf"),
        ("...", Kind.PNG, "attachment.png"),
        (".pdf", Kind.PDF, "pdf.pdf"),
        ("", Kind.TEXT, "attachment.txt"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_what_it_is(name: str, kind: Kind, clean: str) -> None:
    assert clean_name(name, kind) == clean


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 300 + ".pdf", Kind.PDF)
    assert (len(name), name[-5:]) == (MAX_NAME, "x.pdf")
