"""Ledgers of every type of transaction under every option, for the laws that hold for all of them.

Which types follow one another is drawn; amounts follow from a drawn seed. What cannot be at that moment, such as a sale of
nothing, is a purchase instead, so that every ledger can be folded. All quantities have finite decimals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.domain.ledger.any_transaction import ACCOUNTS, FIRST, Writer
from tests.domain.ledger.generated import EUR, GBP, JPY, USD, rates_of
from tickfolio.domain.ledger.options import AccountOptions, CashMethod, CostMethod
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionType
from tickfolio.domain.market.fx import RateTable
from tickfolio.domain.money import Currency

KINDS = (*TransactionType, *[TransactionType.BUY, TransactionType.SELL] * 3)
"""Trades more often, so that sales find several lots."""


@dataclass(frozen=True)
class AnyLedger:
    """Transactions in the order of their entry, with what is needed to fold and to value them."""

    options: dict[AccountId, AccountOptions]
    transactions: tuple[Transaction, ...]
    base: Currency
    seed: int

    @property
    def rates(self) -> RateTable:
        """The exchange rates."""
        return rates_of(self.seed)

    @property
    def end(self) -> datetime:
        """The moment of the last transaction."""
        return max((each.at for each in self.transactions), default=FIRST)


@st.composite
def any_ledgers(draw: DrawFn, *, min_size: int = 0, max_size: int = 30) -> AnyLedger:
    """Ledgers of two accounts; each type of transaction is about as likely as any other."""
    options = {
        account: AccountOptions(
            method=draw(st.sampled_from(CostMethod)),
            cash_method=draw(st.sampled_from(CashMethod)),
            fees_in_cost=draw(st.booleans()),
            allows_shorts=draw(st.booleans()),
        )
        for account in ACCOUNTS
    }
    writer = Writer(Random(draw(st.integers(0, 2**32))), options)
    size = draw(st.integers(min_size, max_size))
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=size, max_size=size)):
        writer.write(kind)
    return AnyLedger(
        options=options,
        transactions=tuple(writer.written),
        base=draw(st.sampled_from((EUR, USD, GBP, JPY))),
        seed=draw(st.integers(0, 2**16)),
    )
