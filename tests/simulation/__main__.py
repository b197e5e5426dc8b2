"""Replays one seed and prints all that happened: `.venv/bin/python -m tests.simulation SEED`."""

from __future__ import annotations

import sys

from tests.simulation.world import simulated

findings = simulated(int(sys.argv[1]))
sys.stdout.write("\n".join((*findings.trace, "", findings.report(), f"All frames: {findings.digest:08x}", "")))
sys.exit(1 if findings.problems else 0)
