"""The day that is not over: a series goes on with what the portfolio is worth at the moment.

**Source**: docs/reference/definitions.md, section Daily series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import AccountId, TransactionId
from tickfolio.domain.market.fx import Rates
from tickfolio.domain.money import Currency
from tickfolio.domain.performance.daily_values import ValueRow
from tickfolio.domain.performance.histories import Days
from tickfolio.domain.performance.series import PortfolioSeries, order_of
from tickfolio.domain.performance.twr import FlowValue
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.book import PortfolioBook
from tickfolio.domain.valuation.references import PriceOf, ReferenceFacts, References
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.domain.valuation.span_flows import flows_by_span
from tickfolio.domain.valuation.valuation import Valuation, Worth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def day_so_far(
    book: PortfolioBook,
    live: LivePortfolio,
    valuation: Valuation,
    *,
    at: datetime,
    price_of: PriceOf,
    rates: Rates,
    before: Sequence[ValueRow] = (),
    valued_flows: Mapping[TransactionId, FlowValue] | None = None,
) -> PortfolioSeries:
    """One day, from its beginning in the owner's time zone to `at`.

    Args:
        live: of `book`, advanced to `at`.
        valuation: at that moment; its rows are the day's closing values.
        price_of: before the day the closes in force, at its end the prices of `valuation`.
        before: the rows of the finished days, the last of which is the day before.
        valued_flows: as the series has them.
    """
    day = at.astimezone(book.zone).date()
    days = Days(day, day, book.zone)
    facts, since = ReferenceFacts(book, live), days.begins[0]
    moved = flows_by_span(
        live,
        book,
        spans=[(since, at)],
        reference_of=lambda _: References(facts, price_of, since=since, until=at).get,
        rates=BaseRates(book.base, rates),
    )
    legs = {place: flows.legs for place, flows in moved.items()}
    rows = list(_rows(valuation, before, places=book.base.minor_unit))
    # What is over by the end of the day has no row of its own then, yet it moved.
    known = {row.key for row in rows}
    for flows in moved.values():
        for leg in flows.legs:
            if leg.key not in known:
                known.add(leg.key)
                account, symbol = flows.holdings.get(leg.key, (AccountId(leg.key.split(":")[1]), None))
                currency = book.base if symbol is None else book.instrument(symbol).currency
                rows.append(_row(leg.key, account, symbol, currency, 0, is_known=True))
    order = order_of(book, valued_flows)
    return PortfolioSeries(book.base, days, rows, legs, valued_flows or {}, before, order)


def _rows(valuation: Valuation, before: Sequence[ValueRow], *, places: int) -> list[ValueRow]:
    found: dict[str, ValueRow] = {}
    for row in valuation.rows:
        coins = int(row.worth.value.scaleb(places)) if isinstance(row.worth, Worth) else 0
        found[row.key] = _row(
            row.key, row.account, row.symbol, row.currency, coins, is_known=isinstance(row.worth, Worth)
        )
    for earlier in before:
        if earlier.key not in found:
            found[earlier.key] = _row(earlier.key, earlier.account, earlier.symbol, earlier.currency, 0, is_known=True)
    return list(found.values())


def _row(
    key: str, account: AccountId, symbol: Symbol | None, currency: Currency, coins: int, *, is_known: bool
) -> ValueRow:
    import numpy as np

    values: NDArray[np.int64] = np.array([coins], dtype=np.int64)
    known: NDArray[np.bool_] = np.array([is_known], dtype=np.bool_)
    return ValueRow(key, account, symbol, currency, values, known)
