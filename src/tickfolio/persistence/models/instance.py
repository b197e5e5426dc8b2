"""What this installation is, where its market clock stands, and which of its processes does what only one may do."""

from __future__ import annotations

from django.db import models


class InstanceFacts(models.Model):
    """Decided at the first start and never changed: an instance is either a replay or live."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_replay = models.BooleanField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "instance"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_instance"),)


class MarketClockPosition(models.Model):
    """Where a replay's market clock stood last, so that a restart goes on from there."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    run = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "market_clock"
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_market_clock"),)


class Lease(models.Model):
    """Which process does `name`, such as reading the feeds, and until when nobody else may.

    `token` grows whenever another process takes it, so of two that think they have it the one with the higher token is right.
    """

    name = models.CharField(primary_key=True, max_length=32)
    token = models.PositiveBigIntegerField()
    holder = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "lease"
