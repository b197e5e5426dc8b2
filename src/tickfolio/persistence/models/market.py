"""Instruments and what the market said of them."""

from __future__ import annotations

from django.db import models

from tickfolio.persistence.exact_decimal import ExactDecimalField


class InstrumentRecord(models.Model):
    """An instrument that a feed or the shipped list offered.

    What it is, whatever its symbol is called today, is its ISIN, where one is known, with its exchange and its currency.
    `feeds` are the names of the feeds that it is priced by, the first one first, with commas between them; empty where the
    operator's order counts. `publication` is one of domain/instruments.Publication, `country` a code of ISO 3166.
    """

    symbol = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    mic = models.CharField(max_length=4)
    currency = models.CharField(max_length=3)
    instrument_class = models.CharField(max_length=20)
    price_places = models.PositiveSmallIntegerField()
    contract_size = ExactDecimalField()
    quote_unit = ExactDecimalField()
    listed_on = models.DateField(null=True)
    delisted_on = models.DateField(null=True)
    isin = models.CharField(max_length=12, blank=True, default="", db_index=True)
    publication = models.CharField(max_length=10, default="tick")
    feeds = models.CharField(max_length=200, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    sector = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        db_table = "instrument"
        constraints = (
            models.UniqueConstraint(
                fields=["isin", "mic", "currency"], condition=~models.Q(isin=""), name="one_instrument_an_identity"
            ),
        )


class FormerSymbol(models.Model):
    """A symbol that an instrument had once; `valid_until` is the last day on which it counted."""

    instrument = models.ForeignKey(InstrumentRecord, on_delete=models.CASCADE, related_name="former_symbols")
    symbol = models.CharField(max_length=32, db_index=True)
    valid_until = models.DateField()

    class Meta:
        db_table = "instrument_symbol"
        constraints = (models.UniqueConstraint(fields=["instrument", "symbol"], name="one_row_a_former_symbol"),)


class LatestQuote(models.Model):
    """The last accepted price: an observation, kept so that a restart shows it with its age."""

    instrument = models.OneToOneField(InstrumentRecord, on_delete=models.CASCADE, related_name="+")
    price = ExactDecimalField()
    previous_close = ExactDecimalField(null=True)
    session_day = models.DateField()
    session = models.CharField(max_length=20)
    source = models.CharField(max_length=40)
    source_time = models.DateTimeField()
    received_time = models.DateTimeField()

    class Meta:
        db_table = "latest_quote"


class IntradayBar(models.Model):
    """What a price did within one minute: an observation with retention."""

    instrument = models.ForeignKey(InstrumentRecord, on_delete=models.CASCADE, related_name="+")
    session_day = models.DateField()
    starts_at = models.DateTimeField()
    open = ExactDecimalField()
    high = ExactDecimalField()
    low = ExactDecimalField()
    close = ExactDecimalField()

    class Meta:
        db_table = "intraday_bar"
        constraints = (models.UniqueConstraint(fields=["instrument", "starts_at"], name="one_bar_a_minute"),)
        indexes = (models.Index(fields=["instrument", "session_day"], name="bars_of_a_session"),)


class CorporateActionFact(models.Model):
    """A corporate action: a fact, appended and never changed.

    A correction is a later version of the same instrument, kind, ex-date and source; one that was none is withdrawn by it.
    """

    class Kind(models.TextChoices):
        """What happened."""

        SPLIT = "split"
        CASH_DIVIDEND = "cash_dividend"
        STOCK_DIVIDEND = "stock_dividend"
        SPIN_OFF = "spin_off"
        MERGER = "merger"
        RETURN_OF_CAPITAL = "return_of_capital"
        SYMBOL_CHANGE = "symbol_change"

    instrument = models.ForeignKey(InstrumentRecord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    ex_date = models.DateField()
    split_new = models.PositiveIntegerField(null=True)
    split_old = models.PositiveIntegerField(null=True)
    amount = ExactDecimalField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    pay_date = models.DateField(null=True)
    new_symbol = models.CharField(max_length=32, blank=True)
    cost_share = ExactDecimalField(null=True)
    source = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    is_withdrawn = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "corporate_action"
        constraints = (
            models.UniqueConstraint(
                fields=["instrument", "kind", "ex_date", "source", "version"], name="one_version_of_a_fact"
            ),
        )
