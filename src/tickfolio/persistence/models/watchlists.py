"""Lists of instruments that people follow, whether or not they hold them."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from tickfolio.persistence.tenancy import PersonalManager


class Watchlist(models.Model):
    """A list of one person: the keys of its instruments in their order, which is written as a whole with the next version.

    An instrument is named by its key, so that a new symbol takes nothing from a list. A deleted list is marked first, so that
    the deletion can be undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    instruments = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects: ClassVar[PersonalManager[Self]] = PersonalManager()
    unguarded: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        db_table = "watchlist"
        default_manager_name = "unguarded"
        indexes = (models.Index(fields=["user", "position"], name="watchlists_of_a_person"),)
