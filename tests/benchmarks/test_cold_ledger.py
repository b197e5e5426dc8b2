"""The cold ledger is written by one process and valued by another."""

from pathlib import Path

from benchmarks.bench_ledger import said


def test_what_one_process_writes_another_values(tmp_path: Path) -> None:
    owner, portfolio = said("write", str(tmp_path), "3", "30").split()
    assert float(said("read", str(tmp_path), owner, portfolio)) > 0
