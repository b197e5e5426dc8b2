"""What a portfolio was worth when something crossed its border."""

from __future__ import annotations

import uuid

from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.models.ledger import LedgerTransaction
from tickfolio.persistence.models.portfolios import Portfolio
from tickfolio.persistence.tenancy import FactModel


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
