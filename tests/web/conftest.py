"""What every test of a page needs: a build to link to, and counts of tries that begin anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache

from tests.web.built import pretend_build


@pytest.fixture(autouse=True)
def built_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build's manifest."""
    pretend_build(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def no_tries_counted() -> Iterator[None]:
    """No sign-in of another test counts in this one."""
    cache.clear()
    yield
    cache.clear()
