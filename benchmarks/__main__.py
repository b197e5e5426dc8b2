"""The benchmarks against their goals: `./dev bench [NAME] [--json FILE]`.

Each module `bench_NAME.py` in this folder has a function `run()` that returns its figures.
"""

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from benchmarks.report import Figure, Goal, Row, compare, read_goals, table
from tickfolio.runtime import product_threads

Benchmark = Callable[[], list[Figure]]


def main(arguments: list[str]) -> int:
    """Runs the benchmarks asked for and prints how they stand. Returns 0 when no goal was missed."""
    product_threads.use_one()  # as the product does
    names = names_here()
    parser = argparse.ArgumentParser(prog="./dev bench", description="The benchmarks against their goals.")
    parser.add_argument("name", nargs="?", choices=names, metavar="NAME", help=f"one of: {', '.join(names)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    asked = parser.parse_args(arguments)
    benchmarks = {name: benchmark(name) for name in names if asked.name in (None, name)}
    rows = measure(benchmarks, read_goals())
    print(table(rows))
    if asked.json:
        asked.json.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n", encoding="utf-8")
    return 1 if any(row.met is False for row in rows) else 0


def names_here() -> list[str]:
    """The names of the benchmarks in this folder."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def benchmark(name: str) -> Benchmark:
    """A benchmark's function. It is imported only when it runs."""

    def run() -> list[Figure]:
        figures: list[Figure] = import_module(f"benchmarks.bench_{name}").run()
        return figures

    return run


def measure(benchmarks: dict[str, Benchmark], goals: dict[str, Goal]) -> list[Row]:
    """Runs benchmarks one after the other. One that breaks down leaves its goals unmet and does not stop the others."""
    figures: list[Figure] = []
    for name, run in benchmarks.items():
        print(f"bench {name} …", file=sys.stderr, flush=True)
        figures += figures_of(run)
    return compare(figures, goals, benchmarks=benchmarks)


def figures_of(run: Benchmark) -> Iterable[Figure]:
    """What a benchmark measured; nothing when it broke down, which is shown."""
    try:
        return run()
    except Exception:  # noqa: BLE001  whatever broke, the other benchmarks still have something to say
        traceback.print_exc()
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
