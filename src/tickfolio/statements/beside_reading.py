"""What a file holds beside its transactions, to and from JSON: that of the file, and that in which a preview keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from tickfolio.errors import InvalidValue, StatementError
from tickfolio.statements.beside import MEMBERS, Beside
from tickfolio.statements.json_document import Member, kept_text, listed
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase


def beside_document(beside: Beside) -> dict[str, object]:
    """As JSON has it: decimals and days as text."""
    found: dict[str, object] = msgspec.to_builtins(beside)
    return found


def beside_in(members: Mapping[str, Member]) -> Beside:
    """What the members of a document say.

    Raises:
        StatementError: one of them is not as docs/reference/file-format.md has it.
    """
    lists = {name: [each.value for each in listed(members, name)] for name in MEMBERS if name in members}
    return beside_from(lists)


def beside_from(document: Mapping[str, object]) -> Beside:
    """The same, of a document as `beside_document` makes it.

    Raises:
        StatementError: as above.
    """
    try:
        for text in _texts(document):
            kept_text(text)
        return msgspec.convert(document, type=Beside)
    except (msgspec.ValidationError, InvalidValue) as error:
        raise StatementError(
            phrase(
                "Expected what stands beside the transactions as the file format has it, was something else: {error}",
                error=shortened(str(error), limit=200),
            )
        ) from None


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case _:
            return
