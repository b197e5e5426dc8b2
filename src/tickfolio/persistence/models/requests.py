"""Requests that were answered, so that a repeated one is answered again and not done again."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from tickfolio.persistence.tenancy import PersonalManager


class IdempotencyKey(models.Model):
    """A key that a person sent with a request, what was asked, and what was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    response = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects: ClassVar[PersonalManager[Self]] = PersonalManager()
    unguarded: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        db_table = "idempotency_key"
        default_manager_name = "unguarded"
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="one_request_a_key"),)
