"""Entries as a ledger could have them, made up by Hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from tickfolio.domain.instruments import InstrumentClass
from tickfolio.domain.ledger.transactions import TransactionType
from tickfolio.statements.fields import ALLOWED, NEEDED
from tickfolio.statements.rows import Entry, EntryLot, InstrumentFacts

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


REFERENCES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,39}", fullmatch=True)
CHOSEN = st.lists(st.builds(EntryLot, QUANTITIES, reference=REFERENCES), max_size=3).map(tuple)
RECEIVED = st.lists(st.builds(EntryLot, QUANTITIES, acquired_at=MOMENTS | DAYS, cost=PRICES), max_size=3).map(tuple)
SHARES = st.decimals(0, 1, places=18)
MADE_BY: Mapping[str, st.SearchStrategy[object]] = {
    "symbol": SYMBOLS, "new_symbol": SYMBOLS, "quantity": QUANTITIES, "price": PRICES, "amount": AMOUNTS,
    "currency": CURRENCIES, "fees": PRICES, "taxes": PRICES, "counter_amount": AMOUNTS, "counter_currency": CURRENCIES,
    "split_new": RATIOS, "split_old": RATIOS, "to_account": NAMES, "cost_share": SHARES, "cash_in_lieu": AMOUNTS,
    "ex_date": DAYS,
}  # fmt: skip
"""What each field may say; settlements and lots are made for themselves."""
HAS_PERHAPS_SYMBOL = (
    TransactionType.FEE,
    TransactionType.FEE_REFUND,
    TransactionType.TAX,
    TransactionType.TAX_REFUND,
    TransactionType.INTEREST,
    TransactionType.INTEREST_CHARGE,
)
_SETTLED = ("settlement_amount", "settlement_currency", "settlement_rate")


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """One entry of any type, with no field but its type's."""
    kind = draw(st.sampled_from(list(TransactionType)))
    fields: dict[str, object] = {name: draw(MADE_BY[name]) for name in sorted(NEEDED[kind])}
    optional = sorted((ALLOWED[kind] - NEEDED[kind]) & MADE_BY.keys() - {"symbol"})
    fields |= {name: draw(MADE_BY[name]) for name in optional if name == "price" or draw(st.booleans())}
    if "symbol" in ALLOWED[kind] and draw(st.booleans()) and kind in HAS_PERHAPS_SYMBOL:
        fields["symbol"] = draw(SYMBOLS)
    if set(_SETTLED) <= ALLOWED[kind] and draw(st.booleans()):
        fields |= {name: draw(CURRENCIES if name.endswith("currency") else AMOUNTS) for name in _SETTLED}
    if "lots" in ALLOWED[kind]:
        fields["lots"] = draw(RECEIVED if kind is TransactionType.TRANSFER_IN else CHOSEN)
    if "cash_in_lieu" in fields or fields.get("lots") or "amount" in fields:
        fields.setdefault("currency", draw(CURRENCIES))
    at, reference = draw(MOMENTS | DAYS), draw(st.just("") | REFERENCES)
    order, account, note = draw(st.integers(0, 99)), draw(NAMES), draw(NOTES)
    return Entry(type=kind, at=at, order=order, account=account, reference=reference, note=note, **fields)  # type: ignore[arg-type]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Entry], dict[str, str], dict[str, InstrumentFacts]]:
    """Entries, the currencies of their accounts and the facts of their instruments."""
    found = draw(st.lists(entries(), min_size=1, max_size=12))
    named = {entry.account for entry in found}
    accounts = {name: draw(CURRENCIES) for name in sorted(named)}
    # The currency of an account that nothing is booked in stands in no row of a table.
    accounts |= dict.fromkeys(sorted({entry.to_account for entry in found} - named - {""}), "")
    symbols = sorted({symbol for entry in found for symbol in (entry.symbol, entry.new_symbol)} - {""})
    classes, contracts = (
        st.sampled_from(["", *InstrumentClass]),
        st.sampled_from([None, Decimal(1), Decimal("0.5"), Decimal(100)]),
    )
    instruments = {
        symbol: InstrumentFacts(draw(TEXTS), draw(CURRENCIES), draw(contracts), draw(contracts), str(draw(classes)))
        for symbol in symbols
    }
    return found, accounts, instruments
