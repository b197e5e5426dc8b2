"""What is traded: instruments and their symbols."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidSymbol, InvalidValue
from tickfolio.words import phrase

Symbol = NewType("Symbol", str)
"""A symbol as `normalise_symbol` gives it: 1 to 32 capital characters."""

MAX_SYMBOL_LENGTH = 32
MAX_CONTRACT = 10**9
"""What contract sizes and quote units are below."""
PRIVATE_MIC = "XXXX"
"""ISO 10383's code for no market: of an instrument that no exchange and no feed names."""
UNKNOWN_MIC = "XOFF"
"""ISO 10383's code for what is traded off an exchange: of an instrument that a feed offers without saying where it is traded."""
_HUNDREDTHS = {"GBP": "GBp", "ZAR": "ZAc", "ILS": "ILA"}
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]\Z")
_SYMBOL = re.compile(r"[A-Z0-9^][A-Z0-9.\-=^:/_]{0,31}\Z")


class InstrumentClass(StrEnum):
    """What kind of thing an instrument is. A fund is any pool of others, one that is traded on an exchange included."""

    EQUITY = "equity"
    FUND = "fund"
    BOND = "bond"
    OPTION = "option"
    CRYPTO = "crypto"
    COMMODITY = "commodity"
    OTHER = "other"


class Publication(StrEnum):
    """How often an instrument's price is made: with each trade, once a day as a fund's net asset value, or by hand."""

    TICK = "tick"
    DAILY = "daily"
    MANUAL = "manual"


def normalise_symbol(text: str) -> Symbol:
    """The one spelling of a symbol: trimmed, in capitals.

    Raises:
        InvalidSymbol: `text` is empty, too long or holds characters that no exchange uses.

    >>> normalise_symbol(" aapl ")
    'AAPL'
    """
    symbol = text.strip().upper()
    if len(symbol) > MAX_SYMBOL_LENGTH or not _SYMBOL.match(symbol):
        raise InvalidSymbol(
            phrase(
                "Expected a symbol of 1 to {max_symbol_length} letters, digits or .-=^:/_ such as AAPL, was {text}.",
                max_symbol_length=MAX_SYMBOL_LENGTH,
                text=repr(text[:40]),
            )
        )
    return Symbol(symbol)


@dataclass(frozen=True, slots=True)
class Instrument:
    """One traded thing.

    `price_places` is how many decimals its exchange quotes.
    A value is quantity × price × `contract_size` ÷ `quote_unit`; London's pence are `currency` GBP with a unit of 100.

    What an instrument is, whatever its symbol is called today, is its `isin` (ISO 6166, empty where none is known)
    together with `mic` and `currency`. It is traded before `delisted_on`, a day of its exchange, and never again.
    """

    symbol: Symbol
    name: str
    mic: str
    currency: Currency
    instrument_class: InstrumentClass = InstrumentClass.EQUITY
    price_places: int = 2
    contract_size: Decimal = Decimal(1)
    quote_unit: Decimal = Decimal(1)
    listed_on: date | None = None
    isin: str = ""
    publication: Publication = Publication.TICK
    delisted_on: date | None = None

    def __post_init__(self) -> None:
        if self.contract_size <= 0 or self.quote_unit <= 0:
            raise InvalidValue(
                phrase("Expected a contract size and a quote unit above zero for {symbol}.", symbol=self.symbol)
            )
        if not 0 <= self.price_places <= 12:
            raise InvalidValue(
                phrase(
                    "Expected 0 to 12 price places for {symbol}, was {price_places}.",
                    symbol=self.symbol,
                    price_places=self.price_places,
                )
            )
        if self.isin and not is_isin(self.isin):
            raise InvalidValue(
                phrase("Expected an ISIN of 12 characters with its check digit, was {isin}.", isin=repr(self.isin[:20]))
            )

    def is_delisted(self, day: date) -> bool:
        """Whether it is traded no more on a day of its exchange."""
        return self.delisted_on is not None and day >= self.delisted_on

    @property
    def quoted_in(self) -> str:
        """What its prices are in, as people write it: the currency, or what a hundredth of it is called where they are in that.

        Any other quote unit is written out: ``USD/1000``.
        """
        if self.quote_unit == 1:
            return self.currency.code
        hundredth = _HUNDREDTHS.get(self.currency.code) if self.quote_unit == 100 else None
        return hundredth or f"{self.currency.code}/{self.quote_unit.normalize():f}"


def is_isin(text: str) -> bool:
    """Whether `text` is an ISIN in capitals, its check digit included (ISO 6166: Luhn over letters as 10 to 35).

    >>> is_isin("US0378331005"), is_isin("US0378331006")
    (True, False)
    """
    if not _ISIN.match(text):
        return False
    digits = "".join(str(int(character, 36)) for character in text)
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
