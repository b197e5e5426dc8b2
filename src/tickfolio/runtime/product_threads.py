"""How many threads numpy may use for a product of matrices: one."""

from __future__ import annotations

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def use_one() -> None:
    """Says so to the libraries that numpy may stand on, before it is imported; what the operator has set stays.

    The products here are small, and after each the helper threads wait for the next by spinning: a page that was worked out in
    57 ms cost 112 ms of CPU, and one core less for everybody else.
    """
    for name in VARIABLES:
        os.environ.setdefault(name, "1")
