"""What the feeds said of finished days, and how they do."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.models.market import InstrumentRecord


class DailyBarFact(models.Model):
    """A finished session of an instrument as a feed told it: a fact, appended and never changed.

    Prices are as they were paid on the day, never adjusted for later splits. A correction is a later version of the same
    instrument, day and source.
    """

    instrument = models.ForeignKey(InstrumentRecord, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    open = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    low = ExactDecimalField(null=True)
    close = ExactDecimalField()
    volume = ExactDecimalField(null=True)
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "daily_bar"
        constraints = (
            models.UniqueConstraint(fields=["instrument", "day", "source", "version"], name="one_version_of_a_day"),
        )


class PublishedRateFact(models.Model):
    """What one unit of `pivot` cost in another currency by a reference rate of one day: a fact, as above."""

    day = models.DateField()
    pivot = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    rate = ExactDecimalField()
    published_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "published_rate"
        constraints = (
            models.UniqueConstraint(
                fields=["day", "pivot", "currency", "source", "version"], name="one_version_of_a_rate"
            ),
        )


class Backfill(models.Model):
    """How far the history of an instrument has been fetched, so that it goes on where it was cut short.

    `actions_until` is the last day of which corporate actions were asked for; `late_since` since when the close of the last
    session is asked for that was not there.
    """

    class State(models.TextChoices):
        """What is to be done."""

        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    instrument = models.OneToOneField(InstrumentRecord, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    since = models.DateField()
    fetched_until = models.DateField(null=True)
    actions_until = models.DateField(null=True)
    late_since = models.DateTimeField(null=True)
    days = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    try_after = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "backfill"


class FeedGateState(models.Model):
    """What was left of a host's budget, and until when it is left alone: a restart is no way around either."""

    host = models.CharField(max_length=200, unique=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()
    failures = models.PositiveIntegerField()
    paused_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "feed_gate"


class FeedCondition(models.Model):
    """How a feed did a few seconds ago, for pages in whatever process; `report` is JSON."""

    name = models.CharField(max_length=40, unique=True)
    report = models.TextField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "feed_condition"


class FeedEvent(models.Model):
    """Something that happened to a feed or a route: an observation with retention."""

    class Kind(models.TextChoices):
        """What happened."""

        STATE = "state"
        MOVE = "move"
        HELD = "held"
        RELEASED = "released"

    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    feed = models.CharField(max_length=40)
    symbol = models.CharField(max_length=32, blank=True)
    text = models.CharField(max_length=400)

    class Meta:
        db_table = "feed_event"
        indexes = (models.Index(fields=["-at"], name="newest_feed_events"),)


class HeldPriceRecord(models.Model):
    """A price in quarantine: kept until another feed confirms it, it goes away, or the operator decides."""

    instrument = models.OneToOneField(InstrumentRecord, on_delete=models.CASCADE, related_name="+")
    price = ExactDecimalField()
    reference = ExactDecimalField()
    doubt = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    source_time = models.DateTimeField()
    count = models.PositiveIntegerField()
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        db_table = "held_price"
