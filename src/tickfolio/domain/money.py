"""Exact decimal numbers, money and exchange rates.

**Source**: docs/reference/definitions.md, section Numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, Rounded

from tickfolio.domain.records import Record
from tickfolio.errors import InvalidNumber, InvalidValue
from tickfolio.words import phrase

MAX_PRICE_PLACES = 12
MAX_QUANTITY_PLACES = 18

EXACT = Context(
    prec=100,
    rounding=ROUND_HALF_EVEN,
    traps=[Inexact, InvalidOperation, DivisionByZero, Overflow],
)
"""Sums and products in this context are exact; an operation that would round raises `decimal.Inexact`."""

ROUNDING = Context(prec=100, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])
"""For the one rounding that a definition asks for: divisions, rates, display."""

_UNROUNDED = Context(prec=100, traps=[Rounded, InvalidOperation])
_UNITS = [Decimal(1).scaleb(-places) for places in range(64)]
_CODE = re.compile(r"[A-Z]{3}\Z")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?\Z")
# ISO 4217 minor units other than 2, of currencies in use.
_MINOR_UNITS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"], 0),
    **dict.fromkeys(["PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}


def parse_decimal(text: str, *, places: int = MAX_PRICE_PLACES) -> Decimal:
    """The exact decimal that `text` spells in plain digits.

    Raises:
        InvalidNumber: `text` is no plain decimal number, or has more than `places` places.

    >>> parse_decimal("189.20")
    Decimal('189.20')
    """
    if not _NUMBER.match(text):
        raise InvalidNumber(phrase("Expected a plain decimal number such as 189.20, was {text}.", text=repr(text[:40])))
    number = Decimal(text)
    if not has_at_most(places, number):
        raise InvalidNumber(
            phrase("Expected at most {places} decimal places, was {text}.", places=places, text=repr(text[:60]))
        )
    return number


def decimal_places(number: Decimal) -> int:
    """How many digits `number` has after its point.

    Raises:
        InvalidNumber: `number` is not finite.

    >>> decimal_places(Decimal("189.20"))
    2
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InvalidNumber(phrase("Expected a finite number, was {number}.", number=number))
    return max(0, -exponent)


def has_at_most(places: int, number: Decimal) -> bool:
    """Whether `number`, which is finite, has at most as many digits after its point; quicker than to count them.

    >>> has_at_most(2, Decimal("189.20")), has_at_most(1, Decimal("189.20"))
    (True, False)
    """
    if not number:  # which no rounding changes
        return -number.adjusted() <= places
    try:
        number.quantize(_UNITS[places], None, _UNROUNDED)
    except Rounded:
        return False
    except InvalidOperation:  # more digits than that has room for
        return decimal_places(number) <= places
    return True


def plain(number: Decimal) -> str:
    """`number` in plain digits, never in exponent form, its own places kept and no negative zero.

    >>> plain(Decimal("1E+2")), plain(Decimal("0E-10")), plain(Decimal("189.20"))
    ('100', '0.0000000000', '189.20')
    """
    text = str(number)
    if "E" not in text and (number or text[0] != "-"):  # nearly always, and in a third of the time
        return text
    return f"{abs(number) if number.is_zero() else number:f}"


def trimmed(number: Decimal, *, places: int) -> Decimal:
    """`number` without trailing zeros beyond `places`, and with as many decimals as that at least.

    >>> trimmed(Decimal("67.000"), places=2), trimmed(Decimal("50.2550"), places=2), trimmed(Decimal("1E+2"), places=0)
    (Decimal('67.00'), Decimal('50.255'), Decimal('100'))
    """
    return rounded(number, places=max(places, decimal_places(number.normalize(ROUNDING))))


def rounded(number: Decimal, *, places: int) -> Decimal:
    """`number` rounded half-even to `places` decimal places.

    >>> rounded(Decimal("2.345"), places=2), rounded(Decimal("2.355"), places=2)
    (Decimal('2.34'), Decimal('2.36'))
    """
    unit = _UNITS[places] if 0 <= places < len(_UNITS) else Decimal(1).scaleb(-places)
    return number.quantize(unit, None, ROUNDING)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code."""

    code: str

    def __hash__(self) -> int:
        """Of the code: currencies are looked up with every transaction."""
        return hash(self.code)

    def __post_init__(self) -> None:
        if not _CODE.match(self.code):
            raise InvalidValue(
                phrase(
                    "Expected a currency code of three capital letters such as USD, was {code}.",
                    code=repr(self.code[:20]),
                )
            )

    @property
    def minor_unit(self) -> int:
        """Decimal places of the smallest coin: 2 for USD, 0 for JPY."""
        return _MINOR_UNITS.get(self.code, 2)

    def __str__(self) -> str:
        return self.code


NO_CURRENCY = Currency("XXX")
"""ISO 4217's code for no currency."""


class Money(Record, frozen=True):
    """An exact amount in one currency. Amounts of two currencies never add."""

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise InvalidNumber(phrase("Expected a finite amount, was {amount}.", amount=self.amount))

    def __add__(self, other: Money) -> Money:
        """The exact sum.

        Raises:
            InvalidValue: the currencies differ.

        >>> Money(Decimal("0.10"), Currency("USD")) + Money(Decimal("0.20"), Currency("USD"))
        Money(amount=Decimal('0.30'), currency=Currency(code='USD'))
        """
        return Money(EXACT.add(self.amount, self._same_currency(other).amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(EXACT.subtract(self.amount, self._same_currency(other).amount), self.currency)

    def __neg__(self) -> Money:
        return Money(EXACT.minus(self.amount), self.currency)

    def to_minor_unit(self) -> Money:
        """Rounded half-even to the currency's smallest coin: what a valuation row does once, when it is made."""
        return Money(rounded(self.amount, places=self.currency.minor_unit), self.currency)

    def _same_currency(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise InvalidValue(
                phrase(
                    "Expected an amount in {expected}, was one in {found}. Convert it first.",
                    expected=self.currency,
                    found=other.currency,
                )
            )
        return other


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """How many units of `quote` one unit of `base` costs; used by multiplication only."""

    base: Currency
    quote: Currency
    rate: Decimal

    def __post_init__(self) -> None:
        if not self.rate.is_finite() or self.rate <= 0:
            raise InvalidNumber(phrase("Expected an exchange rate above zero, was {rate}.", rate=self.rate))
        if not has_at_most(MAX_PRICE_PLACES, self.rate):
            raise InvalidNumber(
                phrase(
                    "Expected an exchange rate of at most {max_price_places} places, was {rate}.",
                    max_price_places=MAX_PRICE_PLACES,
                    rate=self.rate,
                )
            )

    def convert(self, money: Money) -> Money:
        """`money` of the base currency in the quote currency, exact.

        >>> usd, eur = Currency("USD"), Currency("EUR")
        >>> ExchangeRate(eur, usd, Decimal("1.2785")).convert(Money(Decimal("100"), eur)).amount
        Decimal('127.8500')
        """
        if money.currency != self.base:
            raise InvalidValue(
                phrase("Expected an amount in {base}, was one in {currency}.", base=self.base, currency=money.currency)
            )
        return Money(EXACT.multiply(money.amount, self.rate), self.quote)

    def inverted(self) -> ExchangeRate:
        """The rate the other way, rounded once to 12 places, half-even.

        Raises:
            InvalidNumber: the inverse is below what 12 places can hold.

        >>> ExchangeRate(Currency("EUR"), Currency("USD"), Decimal("1.25")).inverted().rate
        Decimal('0.800000000000')
        """
        inverse = rounded(ROUNDING.divide(Decimal(1), self.rate), places=MAX_PRICE_PLACES)
        return ExchangeRate(self.quote, self.base, inverse)

    def crossed(self, other: ExchangeRate) -> ExchangeRate:
        """`self` (A to B), then `other` (B to C): the rate from A to C, rounded once to 12 places, half-even."""
        if self.quote != other.base:
            raise InvalidValue(
                phrase("Expected a rate from {quote}, was one from {base}.", quote=self.quote, base=other.base)
            )
        product = rounded(EXACT.multiply(self.rate, other.rate), places=MAX_PRICE_PLACES)
        return ExchangeRate(self.base, other.quote, product)
