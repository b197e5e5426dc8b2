"""What stands beside the rows of a file, as the page of its import tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from tickfolio.services.import_besides import PieceKind, PieceView, Standing
from tickfolio.web.named_values import named
from tickfolio.words import counted_phrase, phrase

MOST_TOLD = 20
_COUNTED: Mapping[PieceKind, Callable[[int], str]] = {
    PieceKind.NOTE: lambda count: counted_phrase(
        "{count} note of an instrument", "{count} notes of instruments", count
    ),
    PieceKind.CLASSIFICATION: lambda count: counted_phrase("{count} classification", "{count} classifications", count),
    PieceKind.TARGETS: lambda count: counted_phrase(
        "targets of {count} dimension", "targets of {count} dimensions", count
    ),
    PieceKind.PRICE: lambda count: counted_phrase("{count} typed price", "{count} typed prices", count),
    PieceKind.FILE: lambda count: counted_phrase("{count} attached file", "{count} attached files", count),
    PieceKind.BENCHMARK: lambda _count: phrase("the benchmark"),
    PieceKind.ACCOUNT: lambda count: counted_phrase("{count} account", "{count} accounts", count),
    PieceKind.DISMISSED: lambda count: counted_phrase(
        "{count} dismissed corporate action", "{count} dismissed corporate actions", count
    ),
}


def beside_lines(pieces: Iterable[PieceView], *, is_preview: bool) -> list[str]:
    """A line for what is new, one for what was here, and one for each piece that is not taken."""
    found = tuple(pieces)
    new, same = _listed(found, Standing.NEW), _listed(found, Standing.SAME)
    lines = []
    if new:
        said = (
            phrase("Will be written: {things}.", things=new) if is_preview else phrase("Written: {things}.", things=new)
        )
        lines.append(said)
    if same:
        lines.append(phrase("Here already: {things}.", things=same))
    untold = [_untaken(each) for each in found if each.standing in (Standing.OTHER, Standing.LEFT_OUT)]
    lines += untold[:MOST_TOLD]
    if len(untold) > MOST_TOLD:
        more = len(untold) - MOST_TOLD
        lines.append(counted_phrase("{count} more is not taken.", "{count} more are not taken.", more))
    return lines


def _listed(pieces: Iterable[PieceView], standing: Standing) -> str:
    counts = Counter(piece.kind for piece in pieces if piece.standing is standing)
    return ", ".join(_COUNTED[kind](counts[kind]) for kind in PieceKind if counts[kind])


def _untaken(piece: PieceView) -> str:
    named = _named(piece)
    if piece.standing is Standing.OTHER:
        return phrase("{thing}: stays as it is here, where something else is written.", thing=named)
    return phrase("{thing}: left out. {reason}", thing=named, reason=piece.reason)


def _named(piece: PieceView) -> str:
    match piece.kind:
        case PieceKind.NOTE:
            return phrase("Note of {what}", what=piece.what)
        case PieceKind.CLASSIFICATION:
            return phrase("Classification of {what}", what=piece.what)
        case PieceKind.TARGETS:
            return phrase("Targets by {dimension}", dimension=named(piece.what.capitalize()))
        case PieceKind.PRICE:
            return phrase("Price of {what}", what=piece.what)
        case PieceKind.FILE:
            return phrase("File {what}", what=piece.what)
        case PieceKind.BENCHMARK:
            return phrase("Benchmark {what}", what=piece.what)
        case PieceKind.ACCOUNT:
            return phrase("Account {what}", what=piece.what)
        case PieceKind.DISMISSED:
            return phrase("Dismissed corporate action {what}", what=piece.what)
