"""What was booked: versions that are facts, a header row per transaction that is a cache of them, and the outbox."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.models.portfolios import Account, Portfolio
from tickfolio.persistence.tenancy import FactModel, TenantModel


class LedgerTransaction(TenantModel):
    """A transaction as lists find it: a cache of its newest version, which `current_version` names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+")
    entry_sequence = models.PositiveBigIntegerField()
    version = models.PositiveIntegerField()
    current_version = models.ForeignKey("persistence.TransactionVersion", on_delete=models.DO_NOTHING, related_name="+")
    is_deleted = models.BooleanField()
    type = models.CharField(max_length=20)
    at = models.DateTimeField()
    symbol = models.CharField(max_length=32, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "ledger_transaction"
        constraints = (
            models.UniqueConstraint(
                fields=["account", "fingerprint"],
                condition=models.Q(is_deleted=False) & ~models.Q(fingerprint=""),
                name="one_live_fingerprint",
            ),
        )
        indexes = (
            models.Index(fields=["portfolio", "is_deleted", "-at", "-entry_sequence"], name="newest_transactions"),
            models.Index(fields=["account", "symbol"], name="transactions_of_a_position"),
            models.Index(fields=["portfolio", "type"], name="transactions_of_a_type"),
        )


class TransactionVersion(FactModel):
    """What was said of a transaction at one time: version 1 is the entry, later ones are edits, a deleted one reverses it.

    `amount` is the gross of a trade, a dividend or interest, what an exchange sold, the cash of a merger, and the amount of all
    else; `counter_amount` is what an exchange bought or a dividend was reinvested in. `taxes` of a dividend and of interest are
    the withholding tax. `split_new` and `split_old` are the ratio of a split, a spin-off or a merger, and `cost_share` is the
    part of the cost that goes with a spin-off or the cash of a merger. `lots` are the lots that came with a transfer or that
    were chosen, as persistence/kept_lots.py writes them; costs are in `currency`, and so is `cash_in_lieu`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.DO_NOTHING, related_name="+")
    version = models.PositiveIntegerField()
    ledger_sequence = models.PositiveBigIntegerField()
    is_deleted = models.BooleanField()
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+")
    entry_sequence = models.PositiveBigIntegerField()
    type = models.CharField(max_length=20)
    at = models.DateTimeField()
    symbol = models.CharField(max_length=32, blank=True)
    quantity = ExactDecimalField(null=True)
    price = ExactDecimalField(null=True)
    amount = ExactDecimalField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    fees = ExactDecimalField(null=True)
    taxes = ExactDecimalField(null=True)
    settlement_amount = ExactDecimalField(null=True)
    settlement_currency = models.CharField(max_length=3, blank=True)
    settlement_rate = ExactDecimalField(null=True)
    counter_amount = ExactDecimalField(null=True)
    counter_currency = models.CharField(max_length=3, blank=True)
    split_new = models.PositiveIntegerField(null=True)
    split_old = models.PositiveIntegerField(null=True)
    to_account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+", null=True)
    new_symbol = models.CharField(max_length=32, blank=True)
    cost_share = ExactDecimalField(null=True)
    cash_in_lieu = ExactDecimalField(null=True)
    lots = models.TextField(blank=True)
    ex_date = models.DateField(null=True)
    accrues_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)
    import_batch = models.ForeignKey(
        "persistence.ImportBatch", on_delete=models.DO_NOTHING, related_name="+", null=True
    )

    class Meta(FactModel.Meta):
        db_table = "transaction_version"
        constraints = (
            models.UniqueConstraint(fields=["transaction", "version"], name="one_row_a_version"),
            models.UniqueConstraint(fields=["portfolio", "ledger_sequence"], name="one_version_a_sequence"),
        )


class OutboxEntry(FactModel):
    """That a portfolio changed, written in the transaction of the change. The entries of a portfolio cover 1 to its head.

    One entry covers `first_sequence` to `sequence`: more than one where an import booked many transactions at once.
    """

    class Kind(models.TextChoices):
        """What changed."""

        TRANSACTION_ADDED = "transaction_added"
        TRANSACTION_EDITED = "transaction_edited"
        TRANSACTION_DELETED = "transaction_deleted"
        IMPORT_BOOKED = "import_booked"
        IMPORT_UNDONE = "import_undone"
        PORTFOLIO_CHANGED = "portfolio_changed"
        ACCESS_CHANGED = "access_changed"

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    first_sequence = models.PositiveBigIntegerField()
    sequence = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=30, choices=Kind.choices)
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.DO_NOTHING, related_name="+", null=True)
    version = models.PositiveIntegerField(null=True)
    import_batch = models.ForeignKey(
        "persistence.ImportBatch", on_delete=models.DO_NOTHING, related_name="+", null=True
    )
    recorded_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        db_table = "outbox"
        constraints = (
            models.UniqueConstraint(fields=["portfolio", "sequence"], name="one_entry_a_sequence"),
            models.CheckConstraint(
                condition=models.Q(first_sequence__lte=models.F("sequence")), name="entry_covers_a_sequence"
            ),
        )
