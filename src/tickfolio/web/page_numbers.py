"""Pages of a list that is there as a whole: which one is asked for, and what of the list is on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of a list; a number past the last page is the last one."""

    total: int
    size: int
    asked: int = 1

    @property
    def pages(self) -> int:
        """How many there are; at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        """Which one it is, from 1 on."""
        return min(max(1, self.asked), self.pages)

    @property
    def first(self) -> int:
        """The place of its first row in the list, from 1 on."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The place of its last row."""
        return min(self.number * self.size, self.total)

    @property
    def slice(self) -> slice:
        """Its rows."""
        return slice(self.first - 1, self.last)


def page_number(request: HttpRequest) -> int:
    """The number of the page asked for; the first where it is none."""
    typed = request.GET.get("page", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 1
