"""What people decided about corporate actions that market data tell of."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickfolio.persistence.models.market import CorporateActionFact
from tickfolio.persistence.models.portfolios import Account, Portfolio
from tickfolio.persistence.tenancy import TenantModel


class ActionDismissal(TenantModel):
    """That an account does not take a corporate action, whatever its rule is.

    It is of the very version that was seen: a correction of the action is asked about anew. Taking it back deletes the row.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="+")
    action = models.ForeignKey(CorporateActionFact, on_delete=models.DO_NOTHING, related_name="+")
    dismissed_at = models.DateTimeField()
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "action_dismissal"
        constraints = (models.UniqueConstraint(fields=["account", "action"], name="one_dismissal_of_an_action"),)
