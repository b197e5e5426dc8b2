"""Prices that somebody typed, of the instruments that only their portfolio knows."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField
from tickfolio.persistence.models.portfolios import Portfolio
from tickfolio.persistence.tenancy import FactModel


class ManualPrice(FactModel):
    """The price of a private instrument on a day, in the quote unit and the currency of the instrument.

    A correction is a later version of the same symbol and day, and so is what withdraws it: that one repeats the price.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    symbol = models.CharField(max_length=32)
    day = models.DateField()
    price = ExactDecimalField()
    version = models.PositiveIntegerField()
    ledger_sequence = models.PositiveBigIntegerField()
    is_withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(FactModel.Meta):
        db_table = "manual_price"
        constraints = (
            models.UniqueConstraint(fields=["portfolio", "symbol", "day", "version"], name="one_version_of_a_price"),
            models.UniqueConstraint(fields=["portfolio", "ledger_sequence"], name="one_price_a_sequence"),
        )
