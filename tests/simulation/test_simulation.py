"""Everything of the live path in one process, by a clock of its own and with injected faults: docs/explanation/simulation.md."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.world import simulated

HERE = Path(__file__).parent
SEEDS, MORE_SEEDS = 200, 5_000
SEEDS_A_MUTANT = 200
SEEDS_THAT_SEE = 20
WORTH_SEEING = {
    "a connection was aborted",
    "a connection was closed: reads_too_slowly",
    "a connection was closed: signed_out",
    "a frame was refused",
    "a snapshot was asked for",
    "a symbol was asked for again",
    "the bus came back",
    "what was missed came in one frame",
}


def failed_seeds() -> list[int]:
    """The seeds that once failed."""
    lines = (HERE / "failed_seeds.txt").read_text(encoding="utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The seeds: those that once failed, and the first ones."""
    if "seed" in metafunc.fixturenames:
        count = MORE_SEEDS if metafunc.config.getoption("long") else SEEDS
        metafunc.parametrize("seed", sorted({*failed_seeds(), *range(count)}))


def test_every_page_is_right_again_after_the_faults(seed: int) -> None:
    findings = simulated(seed)
    assert not findings.problems, findings.report()


@pytest.mark.parametrize(("mutant", "known"), MUTANTS, ids=[mutant.__name__ for mutant, _known in MUTANTS])
def test_a_fault_of_the_product_is_noticed(mutant: Mutant, known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    # The first seed is known to notice, as long as the simulation is as it was; others do, too.
    assert any(simulated(seed).problems for seed in (known, *range(SEEDS_A_MUTANT)))


def test_it_comes_to_all_that_it_is_about() -> None:
    seen = sum((simulated(seed).seen for seed in range(SEEDS_THAT_SEE)), Counter[str]())
    assert set(seen) >= WORTH_SEEING, WORTH_SEEING - set(seen)


def test_a_seed_is_the_same_each_time() -> None:
    told = {_replayed(7, hash_seed=hash_seed) for hash_seed in ("1", "2")}
    assert len(told) == 1


def _replayed(seed: int, *, hash_seed: str) -> str:
    """What a process of its own prints of a seed."""
    command = [sys.executable, "-m", "tests.simulation", str(seed)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    replay = subprocess.run(command, cwd=HERE.parents[1], env=environment, capture_output=True, text=True, check=False)
    assert "All frames: " in replay.stdout, replay.stderr
    return replay.stdout
