"""How an account matches lots and counts costs, changed: what cannot be is refused, and what would be other figures is told first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tickfolio.domain.ledger.applied_actions import is_derived
from tickfolio.domain.ledger.ledger import fold_all
from tickfolio.domain.ledger.options import AccountOptions
from tickfolio.domain.ledger.transactions import AccountId
from tickfolio.domain.money import Currency
from tickfolio.domain.valuation.base_rates import BaseRates
from tickfolio.domain.valuation.revalue import LivePortfolio, PortfolioBook
from tickfolio.errors import InvalidDraft, NotFound
from tickfolio.persistence.models import Account
from tickfolio.persistence.selectors.portfolios import AccountView, account_view, parse_id
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.collector import not_collecting
from tickfolio.services.applied_actions import with_actions
from tickfolio.services.exchange_rates import rate_table_now
from tickfolio.services.ledgers import HeldBook, book_of, calendar_of, shelf_of
from tickfolio.services.option_figures import Counted, FigureChange, figure_changes
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind, held_portfolio
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.position_links import base_value_of
from tickfolio.services.valuations import recorded_market, value_of
from tickfolio.words import phrase

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OptionsPreview:
    """What other options for an account would change: every figure that would be another one; the whole portfolio comes last."""

    account: AccountView
    options: AccountOptions
    base: Currency
    figures: tuple[FigureChange, ...]


def account_options_preview(
    *, actor: Actor, portfolio_id: str, account_id: str, options: AccountOptions, expected: AccountOptions
) -> OptionsPreview:
    """Computes what other options would change, as of what was recorded last, and stores nothing.

    What is kept of the portfolio in memory is the one side; only what hangs together with the account is folded for the other.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: somebody changed the options meanwhile.
        InsufficientQuantity, ImpossibleLedger: what is booked could not be with them, as where something is sold short.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_OPTIONS_CHANGE)
    portfolio = portfolio_view(actor=actor, portfolio_id=access.portfolio_id)
    account = next((each for each in portfolio.accounts if parse_id(each.id) == parse_id(account_id)), None)
    if account is None:
        raise _missing()
    _refuse_another(account.options, options=options, expected=expected)
    market, rates = recorded_market(), rate_table_now()
    with shelf_of(actor=actor, portfolio_id=access.portfolio_id) as shelf, not_collecting():
        book = shelf.refresh().book
        rows = value_of(shelf, market).rows
        ledgers = shelf.living().ledgers(rates=rates, at=market.at)
        linked = _with_options(_linked_with(book, AccountId(account.id)), AccountId(account.id), options)
        living = LivePortfolio(linked, calendar_of=calendar_of)
        linked_rows = market.value_of(living).rows
        counted = {facts.id: (facts, ledger) for facts, ledger in living.ledgers(rates=rates, at=market.at)}
        after = Counted(
            book=_put_into(book, linked),
            ledgers=[counted.get(facts.id, (facts, ledger)) for facts, ledger in ledgers],
            rows=[*(row for row in rows if row.account not in counted), *linked_rows],
        )
        figures = figure_changes(
            Counted(book, ledgers, rows), after, rates=BaseRates(book.base, rates), periods=portfolio.periods
        )
        # What is booked and what the market has not reached yet must be possible too.
        living.advance(END_OF_TIME)
    return OptionsPreview(account, options, book.base, figures)


def account_options_change(
    *, actor: Actor, portfolio_id: str, account_id: str, options: AccountOptions, expected: AccountOptions
) -> AccountView:
    """Gives an account other options, if it has the expected ones still.

    Raises:
        NotFound, NotAllowed: as everywhere.
        InvalidDraft: somebody changed the options meanwhile.
        InsufficientQuantity, ImpossibleLedger: what is booked could not be with them, as where something is sold short.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_OPTIONS_CHANGE)
    # Before the portfolio is held, since within a database transaction nothing that is kept in memory may be used.
    known = book_of(actor=actor, portfolio_id=portfolio_id)
    with held_portfolio(actor=actor, portfolio_id=portfolio_id, operation=Operation.ACCOUNT_OPTIONS_CHANGE) as held:
        row = _account(held, account_id)
        current = account_view(row).options
        _refuse_another(current, options=options, expected=expected)
        if current != options:
            _refuse_impossible(_book_now(held, known), AccountId(str(row.pk)), options)
            _write(held, row, options)
        return account_view(row)


def _missing() -> NotFound:
    return NotFound(phrase("Expected an account of this portfolio, found none of that address."))


def _refuse_another(current: AccountOptions, *, options: AccountOptions, expected: AccountOptions) -> None:
    if current not in (expected, options):
        raise InvalidDraft(
            {
                "method": phrase(
                    "Somebody changed this meanwhile. What is chosen now stands in the fields; decide again."
                )
            }
        )


def _account(held: HeldPortfolio, account_id: str) -> Account:
    key = parse_id(account_id)
    rows = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk)
    account = None if key is None else rows.filter(pk=key).first()
    if account is None:
        raise _missing()
    return account


def _book_now(held: HeldPortfolio, known: HeldBook) -> PortfolioBook:
    """The book, which nobody changes now; read anew where somebody has since `known` was."""
    if known.head == held.row.head:
        return known.book
    return book_of(actor=held.actor, portfolio_id=held.access.portfolio_id).book


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


def _linked_with(book: PortfolioBook, account: AccountId) -> PortfolioBook:
    """The part of a book that must be folded together with an account."""
    accounts, transactions = book.group_of(account)
    ids = {facts.id for facts in accounts}
    ordered = tuple(facts for facts in book.accounts if facts.id in ids)
    return replace(book, accounts=ordered, transactions=tuple(transactions))


def _with_options(book: PortfolioBook, account: AccountId, options: AccountOptions) -> PortfolioBook:
    accounts = tuple(replace(each, options=options) if each.id == account else each for each in book.accounts)
    known = with_actions(
        [each for each in book.transactions if not is_derived(each.id)],
        options={each.id: each.options for each in accounts},
        instruments=book.instruments,
        base_value=base_value_of(book.base.code),
    )
    return replace(book, accounts=accounts, transactions=known.transactions)


def _put_into(book: PortfolioBook, part: PortfolioBook) -> PortfolioBook:
    """The book with a part of it in the place of what that was."""
    facts = {each.id: each for each in part.accounts}
    others = [each for each in book.transactions if each.account not in facts]
    accounts = tuple(facts.get(each.id, each) for each in book.accounts)
    return replace(book, accounts=accounts, transactions=(*others, *part.transactions))


def _refuse_impossible(book: PortfolioBook, account: AccountId, options: AccountOptions) -> None:
    """Folds everything of the account and of those that it is linked with, also what the market has not reached."""
    linked = _with_options(_linked_with(book, account), account, options)
    with not_collecting():
        fold_all(
            {each.id: each.options for each in linked.accounts},
            linked.transactions,
            base_value=base_value_of(book.base.code),
        )
