"""What a portfolio's file holds beside its transactions: what people wrote about instruments, chose, typed and attached.

**Source**: docs/reference/file-format.md, section Beside the transactions.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

MAX_TEXT = 4000
"""How many characters a note may have."""
MAX_CELL = 200

type _Cell = Annotated[str, Meta(max_length=MAX_CELL)]
type _Name = Annotated[str, Meta(min_length=1, max_length=MAX_CELL)]
type _Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class NoteOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A note about an instrument."""

    symbol: _Name
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]


class SaidOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What members say an instrument is; empty where they say nothing."""

    symbol: _Name
    class_label: _Cell = ""
    sector: _Cell = ""
    country: _Cell = ""
    tag: _Cell = ""


class TargetOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The weight that a part of the portfolio should have, in percent."""

    key: _Name
    percent: Decimal
    label: _Cell = ""


class TargetsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The targets of one dimension, with how far a part may be off in percentage points."""

    dimension: _Name
    tolerance: Decimal
    parts: tuple[TargetOf, ...]


class PriceOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A price that somebody typed of an instrument that only the portfolio knows."""

    symbol: _Name
    day: date
    price: Decimal


class FileOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file that is attached to the transaction with this `reference`; its content is beside the document, by its SHA-256."""

    transaction: _Name
    name: _Name
    sha256: _Digest


class BenchmarkOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the portfolio is measured against; a file has one at most."""

    symbol: _Name


class AccountOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An account that no transaction is in, with how it matches its lots."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    currency: _Name
    method: _Cell = ""


class DismissedOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A corporate action that an account does not take, by what market data call it."""

    account: _Name
    symbol: _Name
    kind: _Name
    ex_date: date


class Beside(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All of it, in the order in which it is written."""

    notes: tuple[NoteOf, ...] = ()
    classifications: tuple[SaidOf, ...] = ()
    targets: tuple[TargetsOf, ...] = ()
    prices: tuple[PriceOf, ...] = ()
    files: tuple[FileOf, ...] = ()
    benchmarks: tuple[BenchmarkOf, ...] = ()
    empty_accounts: Annotated[tuple[AccountOf, ...], Meta(max_length=200)] = ()
    dismissed: tuple[DismissedOf, ...] = ()


NOTHING = Beside()
MEMBERS = Beside.__struct_fields__
"""The members of a document that are read here."""
