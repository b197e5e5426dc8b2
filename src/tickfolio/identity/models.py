"""The user. It is our own model from the first migration on, because a user model cannot be exchanged later."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person, known by an e-mail address."""

    email = models.EmailField("e-mail address", unique=True)
