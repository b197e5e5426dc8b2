"""What the build made, by its manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django import Settings

from tickfolio.web import built_files


@pytest.fixture(autouse=True)
def built(settings: Settings, tmp_path: Path) -> None:
    """A build in which the page without a server imports a piece that imports another."""
    folder = tmp_path / "build"
    (folder / ".vite").mkdir(parents=True)
    (folder / "assets").mkdir()
    (folder / "assets" / "worker.js").write_text("work();", encoding="utf-8")
    chunks: dict[str, object] = {
        built_files.STYLES: {"file": "assets/styles.css"},
        built_files.FONT: {"file": "assets/inter.woff2"},
        built_files.WORKER: {"file": "assets/worker.js"},
        built_files.OFFLINE_PAGE: {"file": "assets/offline.js", "imports": ["_one"], "dynamicImports": ["_late"]},
        "_one": {"file": "assets/one.js", "imports": ["_two", built_files.OFFLINE_PAGE]},
        "_two": {"file": "assets/two.js"},
        "_late": {"file": "assets/late.js"},
        "src/words/de.ts": {"file": "assets/words_de.js"},
    }
    settings.BUILD_MANIFEST = folder / ".vite" / "manifest.json"
    settings.BUILD_MANIFEST.write_text(json.dumps(chunks), encoding="utf-8")


def test_the_page_without_a_server_needs_its_script_with_all_that_it_imports_styles_and_font() -> None:
    expected = ["inter.woff2", "offline.js", "one.js", "styles.css", "two.js"]
    assert built_files.offline_files("en") == tuple(f"/static/build/assets/{name}" for name in expected)


def test_another_language_needs_its_words_too() -> None:
    assert "/static/build/assets/words_de.js" in built_files.offline_files("de")


def test_the_worker_is_read_as_it_was_built() -> None:
    assert built_files.worker_script() == "work();"
