"""The messages of a portfolio's scope: its rows and totals, what was booked in it, and who may see it.

**Source**: docs/reference/live-protocol.md, Portfolios.
"""

from __future__ import annotations

import msgspec

from tickfolio.live.wire.vocabulary import (
    Decimals,
    EventKind,
    Moment,
    PortfoliosStateName,
    QualityName,
    RoleName,
    RowKind,
    Scope,
    SessionName,
    Stamps,
)


class VisiblePortfolio(msgspec.Struct, frozen=True):
    """A portfolio that the signed-in person may watch, its base currency, and the person's role in it."""

    id: str
    name: str
    currency: str
    role: RoleName


class PortfolioTotals(msgspec.Struct, frozen=True, omit_defaults=False):
    """The header of a portfolio. Money is in `currency`, with the places of its smallest coin, and equals the sum of the rows.

    Rows without a value are in no sum: `unpriced` counts them. `priced` counts the holdings with one, `stale` those among them
    whose price is old, and `without_day` the rows that have a value and no day change. Percentages have 2 places and are null
    where their denominator is not above zero. `without_cost` counts the holdings with a value whose cost is not known: they are
    in no `cost` and no `unrealized`. `cost_unsigned` is what `unrealized_percent` is of: short holdings count in it like the
    others. `reference_day` is the newest session whose close the day's change counts
    from, and `oldest_…` tell of the oldest price behind the value. `day_opening` is what `day_percent` is of, by which
    portfolios of one currency can be summed.
    """

    currency: str
    value: Decimals
    cost: Decimals
    cost_unsigned: Decimals
    unrealized: Decimals
    unrealized_percent: Decimals | None
    day: Decimals
    day_percent: Decimals | None
    day_opening: Decimals
    day_price: Decimals
    day_trading: Decimals
    day_currency: Decimals
    day_income: Decimals
    day_fees: Decimals
    day_taxes: Decimals
    priced: int
    stale: int
    unpriced: int
    without_day: int
    without_cost: int
    oldest_symbol: str | None
    oldest_time: Moment | None
    reference_day: str | None


class PortfolioTotalsDelta(msgspec.Struct, frozen=True):
    """The totals that changed; one that is absent stays as it was."""

    currency: str | msgspec.UnsetType = msgspec.UNSET
    value: Decimals | msgspec.UnsetType = msgspec.UNSET
    cost: Decimals | msgspec.UnsetType = msgspec.UNSET
    cost_unsigned: Decimals | msgspec.UnsetType = msgspec.UNSET
    unrealized: Decimals | msgspec.UnsetType = msgspec.UNSET
    unrealized_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_opening: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_price: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_trading: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_currency: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_income: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_fees: Decimals | msgspec.UnsetType = msgspec.UNSET
    day_taxes: Decimals | msgspec.UnsetType = msgspec.UNSET
    priced: int | msgspec.UnsetType = msgspec.UNSET
    stale: int | msgspec.UnsetType = msgspec.UNSET
    unpriced: int | msgspec.UnsetType = msgspec.UNSET
    without_day: int | msgspec.UnsetType = msgspec.UNSET
    without_cost: int | msgspec.UnsetType = msgspec.UNSET
    oldest_symbol: str | None | msgspec.UnsetType = msgspec.UNSET
    oldest_time: Moment | None | msgspec.UnsetType = msgspec.UNSET
    reference_day: str | None | msgspec.UnsetType = msgspec.UNSET


class PortfolioRow(msgspec.Struct, frozen=True, omit_defaults=False):
    """One row of a portfolio: a holding, a currency's cash or a dividend to be paid, of one account.

    `symbol` is the currency's code in a row of cash, and `instrument_class` is null there.
    `quantity` is in units, or the amount of cash or of the dividend in `currency`. `price` is in `currency` too, which is
    ``GBp`` for a share that is quoted in pence; in a row of cash or of a dividend it is the exchange rate into the base
    currency, and `quality` and `session` are "closed". All other money is in the base currency. `reason` says why there is no
    value, or no day change where there is a value; what is not available is null. A row without a value counts in no total,
    its cost included.
    """

    kind: RowKind
    account: str
    account_name: str
    symbol: str
    name: str
    currency: str
    instrument_class: str | None
    quantity: Decimals
    price: Decimals | None
    price_places: int
    change_percent: Decimals | None
    quality: QualityName
    session: SessionName
    source_time: Moment | None
    value: Decimals | None
    cost: Decimals | None
    unrealized: Decimals | None
    unrealized_percent: Decimals | None
    day: Decimals | None
    day_percent: Decimals | None
    day_price: Decimals | None
    day_trading: Decimals | None
    day_currency: Decimals | None
    day_income: Decimals | None
    day_fees: Decimals | None
    day_taxes: Decimals | None
    reason: str | None


class PortfolioRowDelta(msgspec.Struct, frozen=True):
    """The columns of a portfolio's row that changed; one that is absent stays as it was."""

    kind: RowKind | msgspec.UnsetType = msgspec.UNSET
    account: str | msgspec.UnsetType = msgspec.UNSET
    account_name: str | msgspec.UnsetType = msgspec.UNSET
    symbol: str | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    currency: str | msgspec.UnsetType = msgspec.UNSET
    instrument_class: str | None | msgspec.UnsetType = msgspec.UNSET
    quantity: Decimals | msgspec.UnsetType = msgspec.UNSET
    price: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    price_places: int | msgspec.UnsetType = msgspec.UNSET
    change_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    quality: QualityName | msgspec.UnsetType = msgspec.UNSET
    session: SessionName | msgspec.UnsetType = msgspec.UNSET
    source_time: Moment | None | msgspec.UnsetType = msgspec.UNSET
    value: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    cost: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    unrealized: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    unrealized_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_percent: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_price: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_trading: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_currency: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_income: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_fees: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    day_taxes: Decimals | None | msgspec.UnsetType = msgspec.UNSET
    reason: str | None | msgspec.UnsetType = msgspec.UNSET


class PortfolioSnapshot(msgspec.Struct, tag_field="type", tag="portfolio_snapshot", frozen=True):
    """The whole state of a portfolio's scope; replaces what the client holds of it.

    `ledger` is the sequence of the newest ledger entry that the figures rest on: one later than what was held says that
    transactions changed meanwhile. `rows` is empty where only the totals were asked for.
    """

    scope: Scope
    epoch: str
    sequence: int
    ledger: int
    stamps: Stamps
    totals: PortfolioTotals
    rows: dict[str, PortfolioRow]
    id: int | None = None


class PortfolioDelta(msgspec.Struct, tag_field="type", tag="portfolio_delta", frozen=True):
    """What changed in a portfolio, on top of `sequence` − 1 of the same epoch: totals, columns, whole new rows, rows gone.

    One that comes back is sent all that it missed in a single frame, on top of `since`, which answers the request `id`.
    """

    scope: Scope
    epoch: str
    sequence: int
    ledger: int
    stamps: Stamps
    totals: PortfolioTotalsDelta
    rows: dict[str, PortfolioRowDelta]
    added: dict[str, PortfolioRow]
    removed: list[str]
    since: int | msgspec.UnsetType = msgspec.UNSET
    id: int | None | msgspec.UnsetType = msgspec.UNSET


class Event(msgspec.Struct, tag_field="type", tag="event", frozen=True):
    """Something was booked in a portfolio. Events are never merged; `ledger` is the sequence of this one in the ledger.

    `transaction` is the id of the one that was added, edited or deleted, and null where the event is about none or many.
    """

    scope: Scope
    ledger: int
    kind: EventKind
    transaction: str | None


class PortfoliosReport(msgspec.Struct, frozen=True):
    """Whether what is sent of portfolios is of now, and since when it is not (real clock).

    It may be ``behind``, while the database is out of reach: figures move with prices, over the ledgers of `since`. Where
    the person's rights could not be confirmed since then, everything of portfolios is ``withheld``, and comes by itself when they
    are.
    """

    state: PortfoliosStateName
    since: Moment | None


class Access(msgspec.Struct, tag_field="type", tag="access", frozen=True):
    """What the signed-in person may watch from now on, whole. A portfolio that it no longer names gets no further frame."""

    portfolios: list[VisiblePortfolio]
