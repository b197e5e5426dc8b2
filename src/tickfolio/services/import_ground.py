"""What rows of a file are judged on, what can become of one, and what its symbols are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol
from zoneinfo import ZoneInfo

from tickfolio.domain.instruments import PRIVATE_MIC, Instrument, InstrumentClass, Symbol, normalise_symbol
from tickfolio.domain.ledger.cost_basis import BaseValue, no_base_value
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import AccountId, Transaction, TransactionId, TransactionType
from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidSymbol
from tickfolio.persistence.selectors.portfolios import AccountView
from tickfolio.services.drafts import ReadDraft
from tickfolio.services.instruments import listed_instruments
from tickfolio.services.rate_gaps import RateGap
from tickfolio.statements.instrument_facts import merged
from tickfolio.statements.rows import Entry, InstrumentFacts, Refusal

MAX_REASON = 500


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"
    ASKS = "asks"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was read; `ordinal` counts from 1 within the file."""

    ordinal: int
    outcome: Entry | Refusal
    remark: str = ""


def _nothing(_booked: Sequence[Transaction]) -> Sequence[Transaction]:
    return ()


class GapAsked(Protocol):
    """Which exchange rate is missing for an amount of `currency` at a moment."""

    def __call__(self, *, currency: Currency, at: datetime) -> RateGap | None:
        """None where nothing is missing."""
        ...


def _no_gap(*, currency: Currency, at: datetime) -> RateGap | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What rows are judged on.

    Attributes:
        accounts: what each account's name in the file stands for; None where nobody has said it.
        instruments: those that the portfolio knows.
        facts: what the file says of its instruments, by symbol as it spells them.
        symbols: symbols that were chosen, by symbol as the file spells them.
        offered: what feeds say of symbols that the portfolio does not know.
        unheard: symbols of which no feed has said anything yet.
        unasked: those among them that have not even been asked for.
        booked: every transaction that lives.
        derived: what follows from corporate actions where these transactions are booked.
        fingerprints: transactions that came from files, by account and fingerprint.
        options: of the portfolio's accounts.
        base_value: what something was worth in its base currency.
        rate_gap: which exchange rate is missing for an amount of a currency at a moment.
    """

    accounts: Mapping[str, AccountView | None]
    instruments: Mapping[Symbol, Instrument]
    facts: Mapping[str, InstrumentFacts]
    symbols: Mapping[str, str]
    zone: ZoneInfo
    booked: Sequence[Transaction]
    fingerprints: Mapping[tuple[str, str], TransactionId]
    offered: Mapping[Symbol, Instrument] = MappingProxyType({})
    unheard: frozenset[Symbol] = frozenset()
    unasked: frozenset[Symbol] = frozenset()
    options: Mapping[AccountId, AccountOptions] = MappingProxyType({})
    base_value: BaseValue = no_base_value
    rate_gap: GapAsked = _no_gap
    derived: Callable[[Sequence[Transaction]], Sequence[Transaction]] = _nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of one row.

    Attributes:
        read: of a new row what is to be booked; its id, its sequence and the ids of new rows that it names are given when
            it is.
        transaction: of a known row the one that has it.
        symbol: of a row in need of one, what the file has in its place.
        gross: of a trade that makes sense by itself its amount, in the currency of the row; None of everything else.
    """

    fate: Fate
    reason: str = ""
    fingerprint: str = ""
    transaction: TransactionId | None = None
    read: ReadDraft | None = None
    symbol: str = ""
    gross: Decimal | None = None


def new_instruments(rows: Sequence[ReadRow], ground: Ground) -> dict[Symbol, Instrument]:
    """The instruments that nobody knows and the file names: in the currency that it states, or trades them in most.

    One that the shipped list or a feed has in that currency is that one, every other one a private one.
    One of which the file says no currency, such as a mere split, is left out.
    """
    named = unknown_named(rows, ground)
    public = {**ground.offered, **listed_instruments(named)}
    return {
        symbol: public[symbol] if symbol in public and is_meant(public[symbol], each) else _private(symbol, each)
        for symbol, each in named.items()
    }


@dataclass(frozen=True, slots=True)
class Named:
    """An instrument that a file names and nobody knows: in what currency it is, and what is said of it."""

    currency: Currency
    facts: InstrumentFacts


def unknown_named(rows: Sequence[ReadRow], ground: Ground) -> dict[Symbol, Named]:
    """The instruments that a file names, the portfolio does not know, and whose currency is said."""
    currencies: dict[Symbol, Counter[str]] = defaultdict(Counter)
    said: dict[Symbol, InstrumentFacts] = {}
    for row in rows:
        if not isinstance(row.outcome, Entry) or not row.outcome.symbol:
            continue
        entry, facts = row.outcome, ground.facts.get(row.outcome.symbol, InstrumentFacts())
        symbol = symbol_in(entry, ground)
        if symbol is None or symbol in ground.instruments:
            continue
        said[symbol] = merged(said.get(symbol, InstrumentFacts()), facts)
        weight = 1 if entry.type in (TransactionType.BUY, TransactionType.SELL) else 0
        currencies[symbol][facts.currency or entry.currency] += 10**6 if facts.currency else weight
    for row in rows:
        if isinstance(row.outcome, Entry) and row.outcome.new_symbol:
            _note_new_symbol(row.outcome, ground, currencies, said)
    return {symbol: Named(Currency(_most(found)), said[symbol]) for symbol, found in currencies.items() if any(found)}


def is_meant(public: Instrument, named: Named) -> bool:
    """Whether the file can mean what the shipped list or a feed has under its symbol.

    Prices in pence must be said, for many are in pounds; and what is called BTC may be a coin or a share in a fund of coins.
    """
    facts = named.facts
    is_said = public.quote_unit == 1 or facts.quote_unit is not None
    contract = facts.contract_size or Decimal(1), facts.quote_unit or Decimal(1)
    is_coin = InstrumentClass.CRYPTO in (facts.instrument_class, public.instrument_class)
    is_same_class = not is_coin or facts.instrument_class in ("", public.instrument_class)
    is_same_contract = contract == (public.contract_size, public.quote_unit)
    return is_said and is_same_class and is_same_contract and public.currency == named.currency


def _note_new_symbol(
    entry: Entry, ground: Ground, currencies: dict[Symbol, Counter[str]], said: dict[Symbol, InstrumentFacts]
) -> None:
    """What comes in the place of an instrument or beside it is in the same currency, where nothing else is said."""
    new, old = symbol_spelt(entry.new_symbol, ground), symbol_spelt(entry.symbol, ground)
    if new is None or new in ground.instruments:
        return
    facts = ground.facts.get(entry.new_symbol, InstrumentFacts())
    said[new] = merged(said.get(new, InstrumentFacts()), facts)
    if facts.currency or any(currencies[new]):
        currencies[new][facts.currency] += 10**6 if facts.currency else 0
    elif old is not None and old in ground.instruments:
        currencies[new][ground.instruments[old].currency.code] += 0
    elif old is not None and any(found := currencies.get(old, Counter())):
        currencies[new][_most(found)] += 0


def symbol_in(entry: Entry, ground: Ground) -> Symbol | None:
    """The symbol that an entry is booked under; None where its own is none and nobody has chosen one."""
    return symbol_spelt(entry.symbol, ground)


def symbol_spelt(text: str, ground: Ground) -> Symbol | None:
    """The symbol that a text of the file is; None where it is none and nobody has chosen one."""
    try:
        return normalise_symbol(ground.symbols.get(text) or text)
    except InvalidSymbol:
        return None


def _private(symbol: Symbol, named: Named) -> Instrument:
    facts = named.facts
    shown = " ".join("".join(each for each in facts.name if each.isprintable()).split()) or symbol
    return Instrument(
        symbol=symbol,
        name=shown,
        mic=PRIVATE_MIC,
        currency=named.currency,
        instrument_class=InstrumentClass(facts.instrument_class or InstrumentClass.EQUITY),
        contract_size=facts.contract_size or Decimal(1),
        quote_unit=facts.quote_unit or Decimal(1),
    )


def _most(currencies: Counter[str]) -> str:
    return max(currencies, key=lambda each: (bool(each), currencies[each], each))
