"""What was chosen for a portfolio, as a file has it: its benchmark, accounts without transactions, dismissed corporate actions.

As with all that stands beside the rows, what is empty is filled and nothing is written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tickfolio.domain.money import Currency
from tickfolio.errors import InvalidValue
from tickfolio.persistence.models import Account, ActionDismissal, Portfolio
from tickfolio.persistence.selectors.actions import chosen_actions, dismissals_seen, recorded_actions
from tickfolio.persistence.tenancy import Actor
from tickfolio.services.benchmark_choice import benchmarks_on_offer
from tickfolio.services.import_besides import Arriving, Piece, PieceKind, Standing, compared
from tickfolio.services.portfolio_changes import HeldPortfolio, Kind
from tickfolio.services.portfolios import portfolio_view
from tickfolio.statements.account_methods import method_text, options_from
from tickfolio.statements.beside import AccountOf, BenchmarkOf, Beside, DismissedOf
from tickfolio.statements.rows import shortened
from tickfolio.words import phrase


def settings_of(
    beside: Beside, *, actor: Actor, portfolio_id: str, arriving: Arriving, accounts: Mapping[str, str]
) -> tuple[Piece, ...]:
    """What becomes of each as the portfolio stands now.

    Args:
        accounts: by what the file calls it, what an account that its rows name is called here.
    """
    if not (beside.benchmarks or beside.empty_accounts or beside.dismissed):
        return ()
    judge = _Judge(actor, portfolio_id, arriving, accounts)
    return tuple(judge.pieces(beside))


class _Judge:
    """Compares what a file says was chosen with what is chosen here."""

    def __init__(self, actor: Actor, portfolio_id: str, arriving: Arriving, accounts: Mapping[str, str]) -> None:
        self._actor, self._arriving, self._named = actor, arriving, accounts
        self._portfolio = portfolio_view(actor=actor, portfolio_id=portfolio_id)
        self._there = {each.name: each for each in self._portfolio.accounts}

    def pieces(self, beside: Beside) -> Iterator[Piece]:
        for each in beside.benchmarks[:1]:
            yield _judged(PieceKind.BENCHMARK, each.symbol, partial(self._benchmark, each))
        for account in beside.empty_accounts:
            yield _judged(PieceKind.ACCOUNT, account.name, partial(self._account, account))
        coming = {*self._there, *self._named.values(), *(_name(each.name) for each in beside.empty_accounts)}
        for dismissed in beside.dismissed:
            what = f"{dismissed.symbol} {dismissed.ex_date}"
            yield _judged(PieceKind.DISMISSED, what, partial(self._dismissed, dismissed, what, coming))

    def _benchmark(self, each: BenchmarkOf) -> Piece:
        symbol = self._arriving.symbol(each.symbol)
        if symbol != self._portfolio.benchmark and symbol not in benchmarks_on_offer():
            raise InvalidValue(
                phrase("Expected an instrument with a history of prices, was {symbol}.", symbol=repr(symbol))
            )

        def keep(held: HeldPortfolio) -> None:
            Portfolio.objects.for_actor(held.actor).filter(pk=held.row.pk).update(benchmark=symbol)
            held.announce(Kind.PORTFOLIO_CHANGED)

        return compared(PieceKind.BENCHMARK, symbol, symbol, self._portfolio.benchmark, keep)

    def _account(self, each: AccountOf) -> Piece:
        name, currency, options = _name(each.name), Currency(each.currency).code, options_from(each.method)
        if not name or not name.isprintable():
            raise InvalidValue(
                phrase("Expected {what} of characters that can be seen, was one with others.", what=phrase("a name"))
            )
        before = self._there.get(name)

        def keep(held: HeldPortfolio) -> None:
            rows = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk, name=name)
            if rows.exists():
                return  # a row of the same file has made it
            Account(
                portfolio_id=held.row.pk,
                name=name,
                currency=currency,
                cost_basis_method=options.method.value,
                cash_method=options.cash_method.value,
                fees_in_cost=options.fees_in_cost,
                allows_shorts=options.allows_shorts,
                action_rule=options.actions.value,
                created_at=held.at,
            ).save(force_insert=True)
            held.announce(Kind.PORTFOLIO_CHANGED)

        there = "" if before is None else f"{before.currency} {method_text(before.options)}"
        return compared(PieceKind.ACCOUNT, name, f"{currency} {method_text(options)}", there, keep)

    def _dismissed(self, each: DismissedOf, what: str, coming: set[str]) -> Piece:
        symbol, name = self._arriving.symbol(each.symbol), self._named.get(each.account, _name(each.account))
        if name not in coming:
            raise InvalidValue(
                phrase("Expected an account of the portfolio, was {short}.", short=repr(shortened(name)))
            )
        found = [
            action.fact.id
            for action in chosen_actions(recorded_actions([symbol]))
            if not action.is_withdrawn and (action.kind, action.fact.action.ex_date) == (each.kind, each.ex_date)
        ]
        if not found:
            raise InvalidValue(phrase("No corporate action of this kind and day is known here."))
        fact = found[0]
        before = self._there.get(name)
        seen = dismissals_seen(self._portfolio.id, actor=self._actor) if before is not None else ()
        is_there = before is not None and any((one.account, one.fact_id) == (before.id, fact) for one in seen)

        def keep(held: HeldPortfolio) -> None:
            # Its account may have been made with the rows just now.
            account = Account.objects.for_actor(held.actor).filter(portfolio=held.row.pk, name=name).first()
            if account is not None:
                ActionDismissal(
                    portfolio_id=held.row.pk,
                    account_id=account.pk,
                    action_id=fact,
                    dismissed_at=held.at,
                    dismissed_by_id=held.recorder_id,
                ).save(force_insert=True)
                held.announce(Kind.PORTFOLIO_CHANGED)

        said = f"{name} {fact}"
        return compared(PieceKind.DISMISSED, what, said, said if is_there else "", keep)


def _judged(kind: PieceKind, what: str, judge: Callable[[], Piece]) -> Piece:
    """A piece that cannot be costs nothing but itself."""
    try:
        return judge()
    except InvalidValue as error:
        return Piece(kind, shortened(what), "", Standing.LEFT_OUT, str(error))


def _name(text: str) -> str:
    """The name of an account as it is kept."""
    return " ".join(text.split())
