"""Drafts of trades and of what instruments pay, read as the transactions that they mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TypedDict

from tickfolio.domain.instruments import Instrument, Symbol
from tickfolio.domain.ledger.transactions import (
    MAX_AMOUNT,
    MAX_PRICE,
    Buy,
    Dividend,
    DividendReinvested,
    Interest,
    Sell,
    Settlement,
    Transaction,
    TransactionType,
)
from tickfolio.domain.money import (
    EXACT,
    MAX_PRICE_PLACES,
    ROUNDING,
    Currency,
    ExchangeRate,
    Money,
    plain,
    rounded,
)
from tickfolio.errors import InvalidValue
from tickfolio.runtime.calendars import exchange_calendar
from tickfolio.services.draft_fields import DraftFields
from tickfolio.services.draft_lots import chosen_lots
from tickfolio.services.drafts import DraftPlace
from tickfolio.words import phrase

RATE_TOLERANCE = Decimal("0.01")


def read_trade(fields: DraftFields, kind: TransactionType, place: DraftPlace) -> tuple[Transaction, tuple[Instrument]]:
    """A purchase or a sale."""
    instrument = fields.instrument()
    currency = traded_currency(fields, instrument)
    quantity = fields.positive("quantity", "a quantity")
    price, gross = _price_and_gross(fields, instrument, quantity)
    lots = chosen_lots(fields, quantity, instrument.symbol) if kind is TransactionType.SELL else ()
    fees = Money(fields.not_negative("fees", "fees"), currency)
    taxes = Money(fields.not_negative("taxes", "taxes"), currency)
    is_sale = kind is TransactionType.SELL
    total = EXACT.add(fees.amount, taxes.amount)
    if is_sale and not fields.errors and total > gross:
        fields.refuse(
            "fees",
            phrase(
                "Expected fees and taxes of at most the gross amount {gross}, were {found}.",
                gross=plain(gross),
                found=plain(total),
            ),
        )
    fields.check()
    moved = EXACT.subtract(gross, total) if is_sale else EXACT.add(gross, total)
    settlement = _settlement(fields, Money(moved, currency))
    said: _Trade = {
        "symbol": instrument.symbol,
        "quantity": quantity,
        "price": price,
        "gross": Money(gross, currency),
        "fees": fees,
        "taxes": taxes,
        "settlement": settlement,
    }
    return (Sell(**place, **said, lots=lots) if is_sale else Buy(**place, **said)), (instrument,)


class _Trade(TypedDict):
    """What a purchase and a sale have."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    gross: Money
    fees: Money
    taxes: Money
    settlement: Settlement | None


def traded_currency(fields: DraftFields, instrument: Instrument) -> Currency:
    """The currency of the instrument, in which its lots are; another one is refused."""
    currency = fields.currency("currency", "a currency", default=instrument.currency)
    if currency != instrument.currency and "symbol" not in fields.errors:
        fields.refuse(
            "currency",
            phrase(
                "Expected {currency}, the currency of {symbol}, was {found}. Where the account paid in "
                "another one, say so in the settlement.",
                currency=instrument.currency,
                symbol=instrument.symbol,
                found=currency,
            ),
        )
    return currency


def _price_and_gross(
    fields: DraftFields, instrument: Instrument, quantity: Decimal, *, named: str = "gross"
) -> tuple[Decimal, Decimal]:
    """Price and gross amount: the one that was not stated follows from the other. A stated gross amount counts as it is."""
    gross = fields.stated(named, phrase("a gross amount"))
    if gross is not None and gross < 0:
        fields.refuse(named, phrase("Expected a gross amount of zero or more, was {plain}.", plain=plain(gross)))
    if gross is not None and fields.draft.price is None:
        units = EXACT.multiply(quantity, instrument.contract_size)
        quotient = ROUNDING.divide(EXACT.multiply(gross, instrument.quote_unit), units if units > 0 else Decimal(1))
        if quotient >= MAX_PRICE:
            fields.refuse(
                named, phrase("Expected a gross amount that makes a price below {max_price:,}.", max_price=MAX_PRICE)
            )
        return rounded(quotient, places=MAX_PRICE_PLACES), gross
    price = fields.not_negative("price", "a price", default=None)
    if gross is not None:
        return price, gross
    derived = gross_of(quantity, price, contract_size=instrument.contract_size, quote_unit=instrument.quote_unit)
    if derived >= MAX_AMOUNT:
        fields.refuse(
            "quantity",
            phrase(
                "Expected quantity × price below {max_amount:,}, was {plain}.",
                max_amount=MAX_AMOUNT,
                plain=plain(derived),
            ),
        )
    return price, derived


def gross_of(quantity: Decimal, price: Decimal, *, contract_size: Decimal, quote_unit: Decimal) -> Decimal:
    """What a quantity comes to at a price.

    >>> gross_of(Decimal(1), Decimal("2.5"), contract_size=Decimal(100), quote_unit=Decimal(1))
    Decimal('250.0')
    """
    return ROUNDING.divide(EXACT.multiply(EXACT.multiply(quantity, price), contract_size), quote_unit)


def _settlement(fields: DraftFields, total: Money) -> Settlement | None:
    """What moved in cash where that was another currency than the trade's. A stated amount wins over the rate."""
    draft = fields.draft
    if not draft.settlement_currency:
        for field in ("settlement_rate", "settlement_amount"):
            if getattr(draft, field) is not None:
                fields.refuse("settlement_currency", phrase("Expected the currency that was really paid in."))
        fields.check()
        return None
    currency = fields.currency("settlement_currency", "a currency")
    fields.check()
    if currency == total.currency:
        return None
    rate, amount = _rate_and_amount(fields, total, currency)
    fields.check()
    return Settlement(Money(amount, currency), ExchangeRate(total.currency, currency, rate))


def _rate_and_amount(fields: DraftFields, total: Money, currency: Currency) -> tuple[Decimal, Decimal]:
    draft = fields.draft
    if draft.settlement_rate is None and draft.settlement_amount is None:
        fields.refuse(
            "settlement_amount",
            phrase("Expected the amount that moved in {currency}, or the rate that was paid.", currency=currency),
        )
        return Decimal(1), Decimal(1)
    if total.amount <= 0:
        fields.refuse(
            "settlement_currency",
            phrase(
                "Nothing moved in {currency}, so nothing can have moved in {found}.",
                currency=total.currency,
                found=currency,
            ),
        )
        return Decimal(1), Decimal(1)
    if draft.settlement_amount is None:
        rate = fields.positive("settlement_rate", "a rate")
        # Cash moves in whole coins.
        amount = Money(EXACT.multiply(total.amount, rate), currency).to_minor_unit().amount
        if not 0 < amount < MAX_AMOUNT:
            fields.refuse(
                "settlement_rate",
                phrase(
                    "Expected a rate by which an amount of {currency} moves, was {plain}.",
                    currency=currency,
                    plain=plain(rate),
                ),
            )
        return rate, amount
    amount = fields.positive("settlement_amount", phrase("an amount"))
    implied = rounded(ROUNDING.divide(amount, total.amount), places=MAX_PRICE_PLACES)
    if draft.settlement_rate is None:
        if not 0 < implied < MAX_PRICE:
            fields.refuse(
                "settlement_amount",
                phrase(
                    "Expected an amount nearer to {plain} {currency}.",
                    plain=plain(total.amount),
                    currency=total.currency,
                ),
            )
        return implied, amount
    rate = fields.positive("settlement_rate", "a rate")
    _refuse_other_rate(fields, rate, amount, total=total, currency=currency, implied=implied)
    return rate, amount


def _refuse_other_rate(
    fields: DraftFields, rate: Decimal, amount: Decimal, *, total: Money, currency: Currency, implied: Decimal
) -> None:
    """Statements round rates, so a small difference is none; a big one is a slip."""
    coin = Decimal(1).scaleb(-currency.minor_unit)
    allowed = max(EXACT.multiply(amount, RATE_TOLERANCE), coin)
    if abs(EXACT.subtract(EXACT.multiply(total.amount, rate), amount)) > allowed:
        fields.refuse(
            "settlement_rate",
            phrase(
                "Expected a rate near {expected}, which the amounts give, was {found}. Leave one of them empty.",
                expected=plain(implied),
                found=plain(rate),
            ),
        )


# ---------- Income ----------


def read_dividend(fields: DraftFields, place: DraftPlace) -> tuple[Transaction, tuple[Instrument]]:
    """A dividend that was paid in cash."""
    instrument = fields.instrument()
    gross, tax = _gross_and_tax(fields, instrument.currency, phrase("a gross amount"))
    dividend = Dividend(
        **place,
        symbol=instrument.symbol,
        gross=gross,
        withholding_tax=tax,
        accrues_at=_accrues_at(fields, instrument, paid_at=place["at"]),
        settlement=_settlement(fields, gross - tax),
    )
    return dividend, (instrument,)


def read_reinvested(fields: DraftFields, place: DraftPlace) -> tuple[Transaction, tuple[Instrument]]:
    """A dividend and what it bought."""
    instrument = fields.instrument()
    currency = traded_currency(fields, instrument)
    quantity = fields.positive("quantity", phrase("the units that were bought"))
    price, invested = _price_and_gross(fields, instrument, quantity, named="counter_amount")
    fees = Money(fields.not_negative("fees", "fees"), currency)
    gross, tax = _gross_and_tax(fields, currency, phrase("the dividend before tax"))
    dividend = DividendReinvested(
        **place,
        symbol=instrument.symbol,
        gross=gross,
        withholding_tax=tax,
        accrues_at=_accrues_at(fields, instrument, paid_at=place["at"]),
        quantity=quantity,
        price=price,
        invested=Money(invested, currency),
        fees=fees,
    )
    return dividend, (instrument,)


def read_interest(fields: DraftFields, place: DraftPlace, home: Currency) -> tuple[Transaction, tuple[Instrument, ...]]:
    """Interest on cash, or of a bond where one is named."""
    instrument = fields.perhaps_instrument()
    gross, tax = _gross_and_tax(
        fields, home if instrument is None else instrument.currency, phrase("the interest before tax")
    )
    interest = Interest(
        **place,
        gross=gross,
        withholding_tax=tax,
        symbol=None if instrument is None else instrument.symbol,
        settlement=_settlement(fields, gross - tax),
    )
    return interest, () if instrument is None else (instrument,)


def _gross_and_tax(fields: DraftFields, default: Currency, what: str) -> tuple[Money, Money]:
    """What was paid before tax, and the tax that was withheld of it; ends where something is wrong."""
    currency = fields.currency("currency", "a currency", default=default)
    gross = fields.money("gross", what, currency)
    tax = Money(fields.not_negative("taxes", phrase("a withholding tax")), currency)
    if not fields.errors and tax.amount > gross.amount:
        fields.refuse(
            "taxes",
            phrase(
                "Expected at most the gross amount {gross}, was {found}.",
                gross=plain(gross.amount),
                found=plain(tax.amount),
            ),
        )
    fields.check()
    return gross, tax


def _accrues_at(fields: DraftFields, instrument: Instrument, *, paid_at: datetime) -> datetime | None:
    """The beginning of the ex-date: the opening of its session, or midnight in UTC where there is none."""
    ex_date = fields.draft.ex_date
    if ex_date is None:
        return None
    accrues_at = _opening(instrument, ex_date)
    if ex_date > paid_at.date():
        fields.refuse(
            "ex_date",
            phrase(
                "Expected an ex-date on or before the payment on {paid_at:%Y-%m-%d}, was {ex_date}.",
                paid_at=paid_at,
                ex_date=ex_date,
            ),
        )
    fields.check()
    return min(accrues_at, paid_at)


def _opening(instrument: Instrument, day: date) -> datetime:
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    try:
        session = exchange_calendar(instrument.mic).session_on(day)
    except InvalidValue:  # an exchange without a calendar
        return midnight
    return midnight if session is None else session.opens_at
