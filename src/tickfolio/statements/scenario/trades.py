"""Purchases and sales of a scenario, most of what is in a long one, read with one look at each.

What is not of the common form is read by document.py and transactions.py, which say what is wrong with it.

**Source**: docs/reference/scenario-format.md, section Transactions.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

import msgspec

from tickfolio.domain.ledger.plain_trades import PlainTrades
from tickfolio.domain.ledger.transactions import Buy, Sell, TransactionId
from tickfolio.statements.scenario import document
from tickfolio.statements.scenario.parts import MOMENT, Given, Name
from tickfolio.statements.scenario.transactions import Surroundings, moment, transaction_from
from tickfolio.words import phrase

_MOMENT = re.compile(MOMENT)
_PER_UNIT = repr((Decimal(1), Decimal(1)))


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
        self._accounts = {str(account): account for account in around.accounts}
        if len(around.accounts) == 1:
            self._accounts[""] = around.accounts[0]
        self._moments: dict[str, datetime] = {}
        self._instruments = {
            str(each.symbol): PlainTrades(each.symbol, each.currency)
            for each in around.instruments.values()
            if repr((each.contract_size, each.quote_unit)) == _PER_UNIT
        }

    def read(self, given: PlainBuy | PlainSell, sequence: int) -> Buy | Sell:
        """The trade that `given` tells.

        Raises:
            InvalidValue, msgspec.ValidationError: it cannot be.
        """
        account, instrument = self._accounts.get(given.account), self._instruments.get(given.symbol)
        found: Buy | Sell | None = None
        if account is not None and instrument is not None and not _says_more(given):
            at = self._moments.get(given.at) or self._moment(given.at)
            place = TransactionId(given.id), account, at, sequence
            digits = given.quantity, given.price, given.fees, given.taxes
            found = instrument.trade(Buy if type(given) is PlainBuy else Sell, place, digits)
        return found or self._read_carefully(given, sequence)

    def _moment(self, text: str) -> datetime:
        if not _MOMENT.match(text):
            raise msgspec.ValidationError(phrase("Expected a moment."))
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
