"""Files that were read in: one batch a file, with every row as it stood there and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from tickfolio.persistence.models.ledger import LedgerTransaction
from tickfolio.persistence.models.portfolios import Account, Portfolio
from tickfolio.persistence.tenancy import TenantModel


class ImportBatch(TenantModel):
    """One file: previewed until `expires_at`, then booked or gone; undone where `undone_at` is set.

    `content` is the file, compressed, while it is previewed; `choices` is what the person decided about it, `findings` what was
    found in it besides its rows; `judged_head` is the portfolio's head at which the rows' fates were judged.
    """

    class State(models.TextChoices):
        """How far it is."""

        PREVIEWED = "previewed"
        BOOKED = "booked"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    state = models.CharField(max_length=20, choices=State.choices)
    expires_at = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)
    choices = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    judged_head = models.PositiveBigIntegerField(default=0)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+", null=True)
    format = models.CharField(max_length=30)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)
    rows_booked = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_ignored = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "import_batch"
        indexes = (models.Index(fields=["portfolio", "-created_at"], name="newest_batches"),)


class ImportRow(TenantModel):
    """A row of the file as it stood there; `ordinal` counts from 1, `fate` and `reason` say what became of it.

    `entry` is what was understood of it. `transaction` is the one that has it already, or the id that a new one gets when the
    batch is booked, so that booking need not touch the rows again.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.DO_NOTHING, related_name="+")
    ordinal = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    raw = models.TextField()
    fate = models.CharField(max_length=20)
    reason = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    entry = models.JSONField(null=True)
    transaction = models.ForeignKey(
        LedgerTransaction, on_delete=models.DO_NOTHING, related_name="+", null=True, db_constraint=False
    )

    class Meta(TenantModel.Meta):
        db_table = "import_row"
        constraints = (models.UniqueConstraint(fields=["batch", "ordinal"], name="one_row_an_ordinal"),)


class ImportFile(TenantModel):
    """The content of an attached file that came with a preview, by its SHA-256; it goes when the preview is booked or over."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    batch = models.ForeignKey(ImportBatch, on_delete=models.DO_NOTHING, related_name="+")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        db_table = "import_file"
        constraints = (models.UniqueConstraint(fields=["batch", "sha256"], name="one_content_a_file"),)
