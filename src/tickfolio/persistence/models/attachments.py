"""Files that belong to transactions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from tickfolio.persistence.models.ledger import LedgerTransaction
from tickfolio.persistence.models.portfolios import Portfolio
from tickfolio.persistence.tenancy import TenantModel


class Attachment(TenantModel):
    """One file of a transaction. Its content is never changed; one that was removed has the moment of that.

    `content` is null where the file was removed so long ago that its bytes are gone; the row stays, for the history.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.DO_NOTHING, related_name="+")
    file_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "attachment"
