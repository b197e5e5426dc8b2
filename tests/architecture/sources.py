"""The project's own files, as the architecture tests read them."""

import ast
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "tickfolio"
NOT_OURS = {".git", ".venv", ".tools", ".data", "var", "node_modules", "test-output", "dist", "build", "__pycache__"}


@dataclass(frozen=True)
class Module:
    """One Python module of the product."""

    path: Path

    @property
    def name(self) -> str:
        """Its dotted name, such as `tickfolio.domain.money`; a package's own module bears the package's name."""
        parts = self.path.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    def imports(self) -> Iterator[str]:
        """The dotted names that it imports, wherever in the file that is done."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from (f"{self._origin(node)}.{alias.name}" for alias in node.names)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])

    def at(self, node: ast.AST) -> str:
        """A place in the file, as editors write it."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def modules(*packages: str) -> list[Module]:
    """The product's modules, or those of the named packages and modules under `tickfolio`, tests excluded."""
    wanted = [f"tickfolio.{package}" for package in packages] or ["tickfolio"]
    return [module for module in all_modules() if any(is_within(module.name, package) for package in wanted)]


@cache
def all_modules() -> list[Module]:
    """Every module of the product."""
    return [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]


def is_within(name: str, package: str) -> bool:
    """Whether a dotted name is the package or in it."""
    return name == package or name.startswith(f"{package}.")


@cache
def project_files() -> list[Path]:
    """Every file of the project: those git knows, or, in an unpacked archive, those that nothing made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return list(found_files())


def found_files() -> Iterator[Path]:
    """Every file that no tool made, found by walking."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith("_cache")]
        yield from (Path(folder) / name for name in files)
