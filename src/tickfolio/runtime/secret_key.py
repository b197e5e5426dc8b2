"""The secret that signs sessions: made at the first start, readable by its owner only, never logged."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def ensure_secret_key(file: Path) -> None:
    """Writes a new secret into `file` (mode 0600) unless one is there; two first starts at once agree on one."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secrets.token_urlsafe(64))
    try:
        os.link(scratch, file)  # fails where another process was faster, whose secret then stands
    except FileExistsError:
        return
    finally:
        scratch.unlink()
