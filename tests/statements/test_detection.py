"""Whole files, of every format: what they say stands beside them."""

from __future__ import annotations

import codecs
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.statements.told import FILES, SAMPLES, told
from tickfolio.errors import EmptyStatement, StatementError, StatementTooLarge, TickfolioError, UnknownStatement
from tickfolio.statements.detection import read_statement
from tickfolio.statements.rows import MAX_BYTES, MAX_ROWS, DayOrder, Entry, Format, Reading, Refusal, Statement

HEADING = "date,type,symbol,quantity,price,currency\n"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_says_what_stands_beside_it(path: Path) -> None:
    assert told(read_statement(path.read_bytes())) == path.with_suffix(path.suffix + ".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    ("encode", "name"),
    [
        (lambda text: codecs.BOM_UTF8 + text.encode(), "UTF-8"),
        (lambda text: text.encode("utf-16"), "UTF-16"),
        (lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "UTF-16"),
        (lambda text: text.encode("utf-16-le"), "UTF-16"),
        (lambda text: text.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_a_file_says_the_same_in_every_encoding(path: Path, encode: object, name: str) -> None:
    assert callable(encode)
    text = path.read_text(encoding="utf-8")
    statement = read_statement(encode(text))
    assert statement.rows == read_statement(text.encode()).rows
    assert statement.manner.startswith(name)


def test_a_western_file_of_one_byte_a_letter_is_read_as_windows_1252() -> None:
    text = (FILES / "aliases.csv").read_text(encoding="utf-8")
    assert read_statement(text.encode("cp1252")).rows == read_statement(text.encode()).rows


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_are_read_alike(ending: str) -> None:
    text = (FILES / "aliases.csv").read_text(encoding="utf-8")
    statement = read_statement(text.replace("\n", ending).encode())
    assert [row.outcome for row in statement.rows] == [row.outcome for row in read_statement(text.encode()).rows]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_row_of_a_sample_is_kept_as_it_stood(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    for row in read_statement(path.read_bytes()).rows:
        assert row.raw in text
        assert row.raw.split("\n")[0].strip() in lines[row.line - 1]


def test_a_question_is_answered_for_the_whole_file() -> None:
    content = (FILES / "ghostfolio_ambiguous.csv").read_bytes()
    asked = read_statement(content)
    assert [question.subject.value for question in asked.questions] == ["day_order"]
    for order, day in ((DayOrder.DAY_FIRST, "2021-04-03"), (DayOrder.MONTH_FIRST, "2021-03-04")):
        answered = read_statement(content, reading=Reading(day_order=order))
        assert answered.questions == ()
        first = answered.rows[0].outcome
        assert isinstance(first, Entry)
        assert first.at.isoformat() == day


def test_a_stated_format_is_not_exchanged_for_another() -> None:
    content = (FILES / "ghostfolio.csv").read_bytes()
    assert read_statement(content, reading=Reading(format=Format.TICKFOLIO_CSV)).format is Format.TICKFOLIO_CSV
    for other in (Format.TICKFOLIO_JSON, Format.GHOSTFOLIO_JSON):
        with pytest.raises(UnknownStatement, match="Expected"):
            read_statement(content, reading=Reading(format=other))
    for other in (Format.TICKFOLIO_JSON, Format.TICKFOLIO_CSV, Format.GHOSTFOLIO_CSV):
        with pytest.raises(UnknownStatement, match="Expected"):
            read_statement((FILES / "ghostfolio.json").read_bytes(), reading=Reading(format=other))


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", StatementError, "was an empty one"),
        (b" \n\t\r\n", StatementError, "was an empty one"),
        (HEADING.encode(), EmptyStatement, "Expected rows below the heading"),
        (b'{"activities": []}', EmptyStatement, "Expected rows"),
        (b"{}", UnknownStatement, "was an object with nothing"),
        (b'{"orders": []}', UnknownStatement, "was an object with orders"),
        (b"[]", StatementError, "Expected a JSON object"),
        (b'{"activities": [', StatementError, "in line 1, column"),
        (b'{"format": "tickfolio", "version": 3, "transactions": []}', UnknownStatement, "Update Tickfolio"),
        (b"tickfolio,type,at\n2,buy,2012-05-21\n", UnknownStatement, "Update Tickfolio"),
        (b"colour,taste\nblue,sour\n", UnknownStatement, "Expected columns for the date and the type"),
        (b"date,type\n2012-05-21,buy\0\n", StatementError, "NUL character at position 25"),
        (b"PK\x03\x04xl/workbook.xml", StatementError, "a spreadsheet or a zip archive"),
        (b"%PDF-1.7", StatementError, "was a PDF"),
        (b"\x1f\x8b\x08", StatementError, "compressed"),
        (b"\xd0\xcf\x11\xe0", StatementError, "old spreadsheet"),
        (b"date,type\n\x81\xff,buy\n", StatementError, "was something else at byte"),
        (b"\xff\xfe\x00\xd8\x00\xd8", StatementError, "was something else at byte"),
        (b"x" * (MAX_BYTES + 1), StatementTooLarge, "at most 10 MiB"),
        ((HEADING + "x,\n" * (MAX_ROWS + 1)).encode(), StatementTooLarge, "rows, were more"),
        (b'{"activities": [' + b"1," * MAX_ROWS + b"1]}", StatementTooLarge, "rows, were more"),
        (b"[" * 1_000_001, StatementTooLarge, "values, were more"),
        (b'{"activities": [' + b"[" * 400_000 + b"]" * 400_000 + b"]}", StatementTooLarge, "many levels"),
        (b"a\n" * 700_000, StatementTooLarge, "lines, were more"),
        (b"," * 1_000_000, StatementTooLarge, "heading"),
        (b"a," * 300 + b"\n", StatementTooLarge, "columns, were 301"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(
    content: bytes, error: type[StatementError], message: str
) -> None:
    with pytest.raises(error, match="Expected") as refused:
        read_statement(content)
    assert message in str(refused.value)
    assert len(str(refused.value)) < 300


def bad_row_files() -> list[bytes]:
    """Files of 10 MiB, or of as many rows as one may have, in which everything costs the most."""
    room = MAX_BYTES - 200
    rows = {
        'a,"b\n': HEADING,
        '"2021-01-02 10:00","buy","X","1,234,567.5","1,234.5678","usd"\n': HEADING,
        '"03/04/2021",buy,X,"1,234","1,234",usd' + " " * 200 + "\n": HEADING,
        '{"type":"BUYX","date":"2021-01-01","quantity":"abc","comment":"' + "c" * 200 + '"},\n': '{"activities": [',
        '{"type":"BUY","date":"2021-01-01T10:00:00Z","symbol":"X","quantity":1.5,"unitPrice":2,"currency":"USD"},\n': (
            '{"activities": ['
        ),
    }
    files = [(start + row * min(MAX_ROWS - 1, room // len(row))).encode() for row, start in rows.items()]
    files = [file[:-2] + b"]}" if file.startswith(b"{") else file for file in files]
    files.append((HEADING + '"' + "x" * room).encode())
    files.append(b'{"activities": [' + b"9" * room + b"]}")
    files.append(b'{"x": [' + b"{}," * 29_000 + b'{}], "activities": [' + b"1.5," * 29_000 + b"1]}")
    return files


@pytest.mark.parametrize("content", bad_row_files(), ids=range(len(bad_row_files())))
def test_the_costliest_files_are_read_at_a_steady_cost(content: bytes) -> None:
    """Against work whose cost is known: two seconds of this machine's twin, and never a square of the length."""
    assert len(content) <= MAX_BYTES
    started = time.process_time()
    statement = read_statement(content)
    spent = time.process_time() - started
    assert statement.rows
    assert spent < 100 * known_work()


def known_work() -> float:
    """The seconds of computing that splitting and joining two million fields takes here, at best."""
    took = []
    for _ in range(3):
        started = time.process_time()
        ",".join(",".join(["field"] * 1_000_000).split(","))
        took.append(time.process_time() - started)
    return min(took)


def test_the_largest_file_is_read_within_256_mebibytes() -> None:
    """In a process of its own, by its own high-water mark: what getrusage tells begins with the parent's."""
    script = f"""
import re
from tickfolio.statements.detection import read_statement
row = '{{"type":"BUY","date":"2021-01-01T10:00:00Z","symbol":"X","quantity":1.5,"unitPrice":2,"fee":1,"currency":"USD",'
row += '"comment":"' + "c" * 200 + '"}},'
content = ('{{"activities": [' + row * ({MAX_ROWS} - 1)).encode()[:-1] + b"]}}"
assert 8 * 1024 * 1024 < len(content) <= {MAX_BYTES}
assert len(read_statement(content).rows) == {MAX_ROWS} - 1
status = open("/proc/self/status").read()
print(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 256 * 1024


# ---------- What no one has thought of ----------

WORDS = st.sampled_from(
    [
        "date", "type", "symbol", "buy", "sell", "dividend", "2021-01-02", "03/04/2021", "1,234", "1.5", "-3", "USD", "GBp",
        "tickfolio", "1", "2", "Date", "Code", "Currency", "Price", "Quantity", "Action", "Fee", "Note", "\ud800", "=1+1",
        '"', '""', ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "'", "sep=;", "é", "\x00", "1e9", "∞", "٣", "",
    ]
)  # fmt: skip


def encoded(text: str) -> bytes:
    """A text as bytes, whatever is in it."""
    return text.encode(errors="surrogatepass")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ACTIVITIES = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["type", "date", "symbol", "quantity", "unitPrice", "fee", "currency", "comment", "accountId", "dataSource"]
        ),
        JSON_VALUES | st.sampled_from(["BUY", "FEE", "DIVIDEND", "MANUAL", "2021-01-01T00:00:00.000Z", 1, 2]),
    )
    | JSON_VALUES,
    max_size=4,
)
TRANSACTIONS = st.lists(
    st.dictionaries(
        st.sampled_from(["type", "at", "symbol", "quantity", "price", "amount", "fees", "currency", "note", "account"]),
        JSON_VALUES | st.sampled_from(["buy", "fee", "dividend", "2021-01-01T00:00:00Z", "1.5", 2, "EUR"]),
    )
    | JSON_VALUES,
    max_size=4,
)


def read_or_refused(content: bytes, reading: Reading) -> None:
    """Reads `content`, and holds what every answer promises."""
    answer: Statement | TickfolioError
    try:
        answer = read_statement(content, reading=reading)
    except TickfolioError as refused:
        answer = refused
    if isinstance(answer, TickfolioError):
        assert str(answer).startswith("Expected")
        assert answer.code != TickfolioError.code
        return
    assert answer.rows
    asked = {question.subject for question in answer.questions}
    for row in answer.rows:
        if isinstance(row.outcome, Refusal):
            assert row.outcome.reason
            assert row.outcome.asks in asked | {None}
        else:
            assert isinstance(row.outcome, Entry)
            row.outcome.note.encode()
            row.outcome.symbol.encode()


READINGS = st.builds(
    Reading,
    format=st.none() | st.sampled_from(list(Format)),
    separator=st.sampled_from([None, ",", ";", "\t", "|"]),
    decimal_mark=st.sampled_from([None, ".", ","]),
    day_order=st.none() | st.sampled_from(list(DayOrder)),
)


@given(st.binary(max_size=300), READINGS)
@example(b"\xef\xbb\xbf", Reading())
@example(b"{", Reading())
@example(b"sep=;", Reading())
@example(b"sep=;\n", Reading())
def test_any_bytes_are_read_or_refused(content: bytes, reading: Reading) -> None:
    read_or_refused(content, reading)


@given(st.text(max_size=300), READINGS)
def test_any_text_is_read_or_refused(text: str, reading: Reading) -> None:
    read_or_refused(text.encode(errors="surrogatepass"), reading)


@given(
    st.lists(WORDS, max_size=80),
    st.sampled_from(["", HEADING, "Date,Code,Currency,Price,Quantity,Action,Fee\n"]),
    READINGS,
)
def test_any_table_of_such_words_is_read_or_refused(words: list[str], heading: str, reading: Reading) -> None:
    read_or_refused((heading + "".join(words)).encode(errors="surrogatepass"), reading)


@given(
    st.dictionaries(
        st.sampled_from(["format", "version", "accounts", "assetProfiles", "instruments", "x"]), JSON_VALUES
    ),
    st.fixed_dictionaries({"activities": ACTIVITIES}) | st.fixed_dictionaries({"transactions": TRANSACTIONS}),
    READINGS,
)
def test_any_json_is_read_or_refused(described: dict[str, object], listed: dict[str, object], reading: Reading) -> None:
    own = {"format": "tickfolio"} if "transactions" in listed else {}
    read_or_refused(json.dumps({**described, **own, **listed}).encode(), reading)
    read_or_refused(json.dumps({**described, **listed}).encode(), reading)


EDITS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 30), st.binary(max_size=6) | WORDS.map(encoded)),
    min_size=1,
    max_size=6,
)


@given(st.sampled_from(SAMPLES), EDITS, READINGS)
def test_a_damaged_sample_is_read_or_refused(path: Path, edits: list[tuple[int, int, bytes]], reading: Reading) -> None:
    content = path.read_bytes()
    for place, length, instead in edits:
        at = place % (len(content) + 1)
        content = content[:at] + instead + content[at + length :]
    read_or_refused(content, reading)
    read_or_refused(content, Reading())
