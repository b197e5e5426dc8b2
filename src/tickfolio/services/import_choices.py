"""What a person decides about a file: how it is read, which account each of its names is, what its symbols are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType

from tickfolio.domain.instruments import normalise_symbol
from tickfolio.errors import ImportNotPossible, InvalidSymbol, InvalidValue
from tickfolio.persistence.selectors.portfolios import AccountView, PortfolioView
from tickfolio.services.new_accounts import options_of_new
from tickfolio.statements.account_methods import options_from
from tickfolio.statements.rows import MAX_ACCOUNT_NAME, DayOrder, DividendFee, Format, Reading, Subject
from tickfolio.words import phrase

CREATES = "new"
MOST_ACCOUNTS = 50
UNNAMED = "Imported"


@dataclass(frozen=True, slots=True)
class Choices:
    """What was decided so far; what is missing is decided by what is known.

    Attributes:
        answers: to the questions of the file, by subject.
        accounts: by the account's name in the file an account's id, or "new" for one to be made.
        symbols: by the symbol as the file spells it the one to be booked.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)

    def with_(self, other: Choices) -> Choices:
        """These choices, and `other` where it says something else; a symbol that is emptied is given up."""
        symbols = {**self.symbols, **other.symbols}
        return Choices(
            answers={**self.answers, **other.answers},
            accounts={**self.accounts, **other.accounts},
            symbols={text: symbol for text, symbol in symbols.items() if symbol},
        )

    def document(self) -> dict[str, dict[str, str]]:
        """As a database keeps them."""
        return {"answers": dict(self.answers), "accounts": dict(self.accounts), "symbols": dict(self.symbols)}

    def reading(self, stated: Reading) -> Reading:
        """How the file is read with these answers, where `stated` says nothing.

        Raises:
            InvalidValue: an answer is none of those that there are.
        """
        order, mark = self.answers.get(Subject.DAY_ORDER), self.answers.get(Subject.DECIMAL_MARK)
        fee = self.answers.get(Subject.DIVIDEND_FEE)
        try:
            return replace(
                stated,
                day_order=DayOrder(order) if order else stated.day_order,
                decimal_mark=mark or stated.decimal_mark,
                dividend_fee=DividendFee(fee) if fee else stated.dividend_fee,
            )
        except ValueError as error:
            raise InvalidValue(phrase("Expected one of the answers that are offered, was another one.")) from error


def choices_from(document: Mapping[str, Mapping[str, str]]) -> Choices:
    """The choices that a database keeps."""
    return Choices(
        answers=document.get("answers", {}), accounts=document.get("accounts", {}), symbols=document.get("symbols", {})
    )


def checked_symbols(symbols: Mapping[str, str]) -> dict[str, str]:
    """The chosen symbols in their one spelling; those that are none are left out."""
    found = {}
    for text, symbol in symbols.items():
        try:
            found[text] = str(normalise_symbol(symbol)) if symbol.strip() else ""
        except InvalidSymbol:
            continue
    return found


# ---------- Accounts ----------


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """What one of the file's names of accounts stands for: an account that is there, one to be made, or nothing yet."""

    name: str
    account: AccountView | None
    is_new: bool = False


def account_choices(
    named: Mapping[str, str],
    chosen: Mapping[str, str],
    portfolio: PortfolioView,
    *,
    methods: Mapping[str, str] = MappingProxyType({}),
) -> tuple[AccountChoice, ...]:
    """What each of the names stands for: what was chosen, else the account of that name, else one to be made.

    Rows that name no account are of the portfolio's only account, if it has but one.

    Args:
        named: currency by name, empty where the file does not say it.
        methods: how those that are made match their lots, by name, where the file says it.

    Raises:
        ImportNotPossible: more accounts than a person has would have to be made.
    """
    by_id = {account.id: account for account in portfolio.accounts}
    by_name = {account.name.casefold(): account for account in portfolio.accounts}
    made: dict[str, AccountView] = {}
    found = []
    for name, currency in named.items():
        wanted = chosen.get(name, "")
        account = by_id.get(wanted)
        if account is None and wanted != CREATES:
            account = _default(name, by_name, portfolio.accounts)
        if account is not None:
            found.append(AccountChoice(name, account))
        elif name or wanted == CREATES or not portfolio.accounts:
            new = _new(name, currency, portfolio, taken=by_name, made=made)
            told = methods.get(name, "")
            new = replace(new, options=options_from(told) if told else options_of_new())
            found.append(AccountChoice(name, new, is_new=new.id not in by_id))
        else:
            found.append(AccountChoice(name, None))
    if len(made) > MOST_ACCOUNTS:
        raise ImportNotPossible(
            phrase(
                "Expected at most {most_accounts} new accounts, were {made:,} in the file.",
                most_accounts=MOST_ACCOUNTS,
                made=len(made),
            )
        )
    return tuple(found)


def _default(name: str, by_name: Mapping[str, AccountView], accounts: Iterable[AccountView]) -> AccountView | None:
    if name:
        return by_name.get(_spelt(name).casefold())
    only = tuple(accounts)
    return only[0] if len(only) == 1 else None


def _new(
    name: str,
    currency: str,
    portfolio: PortfolioView,
    *,
    taken: Mapping[str, AccountView],
    made: dict[str, AccountView],
) -> AccountView:
    """An account to be made. Its id follows from portfolio and name, so that every preview gives it the same.

    A name that another account bears already gets a number.
    """
    spelt = _spelt(name)
    if spelt in made:
        return made[spelt]
    free, number = spelt, 1
    while free.casefold() in taken or free in {account.name for account in made.values()}:
        number += 1
        free = f"{spelt[: MAX_ACCOUNT_NAME - 5]} ({number})"
    key = _free_id(free, portfolio)
    account = AccountView(id=key, portfolio_id=portfolio.id, name=free, currency=currency or portfolio.base_currency)
    made[spelt] = account
    return account


def _free_id(name: str, portfolio: PortfolioView) -> str:
    """The first id of that name which no account has: one of that name may have been made and renamed before."""
    taken = {account.id for account in portfolio.accounts}
    ids = (str(uuid.uuid5(uuid.UUID(portfolio.id), f"account {number} {name}")) for number in count())
    return next(each for each in ids if each not in taken)


def _spelt(name: str) -> str:
    """A name as an account may bear it."""
    shown = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    return shown[:MAX_ACCOUNT_NAME] or UNNAMED


# ---------- How a file is read ----------


def reading_of(document: Mapping[str, str | None]) -> Reading:
    """What was stated about a file when it was handed in."""
    format_ = document.get("format")
    return Reading(
        format=Format(format_) if format_ else None,
        separator=document.get("separator") or None,
        decimal_mark=document.get("decimal_mark") or None,
        day_order=DayOrder(order) if (order := document.get("day_order")) else None,
    )


def reading_document(reading: Reading) -> dict[str, str | None]:
    """As a database keeps it."""
    return {
        "format": reading.format,
        "separator": reading.separator,
        "decimal_mark": reading.decimal_mark,
        "day_order": reading.day_order,
    }
