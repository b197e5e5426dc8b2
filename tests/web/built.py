"""A build's manifest for tests of pages, so that they need no Node."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django_vite.core.asset_loader import (  # type: ignore[import-untyped]  # it carries no types
    DjangoViteAppClient,
    DjangoViteAssetLoader,
    DjangoViteConfig,
)

FRONTEND = Path(__file__).parents[2] / "frontend"
FONT = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"


def pretend_build(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry that a template may ask for stands in the manifest, under the name of its source."""
    pages = (path.relative_to(FRONTEND).as_posix() for path in sorted((FRONTEND / "src" / "pages").glob("*.ts")))
    assets: dict[str, dict[str, object]] = {
        page: {"file": f"assets/{Path(page).stem}.js", "isEntry": True} for page in pages
    }
    assets["src/words/de.ts"] = {"file": "assets/words_de.js", "isEntry": True}
    assets["src/styles/index.css"] = {"file": "assets/styles.css", "isEntry": True}
    assets[FONT] = {"file": "assets/inter.woff2"}
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(assets), encoding="utf-8")
    config = DjangoViteConfig(manifest_path=manifest, static_url_prefix="build")
    monkeypatch.setitem(DjangoViteAssetLoader.instance()._apps, "default", DjangoViteAppClient(config))
