"""Which list of a person a list of a file is."""

from __future__ import annotations

from collections.abc import Sequence

type Named = tuple[str, Sequence[int]]
"""A list's name, and the keys of its instruments in their order."""


def same_lists(brought: Sequence[Named], there: Sequence[Named]) -> list[int | None]:
    """The place in `there` of what each list that is brought is already, None where it is none.

    A list is one of the same name; of several that is the one with the same instruments, and each stands for one.

    >>> same_lists([("Ideas", [2]), ("Ideas", [1]), ("Tech", [])], [("Ideas", [1]), ("Ideas", [])])
    [1, 0, None]
    """
    found: list[int | None] = [None] * len(brought)
    free = dict(enumerate(there))
    for has_to_match in (True, False):
        for place, (name, keys) in enumerate(brought):
            if found[place] is None:
                fitting = (
                    at
                    for at, (named, kept) in free.items()
                    if named == " ".join(name.split()) and (not has_to_match or list(kept) == list(keys))
                )
                found[place] = next(fitting, None)
                if (at := found[place]) is not None:
                    del free[at]
    return found
