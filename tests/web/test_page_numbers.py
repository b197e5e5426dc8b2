"""Pages of a list that is there as a whole."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tickfolio.web.page_numbers import PageOf, page_number


@pytest.mark.parametrize(
    ("total", "asked", "number", "pages", "first", "last"),
    [
        (0, 1, 1, 1, 1, 0),
        (1, 1, 1, 1, 1, 1),
        (100, 2, 1, 1, 1, 100),
        (101, 2, 2, 2, 101, 101),
        (250, 2, 2, 3, 101, 200),
        (250, 9, 3, 3, 201, 250),
        (250, 0, 1, 3, 1, 100),
    ],
)
def test_a_page_is_a_part_of_the_list(total: int, asked: int, number: int, pages: int, first: int, last: int) -> None:
    page = PageOf(total=total, size=100, asked=asked)
    assert (page.number, page.pages, page.first, page.last) == (number, pages, first, last)
    assert list(range(total))[page.slice] == list(range(first - 1, last))


@pytest.mark.parametrize(
    ("query", "number"), [("", 1), ("page=7", 7), ("page=", 1), ("page=-1", 1), ("page=²", 1), (f"page={10**9}", 1)]
)
def test_what_is_no_number_is_the_first_page(query: str, number: int) -> None:
    assert page_number(RequestFactory().get(f"/?{query}")) == number
