"""`tickfolio evaluate FILE…`: questions of scenarios, answered by the engine and compared with what others answer.

It needs no database, no settings and no network.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from tickfolio.domain.money import plain, rounded
from tickfolio.errors import TickfolioError
from tickfolio.runtime.collector import not_collecting
from tickfolio.services.scenario_answers import Answer, answers_to
from tickfolio.statements.scenario.document import schema
from tickfolio.statements.scenario.reading import MAX_BYTES, read_scenario

SHOWN_PLACES = 12
"""How many decimals of an answer are printed; it is compared with all of them."""
HEADINGS = ("scenario", "question", "figure", "expected", "tolerance", "answer", "")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A file and what came of it: answers, or why there are none."""

    name: str
    answers: tuple[Answer, ...] = ()
    error: str = ""


def main(words: Sequence[str], *, out: TextIO | None = None) -> int:
    """Evaluates the files; 0 where every answer is right, 1 where one misses, 2 where a file cannot be read."""
    with not_collecting():
        return _run(words, out or sys.stdout)


def _run(words: Sequence[str], out: TextIO) -> int:
    parser = _parser()
    options = parser.parse_args(words)
    if options.schema:
        out.write(schema().decode())
        return 0
    if not options.files:
        parser.error("expected at least one scenario file or folder")
    evaluated = [evaluate(path) for path in files_of(options.files)]
    if options.answers:
        json.dump([_told(each) for each in evaluated], out, indent=2, ensure_ascii=False)
        out.write("\n")
    else:
        out.writelines(f"{line}\n" for line in table(evaluated, every=options.all))
    if any(each.error for each in evaluated) or not evaluated:
        return 2
    return 1 if any(not answer.is_right for each in evaluated for answer in each.answers) else 0


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, with those of a folder in the order of their names."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    return found


def evaluate(path: Path) -> Evaluated:
    """Answers to the questions of one file."""
    try:
        with path.open("rb") as file:
            scenario = read_scenario(file.read(MAX_BYTES + 1))
        return Evaluated(path.name, tuple(answers_to(scenario)))
    except OSError as error:
        return Evaluated(path.name, error=f"Expected a file that can be read, found: {error.strerror or error}.")
    except TickfolioError as error:
        return Evaluated(path.name, error=str(error))


def table(evaluated: Sequence[Evaluated], *, every: bool) -> list[str]:
    """The lines of the report: what misses, or every answer, then the count."""
    rows = [
        (each.name.removesuffix(".json"), *_row(answer))
        for each in evaluated
        for answer in each.answers
        if every or not answer.is_right
    ]
    lines: list[str] = []
    if rows:
        widths = [max(len(row[column]) for row in (HEADINGS, *rows)) for column in range(len(HEADINGS))]
        lines += [_aligned(row, widths) for row in (HEADINGS, *rows)]
        lines.append("")
    lines += [f"{each.name}: {each.error}" for each in evaluated if each.error]
    answers = [answer for each in evaluated for answer in each.answers]
    right = sum(answer.is_right for answer in answers)
    lines.append(
        f"{_counted(len(evaluated), 'scenario')}, {_counted(len(answers), 'question')}: "
        f"{right} right, {len(answers) - right} missed"
    )
    return lines


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tickfolio evaluate",
        description="Answers the questions of scenario files and compares. No database is needed.",
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="a scenario, or a folder of them")
    parser.add_argument("--answers", action="store_true", help="print all answers as JSON instead of a table")
    parser.add_argument("--all", action="store_true", help="list every answer, not only those that are not right")
    parser.add_argument("--schema", action="store_true", help="print the format as a JSON schema and do nothing else")
    return parser


def _row(answer: Answer) -> tuple[str, ...]:
    question = answer.question
    return (
        question.id,
        question.figure,
        _number(question.expected),
        _number(question.tolerance),
        _answered(answer),
        "right" if answer.is_right else "missed",
    )


def _answered(answer: Answer) -> str:
    if answer.value is not None:
        return _number(answer.value)
    return f"not available: {answer.reason}"


def _number(value: Decimal | None) -> str:
    """Plain digits, no more places than it needs."""
    if value is None:
        return "not available"
    text = plain(rounded(value, places=SHOWN_PLACES))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _aligned(row: tuple[str, ...], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    cells = [
        cell.rjust(width) if 3 <= column <= 5 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _told(evaluated: Evaluated) -> dict[str, object]:
    if evaluated.error:
        return {"file": evaluated.name, "error": evaluated.error}
    return {
        "file": evaluated.name,
        "answers": [
            {
                "id": answer.question.id,
                "figure": answer.question.figure,
                "answer": None if answer.value is None else plain(answer.value),
                "reason": answer.reason,
                "expected": None if answer.question.expected is None else plain(answer.question.expected),
                "tolerance": plain(answer.question.tolerance),
                "right": answer.is_right,
            }
            for answer in evaluated.answers
        ],
    }
