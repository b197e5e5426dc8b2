"""Purchases and sales of a scenario, most of what is in a long one, read with one look at each.

What is not of the common form is read by document.py and transactions.py, which say what is wrong with it.

**Source**: docs/reference/scenario-format.md, section Transactions.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import msgspec

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId, Buy, Sell, TransactionId
from tickfolio.domain.money import EXACT, Currency, Money
from tickfolio.statements.scenario import document
from tickfolio.statements.scenario.parts import MOMENT, Given, Name
from tickfolio.statements.scenario.transactions import Surroundings, moment, transaction_from

_MOMENT = re.compile(MOMENT)
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,12})?\Z")
_ONE = Decimal(1)


class PlainTrade(Given, tag_field="type", kw_only=True):
    """A purchase or a sale whose texts nobody has looked at yet."""

    id: Name
    at: str
    symbol: str
    quantity: str
    price: str
    account: str = ""
    gross: str = ""
    fees: str = "0"
    taxes: str = "0"
    currency: str = ""
    settlement_currency: str = ""
    settlement_amount: str = ""
    settlement_rate: str = ""


class PlainBuy(PlainTrade, tag="buy", kw_only=True):
    """A purchase."""


class PlainSell(PlainTrade, tag="sell", kw_only=True):
    """A sale."""

    lots: tuple[document.GivenChoice, ...] = ()


class PlainScenario(document.GivenFile, kw_only=True):
    """A file with such trades."""

    transactions: tuple[PlainBuy | PlainSell | document.GivenOther, ...]


class TradeReader:
    """Reads the trades of one scenario: what they share is made once."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._accounts = {account: account for account in around.accounts}
        if len(around.accounts) == 1:
            self._accounts[AccountId("")] = around.accounts[0]
        self._moments: dict[str, datetime] = {}
        self._symbols: dict[str, tuple[Symbol, Currency, Money]] = {
            each.symbol: (each.symbol, each.currency, Money(Decimal(0), each.currency))
            for each in around.instruments.values()
            if repr((each.contract_size, each.quote_unit)) == repr((_ONE, _ONE))
        }

    def read(self, given: PlainBuy | PlainSell, sequence: int) -> Buy | Sell:
        """The trade that `given` tells.

        Raises:
            InvalidValue, msgspec.ValidationError: it cannot be.
        """
        account, instrument = self._accounts.get(AccountId(given.account)), self._symbols.get(given.symbol)
        is_plain = _NUMBER.match(given.quantity) and _NUMBER.match(given.price) and not _says_more(given)
        if not is_plain or account is None or instrument is None:
            return self._read_carefully(given, sequence)
        symbol, currency, nothing = instrument
        quantity, price = Decimal(given.quantity), Decimal(given.price)
        return (Buy if type(given) is PlainBuy else Sell)(
            id=TransactionId(given.id),
            account=account,
            at=self._moments.get(given.at) or self._moment(given.at),
            sequence=sequence,
            symbol=symbol,
            quantity=quantity,
            price=price,
            gross=Money(EXACT.multiply(quantity, price), currency),
            fees=nothing if given.fees == "0" else _charge(given.fees, currency),
            taxes=nothing if given.taxes == "0" else _charge(given.taxes, currency),
        )

    def _moment(self, text: str) -> datetime:
        if not _MOMENT.match(text):
            raise msgspec.ValidationError("Expected a moment.")
        found = self._moments[text] = moment(text)
        return found

    def _read_carefully(self, given: PlainBuy | PlainSell, sequence: int) -> Buy | Sell:
        careful = msgspec.convert(msgspec.to_builtins(given), document.GivenBuy | document.GivenSell)
        read = transaction_from(careful, sequence, self._around)
        assert isinstance(read, (Buy, Sell))
        return read


def _says_more(given: PlainBuy | PlainSell) -> bool:
    return bool(
        given.gross
        or given.currency
        or given.settlement_currency
        or given.settlement_amount
        or given.settlement_rate
        or (type(given) is PlainSell and given.lots)
    )


def _charge(text: str, currency: Currency) -> Money:
    if not _NUMBER.match(text):
        raise msgspec.ValidationError("Expected a number.")
    return Money(Decimal(text), currency)
