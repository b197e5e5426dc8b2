"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB a password, once over, in one lane.

    Django's own asks for 100 MiB and eight threads: some sign-ins at once would take the memory of a small server.

    **Source**: OWASP Password Storage Cheat Sheet, Argon2id, the first of its equal settings (m=47104, t=1, p=1).
    """

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
