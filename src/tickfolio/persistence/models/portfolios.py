"""Portfolios, who may see them, their accounts, and the instruments that only they know."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.tenancy import Role, TenantManager, TenantModel


class Portfolio(TenantModel):
    """A set of accounts, valued together in one base currency, and how it counts the time for which something was held.

    Deleting one marks it: the facts in it stay. `benchmark` is the symbol of what it is measured against.

    `head` is the sequence of its newest change; every change adds one and leaves a row in the outbox.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=80)
    base_currency = models.CharField(max_length=3)
    day_count = models.CharField(max_length=20, default="actual")
    long_term_months = models.PositiveSmallIntegerField(default=12)
    benchmark = models.CharField(max_length=32, default="")
    head = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager(portfolio="pk")

    class Meta(TenantModel.Meta):
        db_table = "portfolio"


class Membership(TenantModel):
    """That a person may see a portfolio, and what they may do in it."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "membership"
        constraints = (models.UniqueConstraint(fields=["portfolio", "user"], name="one_role_a_member"),)


class Account(TenantModel):
    """A brokerage or bank account, and how its lots are matched and its costs are counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    name = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    cost_basis_method = models.CharField(max_length=20, default="fifo")
    cash_method = models.CharField(max_length=20, default="fifo")
    fees_in_cost = models.BooleanField(default=True)
    allows_shorts = models.BooleanField(default=False)
    action_rule = models.CharField(max_length=10, default="all")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "account"
        constraints = (models.UniqueConstraint(fields=["portfolio", "name"], name="one_account_a_name"),)


class PrivateInstrument(TenantModel):
    """An instrument that no feed offered when it was first booked: known to one portfolio, which types its prices.

    What was booked of it was counted by its contract size and its quote unit, so neither changes. `replaced_sequence` is the
    change of the portfolio from which on the instrument counts that a feed offers by its symbol; null where it never did.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    symbol = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    instrument_class = models.CharField(max_length=20, default="equity")
    contract_size = ExactDecimalField(default=Decimal(1))
    quote_unit = ExactDecimalField(default=Decimal(1))
    created_at = models.DateTimeField()
    replaced_sequence = models.PositiveBigIntegerField(null=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "private_instrument"
        constraints = (models.UniqueConstraint(fields=["portfolio", "symbol"], name="one_private_symbol"),)


class InstrumentClassification(TenantModel):
    """What the members of a portfolio say an instrument is; empty where they say nothing, and then what is known counts.

    `country` is a code of ISO 3166, the other three are in their own words. Each change adds one to `version`.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    symbol = models.CharField(max_length=32)
    class_label = models.CharField(max_length=40, blank=True, default="")
    sector = models.CharField(max_length=60, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    tag = models.CharField(max_length=40, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "instrument_classification"
        constraints = (models.UniqueConstraint(fields=["portfolio", "symbol"], name="one_classification_a_symbol"),)


class AllocationTargets(TenantModel):
    """How a portfolio is to be divided by one dimension: classes, sectors, countries, currencies, tags or holdings.

    `parts` is JSON, as services/allocation_targets.py writes it. `tolerance` is how far a part may be off, in percentage points.
    Each change adds one to `version`; targets that were taken away have no parts.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    dimension = models.CharField(max_length=10)
    parts = models.TextField()
    tolerance = ExactDecimalField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "allocation_targets"
        constraints = (models.UniqueConstraint(fields=["portfolio", "dimension"], name="one_set_of_targets"),)
