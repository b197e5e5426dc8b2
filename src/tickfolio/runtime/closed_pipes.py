"""Output into a pipe whose reader has seen enough, as that of `tickfolio explain … | head`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

ENDED_BY_CLOSED_PIPE = 141
"""The exit code: what a shell says of a program that SIGPIPE (13) ended, 128 + 13."""


def until_nobody_reads(command: Callable[[], int]) -> int:
    """The exit code of `command`, which ends without a word where nobody reads its output any more."""
    try:
        try:
            return command()
        finally:
            sys.stdout.flush()  # what is still kept back is said here, or the interpreter would trip over it at its end
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return ENDED_BY_CLOSED_PIPE
