"""Products of matrices cost one thread."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tickfolio.runtime.product_threads import VARIABLES, use_one

COUNTED = (
    "import os, threading; import tickfolio.config.settings; assert 'numpy' not in __import__('sys').modules;"
    " import numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300)); print(len(os.listdir('/proc/self/task')))"
)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as Linux shows them")
def test_a_product_makes_no_threads() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment |= {"TICKFOLIO_MODE": "test"}
    done = subprocess.run(
        [sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    assert done.stdout.strip() == "1"


def test_what_the_operator_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLES[0], "4")
    monkeypatch.delenv(VARIABLES[1], raising=False)
    use_one()
    assert [os.environ[name] for name in VARIABLES] == ["4", "1"]
