"""What every test with faults needs: a seed that is printed, and from which it can be played again."""

import os
import secrets

import pytest


@pytest.fixture
def seed() -> int:
    """The seed of this run: another one each time, or the one in FAULT_SEED; a failing test shows it."""
    seed = int(os.environ.get("FAULT_SEED") or secrets.randbelow(2**32))
    print(f"FAULT_SEED={seed}")  # noqa: T201  # pytest shows it with a failure
    return seed
