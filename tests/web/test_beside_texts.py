"""What stands beside the rows of a file, in words."""

from __future__ import annotations

from tickfolio.services.import_besides import PieceKind, PieceView, Standing
from tickfolio.web.beside_texts import MOST_TOLD, beside_lines

NOTE = PieceView(PieceKind.NOTE, "AAPL", Standing.NEW)


def test_nothing_beside_is_no_line() -> None:
    assert beside_lines((), is_preview=True) == []


def test_what_is_new_and_what_was_here_is_counted_by_kind() -> None:
    pieces = [
        NOTE,
        NOTE,
        PieceView(PieceKind.PRICE, "HOUSE 2012-01-02", Standing.NEW),
        PieceView(PieceKind.TARGETS, "class", Standing.SAME),
    ]
    assert beside_lines(pieces, is_preview=True) == [
        "Will be written: 2 notes of instruments, 1 typed price.",
        "Here already: targets of 1 dimension.",
    ]
    assert beside_lines(pieces[:1], is_preview=False) == ["Written: 1 note of an instrument."]


def test_what_is_not_taken_is_named_with_its_reason() -> None:
    pieces = [
        PieceView(PieceKind.CLASSIFICATION, "IBM", Standing.OTHER),
        PieceView(PieceKind.FILE, "note.pdf", Standing.LEFT_OUT, "It is not there."),
        PieceView(PieceKind.TARGETS, "mood", Standing.LEFT_OUT, "No."),
        PieceView(PieceKind.PRICE, "HOUSE 2032-01-02", Standing.LEFT_OUT, "To come."),
        PieceView(PieceKind.NOTE, "X", Standing.LEFT_OUT, "Unknown."),
    ]
    assert beside_lines(pieces, is_preview=True) == [
        "Classification of IBM: stays as it is here, where something else is written.",
        "File note.pdf: left out. It is not there.",
        "Targets by Mood: left out. No.",
        "Price of HOUSE 2032-01-02: left out. To come.",
        "Note of X: left out. Unknown.",
    ]


def test_what_was_chosen_for_the_portfolio_is_told_too() -> None:
    chosen = [(PieceKind.BENCHMARK, "SPY"), (PieceKind.ACCOUNT, "Spare"), (PieceKind.DISMISSED, "AAPL 2012-05-18")]
    assert beside_lines([PieceView(kind, what, Standing.NEW) for kind, what in chosen], is_preview=True) == [
        "Will be written: the benchmark, 1 account, 1 dismissed corporate action."
    ]
    assert beside_lines([PieceView(kind, what, Standing.OTHER) for kind, what in chosen], is_preview=True) == [
        "Benchmark SPY: stays as it is here, where something else is written.",
        "Account Spare: stays as it is here, where something else is written.",
        "Dismissed corporate action AAPL 2012-05-18: stays as it is here, where something else is written.",
    ]


def test_a_long_list_of_them_is_cut() -> None:
    piece = PieceView(PieceKind.NOTE, "X", Standing.OTHER)
    lines = beside_lines([piece] * (MOST_TOLD + 2), is_preview=True)
    assert len(lines) == MOST_TOLD + 1
    assert lines[-1] == "2 more are not taken."
