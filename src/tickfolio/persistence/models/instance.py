"""What this installation is, and where its market clock stands. One row each."""

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
