"""Work that somebody waits for, noted while it goes on: what went with its process is still told of when they come back."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from tickfolio.persistence.tenancy import PersonalManager


class JobNote(models.Model):
    """A job that is not over, or was not when its process ended. Its work takes the note away in its own transaction.

    `portfolio_id` is empty of work outside of any portfolio; `process` is what does it, as runtime/process_marks.py marks it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    portfolio_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=255)
    process = models.CharField(max_length=120)
    begun_at = models.DateTimeField()

    objects: ClassVar[PersonalManager[Self]] = PersonalManager()
    unguarded: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        db_table = "job_note"
        default_manager_name = "unguarded"
