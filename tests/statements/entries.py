"""Entries as a ledger could have them, made up by Hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.rows import Entry, InstrumentFacts

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", "GBP"])
SYMBOLS = st.from_regex(r"[A-Z0-9^][A-Z0-9.\-=^:/_]{0,31}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40).map(str.strip)
"""Text that a database keeps, trimmed as the ledger trims it."""
DANGEROUS = st.sampled_from(
    ["=1+1", "+1", "-1", "@SUM(A1)", "'", "'=x", "''", "＝1", 'say "no"', "a,b;c\td|e", "x\ny", "x\r\ny"]
)
NOTES = TEXTS | DANGEROUS
NAMES = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20) | st.sampled_from(
    ["=1+1", "'Giro", '"Depot"', "A, B; C"]
)
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
PRICES = st.decimals(0, 10**12, places=12) | st.integers(0, 10**6).map(Decimal)
AMOUNTS = st.decimals(Decimal("1e-12"), 10**14, places=12) | st.integers(1, 10**9).map(Decimal)
QUANTITIES = st.decimals(Decimal("1e-18"), 10**12, places=18) | st.integers(1, 10**6).map(Decimal)
RATIOS = st.integers(1, 1_000_000)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One entry of any type, with no field but its type's."""
    kind = draw(st.sampled_from(list(TransactionType)))
    symbol = draw(SYMBOLS)
    fields: dict[str, object] = {}
    if kind in (TransactionType.BUY, TransactionType.SELL):
        fields |= {"quantity": draw(QUANTITIES), "price": draw(PRICES), "fees": draw(PRICES), "taxes": draw(PRICES)}
    if kind is TransactionType.DIVIDEND:
        fields |= {"taxes": draw(PRICES), "ex_date": draw(st.none() | DAYS)}
    if kind in (TransactionType.BUY, TransactionType.SELL, TransactionType.DIVIDEND) and draw(st.booleans()):
        fields |= {"settlement_amount": draw(AMOUNTS), "settlement_currency": draw(CURRENCIES)}
        fields |= {"settlement_rate": draw(AMOUNTS)}
    if kind is TransactionType.CURRENCY_EXCHANGE:
        fields |= {"counter_amount": draw(AMOUNTS), "counter_currency": draw(CURRENCIES)}
    if kind is TransactionType.SPLIT:
        fields |= {"split_new": draw(RATIOS), "split_old": draw(RATIOS)}
    else:
        fields |= {"amount": draw(AMOUNTS), "currency": draw(CURRENCIES)}
    has_symbol = kind in (TransactionType.BUY, TransactionType.SELL, TransactionType.DIVIDEND, TransactionType.SPLIT)
    if has_symbol or (kind is TransactionType.FEE and draw(st.booleans())):
        fields |= {"symbol": symbol}
    at = draw(MOMENTS | DAYS)
    order, account, note = draw(st.integers(0, 99)), draw(NAMES), draw(NOTES)
    return Entry(type=kind, at=at, order=order, account=account, note=note, **fields)  # type: ignore[arg-type]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]]:
    """Entries, the currencies of their accounts and the facts of their instruments."""
    found = draw(st.lists(entries(), min_size=1, max_size=12))
    accounts = {name: draw(CURRENCIES) for name in sorted({entry.account for entry in found})}
    symbols = sorted({entry.symbol for entry in found} - {""})
    instruments = {symbol: InstrumentFacts(draw(TEXTS), draw(CURRENCIES)) for symbol in symbols}
    return found, accounts, instruments
