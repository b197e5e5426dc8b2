"""Build hook: a wheel without the built pages would start and serve nothing, so it is refused."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MANIFEST = Path("src/tickfolio/web/static/build/.vite/manifest.json")


class BuiltPagesHook(BuildHookInterface[Any]):
    """Refuses to build a wheel until `./dev build` has made the pages."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if not (Path(self.root) / MANIFEST).is_file():
            raise RuntimeError(f"Expected the built pages at {MANIFEST}, found none. Run `./dev build` first.")
