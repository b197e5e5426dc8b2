"""Explanations that somebody has a lasting link to."""

from __future__ import annotations

from django.db import models

from tickfolio.persistence.models.portfolios import Portfolio
from tickfolio.persistence.tenancy import FactModel


class KeptExplanation(FactModel):
    """What a figure was asked for and worked out from, by the digest of exactly that: the same is kept once."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.DO_NOTHING, related_name="+")
    digest = models.CharField(max_length=64)
    content = models.TextField()
    kept_at = models.DateTimeField()

    class Meta(FactModel.Meta):
        db_table = "kept_explanation"
        constraints = (models.UniqueConstraint(fields=["portfolio", "digest"], name="one_explanation_a_digest"),)
