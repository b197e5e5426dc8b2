"""What every page must show once the faults have stopped, worked out without the engine: prices, ledgers and rights."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tests.live.portfolios import BOB, CALENDAR, OTHER
from tests.simulation.database import Database
from tests.simulation.pages import Page, PlainPage, V1Page
from tests.simulation.server import Process
from tests.simulation.vendor import PREVIOUS_CLOSE, Exchange
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.transactions import Buy, Deposit, Sell
from tickfolio.domain.valuation.revalue import LivePortfolio
from tickfolio.live.hub import Hub
from tickfolio.live.portfolio_figures import portfolio_row, portfolio_totals
from tickfolio.live.wire.apply import PortfolioState
from tickfolio.live.wire.codec import moment
from tickfolio.live.wire.vocabulary import PORTFOLIO


def differences(page: Page, exchange: Exchange, database: Database) -> Iterator[str]:
    """In what a page is not as it should be."""
    if page.user is not None and page.session not in database.sessions[page.user]:
        if page.ended is None:
            yield "is still there although its session has ended"
    elif page.ended is not None:
        yield f"was let go for good: {page.ended}"
    elif page.line is None:
        yield "has no connection"
    elif isinstance(page, PlainPage):
        yield from _plain_differences(page, exchange)
    elif isinstance(page, V1Page):
        yield from _quote_differences(page, exchange)
        for portfolio, held in page.conversation.portfolios.items():
            found = _portfolio_differences(held, portfolio, exchange, database, page=page)
            yield from (f"portfolio {portfolio[:4]}: {difference}" for difference in found)


def _quote_differences(page: V1Page, exchange: Exchange) -> Iterator[str]:
    held = page.conversation.quotes
    if held.needs_refresh:
        yield "waits for a snapshot of the quotes"
    if set(held.rows) != set(page.quotes):
        yield f"shows {sorted(held.rows)} and not {sorted(page.quotes)}"
        return
    for symbol in sorted(page.quotes):
        row, price, close = held.rows[symbol], exchange.price[symbol], PREVIOUS_CLOSE[symbol]
        shown = row.price, row.previous_close, row.change, row.quality, row.source_time
        right = str(price), str(close), str(price - close), "live", moment(exchange.made_at[symbol])
        if shown != right:
            yield f"{symbol} is shown as {shown}, and is {right}"


def _plain_differences(page: PlainPage, exchange: Exchange) -> Iterator[str]:
    for symbol, price in exchange.price.items():
        shown = page.shown.get(symbol, {})
        if shown.get("price") != price or shown.get("quality") != "live":
            yield f"{symbol} is shown as {shown}, and is {price}"


def _portfolio_differences(
    held: PortfolioState, portfolio: str, exchange: Exchange, database: Database, *, page: V1Page
) -> Iterator[str]:
    if not database.may_see(page.user, portfolio):
        if held.totals is not None or held.rows:
            yield "it holds what the person may not see"
        return
    if held.totals is None or held.needs_refresh or held.is_lost:
        yield f"nothing is held: {held.needs_refresh=} {held.is_lost=} {held.epoch=}"
        return
    head = database.library.heads[portfolio]
    if held.ledger != head:
        yield f"it rests on entry {held.ledger} of {head}"
    # Of what was booked while one might not see it nobody must tell: it may come and go, and is told by snapshots.
    if (portfolio != OTHER or page.user == BOB) and (lacks := page.heard[PORTFOLIO + portfolio].lacks(head)):
        yield f"nothing ever told it of {sorted(lacks)}"
    rows, cash = _holdings(portfolio, exchange, database)
    value, cost = cash, Decimal(0)
    for _units, worth, paid in rows.values():
        value, cost = value + worth, cost + paid
    if (Decimal(held.totals.value), Decimal(held.totals.cost)) != (value, cost):
        yield f"the header says {held.totals.value} for {held.totals.cost}, and it is {value} for {cost}"
    if not page.totals_only:
        shown = {
            row.symbol: (Decimal(row.quantity), Decimal(row.value or "NaN"), Decimal(row.cost or "NaN"))
            for row in held.rows.values()
            if row.kind == "holding" and Decimal(row.quantity)
        }
        if shown != rows:
            yield f"it shows {shown}, and holds {rows}"


def _holdings(
    portfolio: str, exchange: Exchange, database: Database
) -> tuple[dict[str, tuple[Decimal, Decimal, Decimal]], Decimal]:
    """By symbol units, value and cost; and the cash."""
    units: dict[str, Decimal] = {}
    paid: dict[str, Decimal] = {}
    cash = Decimal(0)
    for each in database.library.books[portfolio].transactions:
        match each:
            case Deposit():
                cash += each.amount.amount
            case Buy():
                units[each.symbol] = units.get(each.symbol, Decimal(0)) + each.quantity
                paid[each.symbol] = paid.get(each.symbol, Decimal(0)) + each.gross.amount
                cash -= each.gross.amount
            case Sell():
                assert each.quantity == units.pop(each.symbol), "only whole positions are sold here"
                paid.pop(each.symbol)
                cash += each.gross.amount
            case _:
                raise AssertionError(f"The oracle does not know {each}.")
    prices = {str(symbol): price for symbol, price in exchange.price.items()}
    return {symbol: (held, held * prices[symbol], paid[symbol]) for symbol, held in units.items()}, cash


def strays(page: V1Page, process: Process, database: Database) -> Iterator[str]:
    """Where a page, which has had deltas and resumptions only, is not to the last column what valuing anew would say."""
    market = process.engine.market
    for symbol, row in page.conversation.quotes.rows.items():
        if row != process.engine.rows.row(Symbol(symbol)):
            yield f"{symbol} is held as {row}, and a snapshot would say {process.engine.rows.row(Symbol(symbol))}"
    for portfolio, held in page.conversation.portfolios.items():
        if held.totals is None:
            continue
        live = LivePortfolio(database.library.books[portfolio], calendar_of=lambda _instrument: CALENDAR)
        anew = live.value(
            quote_of=market.quote, quality_of=market.quality, rates=database.library.rates, at=market.now()
        )
        if held.totals != portfolio_totals(anew.totals):
            yield f"{portfolio[:4]} is held as {held.totals}, and valued anew it is {portfolio_totals(anew.totals)}"
        rows = {row.key: portfolio_row(row, session=market.session(row.symbol)) for row in anew.rows}
        if not page.totals_only and held.rows != rows:
            wrong = sorted(key for key in {*held.rows, *rows} if held.rows.get(key) != rows.get(key))
            yield f"{portfolio[:4]} valued anew has other rows: {[(held.rows.get(key), rows.get(key)) for key in wrong]}"


def remains(hub: Hub) -> dict[str, int]:
    """What a hub still holds, by name; nothing where everybody has left a while ago."""
    quotes, portfolios = hub._quotes, hub.portfolios
    sizes = {
        "connections": len(hub),
        "people": len(hub.people),
        "debtors": len(hub._delivery.indebted),
        "messages that wait": len(hub._instruments._waiting),
        "watchers": len(quotes._watchers),
        "audiences of quotes": len(quotes._audiences) + len(quotes._audience_of),
        "lingering audiences of quotes": len(quotes._lingering),
        "portfolios": len(portfolios.shelf),
        "holders": len(portfolios.shelf._holders),
        "audiences of portfolios": len(portfolios._audiences) + len(portfolios._audience_of),
        "who waits for portfolios": len(portfolios._waiting),
        "lingering audiences of portfolios": len(portfolios._lingering),
        "wishes": len(portfolios._unproven),
    }
    return {name: size for name, size in sizes.items() if size}
