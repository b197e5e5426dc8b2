"""Values that are made by the hundred thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record[T](cls: type[T]) -> type[T]:
    """A dataclass that never changes, by the type checker's word alone.

    A frozen dataclass looks at each field of each new value again while the program runs; in the fold of a ledger that was a
    third of the time. So what would be an error then is one in `./dev check` here, and only there.
    """
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, unsafe_hash=True)
    return make(cls)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def named_record[T](cls: type[T]) -> type[T]:
    """The same, whose fields are given by their names."""
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, unsafe_hash=True, kw_only=True)
    return make(cls)
