"""A statement in lines of text, as the golden files beside the samples have it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from tickfolio.statements.rows import Entry, Refusal, Statement

FILES = Path(__file__).parent / "files"
SAMPLES = sorted(path for path in FILES.iterdir() if path.suffix in {".csv", ".json"})


def told(statement: Statement) -> str:
    """Everything that `statement` says, a row a line."""
    lines = [f"format: {statement.format.value}", f"manner: {statement.manner}"]
    lines += [f"account: {name or '(none)'} {currency}".rstrip() for name, currency in statement.accounts.items()]
    lines += [
        f"instrument: {symbol} {facts.currency} {facts.name}".rstrip()
        for symbol, facts in statement.instruments.items()
    ]
    lines += [f"question: {question.subject.value}: {question.text}" for question in statement.questions]
    lines += [f"notice: {notice}" for notice in statement.notices]
    for row in statement.rows:
        match row.outcome:
            case Refusal(reason, asks):
                lines.append(f"{row.line} {'asks ' + asks.value if asks else 'refused'}: {reason}")
            case Entry() as entry:
                remark = f"; remark: {row.remark}" if row.remark else ""
                lines.append(f"{row.line} {_entry(entry)}{remark}")
    return "\n".join(lines) + "\n"


def _entry(entry: Entry) -> str:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    said = [
        f"{name}={value.isoformat() if hasattr(value, 'isoformat') else value!s}"
        for name, value in values.items()
        if name != "type" and value is not None and value not in ("", ()) and value != 0
    ]
    return f"{entry.type.value}: " + ", ".join(said).replace("\n", "\\n")
