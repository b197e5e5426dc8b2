"""What a portfolio was worth: facts of the moments of external flows, and its finished days, which are derived."""

from __future__ import annotations

import uuid

from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.models.ledger import LedgerTransaction
from tickfolio.persistence.models.portfolios import Portfolio
from tickfolio.persistence.tenancy import FactModel, TenantModel


class FlowValuation(FactModel):
    """What the portfolio was worth just before an external flow that was entered as it happened, and by what prices.

    `value` is in `base_currency` and of the ledger as it was at `ledger_sequence`, the entry of the flow. `at` is the moment of
    the flow, `market_at` that of the prices. `rows` of the portfolio had something in them and `priced_rows` of them a good
    price. `quotes` and `rates` are what it rests on, as persistence/kept_prices.py writes them: with them the value can be
    worked out again when the ledger before the flow is changed later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.DO_NOTHING, related_name="+")
    ledger_sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    market_at = models.DateTimeField()
    value = ExactDecimalField()
    base_currency = models.CharField(max_length=3)
    rows = models.PositiveIntegerField()
    priced_rows = models.PositiveIntegerField()
    quotes = models.TextField(blank=True)
    rates = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        db_table = "flow_valuation"
        constraints = (models.UniqueConstraint(fields=["transaction"], name="one_valuation_a_flow"),)
        indexes = (models.Index(fields=["portfolio", "at"], name="valued_flows_in_order"),)


class DailySeries(TenantModel):
    """What the stored days of a portfolio were worked out from, and how far they go. Derived: `tickfolio rebuild` makes it anew.

    They are those of the ledger at `head` with the corporate actions up to `actions`, in `base_currency`, for an owner in `zone`,
    as the release `version` works them out. `first_day` is empty where nothing had happened by `last_day`. `bars` and `rates` are
    the newest daily bar and exchange rate that had been recorded: what comes later may change the days.
    """

    portfolio = models.OneToOneField(Portfolio, on_delete=models.DO_NOTHING, related_name="+", primary_key=True)
    head = models.PositiveBigIntegerField()
    actions = models.PositiveBigIntegerField()
    base_currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    first_day = models.DateField(null=True)
    last_day = models.DateField()
    bars = models.PositiveBigIntegerField(default=0)
    rates = models.PositiveBigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "daily_series"


class DailyValue(TenantModel):
    """A finished day of a portfolio, as domain/performance/series.py has it. Derived.

    `came_in` and `went_out` are the external flows, both unsigned.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    day = models.DateField()
    opening = ExactDecimalField()
    closing = ExactDecimalField()
    value = ExactDecimalField()
    came_in = ExactDecimalField()
    went_out = ExactDecimalField()
    growth = ExactDecimalField()
    is_skipped = models.BooleanField()
    left_out = models.PositiveIntegerField()

    class Meta(TenantModel.Meta):
        db_table = "daily_value"
        constraints = (models.UniqueConstraint(fields=["portfolio", "day"], name="one_value_a_day"),)
