"""How an account matches lots and counts costs, changed: what cannot be is refused, and what became other figures is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tickfolio.domain.instruments import Symbol
from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.market.quotes import NotAvailable
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.day_change import exact_sum
from tickfolio.domain.valuation.gains import Gains, realized_gain
from tickfolio.domain.valuation.revalue import LivePortfolio, PortfolioBook
from tickfolio.domain.valuation.valuation import Worth
from tickfolio.errors import InvalidDraft, MissingRate, NotFound, UnknownCost
from tickfolio.feeds.ecb.history import rate_history
from tickfolio.persistence.models import Account
from tickfolio.persistence.selectors.portfolios import AccountView, account_view, parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.applied_actions import with_actions
from tickfolio.services.ledgers import calendar_of, shelf_of
from tickfolio.services.permissions import Operation
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.services.position_links import base_value_of
from tickfolio.services.valuations import recorded_market

type Figure = Decimal | NotAvailable


@dataclass(frozen=True, slots=True)
class Figures:
    """Gains in the base currency, exact, or why there are none."""

    realized: Figure
    unrealized: Figure


@dataclass(frozen=True, slots=True)
class FigureChange:
    """The gains of one position, or of the whole portfolio where `symbol` is None, before and after."""

    account_name: str
    symbol: Symbol | None
    before: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class OptionsChange:
    """An account with its new options, and every figure that is another one now; the whole portfolio comes last."""

    account: AccountView
    base: Currency
    figures: tuple[FigureChange, ...]


def account_options_change(
    *, actor: Actor, portfolio_id: str, account_id: str, options: AccountOptions, expected: AccountOptions
) -> OptionsChange:
    """Gives an account other options, if it has the expected ones still, and computes everything anew.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: somebody changed the options meanwhile.
        InsufficientQuantity, ImpossibleLedger: what is booked could not be with them, as where something is sold short.
    """
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_OPTIONS_CHANGE) as held:
        row = _account(held, account_id)
        current = account_view(row).options
        if current not in (expected, options):
            raise InvalidDraft(
                {"method": "Somebody changed this meanwhile. What is chosen now stands in the fields; decide again."}
            )
        with shelf_of(actor=actor, portfolio_id=portfolio_id) as shelf:
            before = shelf.refresh().book
        after = _with_options(before, AccountId(str(row.pk)), options)
        _refuse_impossible(after, AccountId(str(row.pk)))
        if current != options:
            _write(held, row, options)
        figures = _changed(before, after)
        return OptionsChange(account_view(row), after.base, figures)


def _account(held: HeldPortfolio, account_id: str) -> Account:
    key = parse_id(account_id)
    rows = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk)
    account = None if key is None else rows.filter(pk=key).first()
    if account is None:
        raise NotFound("Expected an account of this portfolio, found none of that address.")
    return account


def _write(held: HeldPortfolio, row: Account, options: AccountOptions) -> None:
    row.cost_basis_method, row.cash_method = options.method.value, options.cash_method.value
    row.fees_in_cost, row.allows_shorts = options.fees_in_cost, options.allows_shorts
    row.action_rule = options.actions.value
    Account.objects.for_actor(held.actor).filter(pk=row.pk).update(
        cost_basis_method=row.cost_basis_method,
        cash_method=row.cash_method,
        fees_in_cost=row.fees_in_cost,
        allows_shorts=row.allows_shorts,
        action_rule=row.action_rule,
    )
    held.announce(Kind.PORTFOLIO_CHANGED)


def _with_options(book: PortfolioBook, account: AccountId, options: AccountOptions) -> PortfolioBook:
    accounts = tuple(replace(each, options=options) if each.id == account else each for each in book.accounts)
    known = with_actions(
        [each for each in book.transactions if not is_derived(each.id)],
        options={each.id: each.options for each in accounts},
        instruments=book.instruments,
        base_value=base_value_of(book.base.code),
    )
    return replace(book, accounts=accounts, transactions=known.transactions)


def _refuse_impossible(book: PortfolioBook, account: AccountId) -> None:
    """Folds everything of the account and of those that it is linked with, also what the market has not reached."""
    base_value = base_value_of(book.base.code)
    for accounts, transactions in book.groups():
        if account in {each.id for each in accounts}:
            fold_all({each.id: each.options for each in accounts}, transactions, base_value=base_value)


# ---------- Figures ----------


def _changed(before: PortfolioBook, after: PortfolioBook) -> tuple[FigureChange, ...]:
    old, new = _figures(before), _figures(after)
    names = {account.id: account.name for account in after.accounts}
    return tuple(
        FigureChange("" if key is None else names[key[0]], None if key is None else key[1], old[key], new[key])
        for key in new
        if key in old and old[key] != new[key]
    )


def _figures(book: PortfolioBook) -> Mapping[tuple[AccountId, Symbol] | None, Figures]:
    """The gains of each position as of what was recorded last, and of all under None, which comes last."""
    market, rates = recorded_market(), BaseRates(book.base, rate_history())
    live = LivePortfolio(book, calendar_of=calendar_of)
    valuation = live.value(quote_of=market.quotes.get, quality_of=market.quality, rates=rates.table, at=market.at)
    unrealized: dict[tuple[AccountId, Symbol], Figure] = {
        (row.account, row.symbol): row.worth.unrealized
        if isinstance(row.worth, Worth)
        else NotAvailable(row.worth.reason)
        for row in valuation.rows
        if row.symbol is not None and row.key.startswith("h:")
    }
    found: dict[tuple[AccountId, Symbol] | None, Figures] = {}
    for account in book.accounts:
        for symbol in sorted(live.account(account.id).ledger.positions):
            realized = _realized(live, account.id, symbol, rates)
            found[account.id, symbol] = Figures(realized, unrealized.get((account.id, symbol), Decimal(0)))
    gains = live.gains(quote_of=market.quotes.get, rates=rates.table, at=market.at)
    whole = Figures(gains.realized, gains.unrealized) if isinstance(gains, Gains) else Figures(gains, gains)
    return {**found, None: whole}


def _realized(live: LivePortfolio, account: AccountId, symbol: Symbol, rates: BaseRates) -> Figure:
    """Net proceeds − relieved cost, each at the rate of its time."""
    closed = live.account(account).ledger.positions[symbol].closed
    try:
        return exact_sum(realized_gain(lot, rates) for lot in closed)
    except (MissingRate, UnknownCost) as missing:
        return NotAvailable(str(missing))
