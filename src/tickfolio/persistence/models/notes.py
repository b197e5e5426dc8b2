"""What members write down about an instrument."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickfolio.persistence.models.market import InstrumentRecord
from tickfolio.persistence.models.portfolios import Portfolio, PrivateInstrument
from tickfolio.persistence.tenancy import TenantModel


class InstrumentNote(TenantModel):
    """One text about an instrument in a portfolio, which all its members may read.

    It is of an instrument that feeds offer, or of one of the portfolio's `own`: one of the two is set.
    `version` grows with each change, so that nobody writes over what they have not seen; an empty text is no note.
    """

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    instrument = models.ForeignKey(InstrumentRecord, on_delete=models.DO_NOTHING, related_name="+", null=True)
    own = models.ForeignKey(PrivateInstrument, on_delete=models.DO_NOTHING, related_name="+", null=True)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True)

    class Meta(TenantModel.Meta):
        db_table = "instrument_note"
        constraints = (
            models.UniqueConstraint(fields=["portfolio", "instrument"], name="one_note_of_an_instrument"),
            models.UniqueConstraint(fields=["portfolio", "own"], name="one_note_of_an_own_instrument"),
            models.CheckConstraint(
                condition=models.Q(instrument__isnull=True) ^ models.Q(own__isnull=True), name="note_of_one_instrument"
            ),
        )
