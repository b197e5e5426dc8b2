"""Every check that needs no test run: `./dev check [--fix]`. All of them run; then what failed is listed."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = [sys.executable, "-m"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check, and the command that mends what it finds, where there is one."""

    name: str
    command: list[str]
    fix: list[str] | None = None
    folder: Path = ROOT


CHECKS = [
    Check("format", [*PYTHON, "ruff", "format", "--check"], fix=[*PYTHON, "ruff", "format"]),
    Check("lint", [*PYTHON, "ruff", "check"], fix=[*PYTHON, "ruff", "check", "--fix"]),
    Check("types", [*PYTHON, "mypy"]),
    Check("imports", [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()"]),
    Check("migrations", [*PYTHON, "tickfolio", "makemigrations", "--check", "--dry-run"]),
    Check("architecture", [*PYTHON, "pytest", "-q", "tests/architecture"]),
    Check(
        "wire types",
        [sys.executable, "-m", "tools.generate_wire_types", "--check"],
        fix=[sys.executable, "-m", "tools.generate_wire_types"],
    ),
    Check(
        "protocol document",
        [sys.executable, "-m", "tools.generate_asyncapi", "--check"],
        fix=[sys.executable, "-m", "tools.generate_asyncapi"],
    ),
    Check("words", [sys.executable, "tools/messages.py", "--check"], fix=[sys.executable, "tools/messages.py"]),
    Check("frontend", ["npm", "run", "check"], fix=["npm", "run", "format"], folder=ROOT / "frontend"),
]

LONGEST_FIRST = sorted(CHECKS, key=lambda check: check.name not in {"types", "architecture"})


def main(arguments: list[str]) -> int:
    """Mends what can be mended, if asked to, then runs every check. Returns the exit status."""
    with tempfile.TemporaryDirectory(prefix="tickfolio-check-") as data:
        os.environ["TICKFOLIO_DATA"] = data
        os.environ["TICKFOLIO_MODE"] = "test"
        os.environ["NO_COLOR"] = "1"
        if "--fix" in arguments:
            for check in CHECKS:
                if check.fix:
                    passes(f"{check.name}, mending", check.fix, check.folder)
        # Two at a time: the types alone take as long as all the others.
        with ThreadPoolExecutor(max_workers=2) as workers:
            passed = list(workers.map(lambda check: passes(check.name, check.command, check.folder), LONGEST_FIRST))
        failed = [check.name for check, is_well in zip(LONGEST_FIRST, passed, strict=True) if not is_well]
    print(f"checks: {len(CHECKS) - len(failed)} passed, {len(failed)} failed")
    if failed:
        print("failed: " + ", ".join(failed))
    return 1 if failed else 0


def passes(name: str, command: list[str], folder: Path) -> bool:
    """Runs one command, and shows what it printed only when it fails."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    mark = "ok" if done.returncode == 0 else "FAILED"
    told = f"{name:<20} {mark:<7} {time.monotonic() - started:5.1f} s"
    print(told if done.returncode == 0 else f"{told}\n{done.stdout}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
