"""What the frontend's build made, by the manifest that it wrote."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

WORKER = "src/offline/worker.ts"
STYLES = "src/styles/index.css"
FONT = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"
OFFLINE_PAGE = "src/pages/offline.ts"


def worker_script() -> str:
    """The text of the service worker."""
    file: str = _chunks()[WORKER]["file"]
    return (_folder() / file).read_text(encoding="utf-8")


def offline_files(language: str) -> tuple[str, ...]:
    """The addresses of all that the page without a server needs, in the order of their names."""
    words = f"src/words/{language}.ts"
    entries = [STYLES, FONT, OFFLINE_PAGE, *([words] if words in _chunks() else [])]
    return tuple(sorted({f"{settings.STATIC_URL}build/{file}" for entry in entries for file in _with_imports(entry)}))


def _with_imports(entry: str) -> set[str]:
    """A chunk's file and those of all that it imports at once."""
    chunks, found, waiting, seen = _chunks(), set[str](), [entry], set[str]()
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            found.add(chunks[each]["file"])
            waiting += chunks[each].get("imports", [])
    return found


def _folder() -> Path:
    manifest: Path = settings.BUILD_MANIFEST
    return manifest.parent.parent


def _chunks() -> dict[str, dict[str, Any]]:
    return _read(settings.BUILD_MANIFEST)


@cache
def _read(manifest: Path) -> dict[str, dict[str, Any]]:
    """Read once: a build does not change while a process runs. `Any`: what Vite wrote."""
    told: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))
    return told
