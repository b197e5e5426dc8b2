"""Who may do what in a portfolio: one table, and the question that every service on a portfolio's data begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tickfolio.errors import NotAllowed, NotFound
from tickfolio.persistence.selectors.portfolios import parse_id, role_in
from tickfolio.persistence.tenancy import Actor, Role
from tickfolio.words import marked_phrase, phrase


class Operation(Enum):
    """What can be done with a portfolio."""

    PORTFOLIO_VIEW = marked_phrase("view the portfolio")
    PORTFOLIO_EXPORT = marked_phrase("export the portfolio")
    PORTFOLIO_UPDATE = marked_phrase("change the portfolio")
    PORTFOLIO_DELETE = marked_phrase("delete the portfolio")
    HOLDING_PERIODS_CHANGE = marked_phrase("change how holding periods are counted")
    BENCHMARK_CHOOSE = marked_phrase("choose a benchmark")
    ACCOUNT_CREATE = marked_phrase("add an account")
    ACCOUNT_UPDATE = marked_phrase("change an account")
    ACCOUNT_OPTIONS_CHANGE = marked_phrase("change how an account counts its costs")
    ACCOUNT_DELETE = marked_phrase("delete an account")
    TRANSACTION_ADD = marked_phrase("add a transaction")
    TRANSACTION_EDIT = marked_phrase("edit a transaction")
    TRANSACTION_DELETE = marked_phrase("delete a transaction")
    ACTION_DISMISS = marked_phrase("dismiss a corporate action")
    TARGETS_CHANGE = marked_phrase("change the targets")
    CLASSIFICATION_CHANGE = marked_phrase("say what an instrument is")
    PRICE_SET = marked_phrase("set a price")
    NOTE_WRITE = marked_phrase("write a note")
    IMPORT_BOOK = marked_phrase("import a file")
    IMPORT_UNDO = marked_phrase("undo an import")
    MEMBERS_VIEW = marked_phrase("see the members")
    MEMBER_ADD = marked_phrase("add a member")
    MEMBER_CHANGE = marked_phrase("change a member's role")
    MEMBER_REMOVE = marked_phrase("remove a member")
    MEMBER_LEAVE = marked_phrase("leave the portfolio")


MINIMUM_ROLE: Mapping[Operation, Role] = {
    Operation.PORTFOLIO_VIEW: Role.VIEWER,
    Operation.PORTFOLIO_EXPORT: Role.VIEWER,
    Operation.PORTFOLIO_UPDATE: Role.OWNER,
    Operation.PORTFOLIO_DELETE: Role.OWNER,
    Operation.HOLDING_PERIODS_CHANGE: Role.EDITOR,
    Operation.BENCHMARK_CHOOSE: Role.EDITOR,
    Operation.ACCOUNT_CREATE: Role.EDITOR,
    Operation.ACCOUNT_UPDATE: Role.EDITOR,
    Operation.ACCOUNT_OPTIONS_CHANGE: Role.EDITOR,
    Operation.ACCOUNT_DELETE: Role.EDITOR,
    Operation.TRANSACTION_ADD: Role.EDITOR,
    Operation.TRANSACTION_EDIT: Role.EDITOR,
    Operation.TRANSACTION_DELETE: Role.EDITOR,
    Operation.ACTION_DISMISS: Role.EDITOR,
    Operation.TARGETS_CHANGE: Role.EDITOR,
    Operation.CLASSIFICATION_CHANGE: Role.EDITOR,
    Operation.PRICE_SET: Role.EDITOR,
    Operation.NOTE_WRITE: Role.EDITOR,
    Operation.IMPORT_BOOK: Role.EDITOR,
    Operation.IMPORT_UNDO: Role.EDITOR,
    Operation.MEMBERS_VIEW: Role.VIEWER,
    Operation.MEMBER_ADD: Role.OWNER,
    Operation.MEMBER_CHANGE: Role.OWNER,
    Operation.MEMBER_REMOVE: Role.OWNER,
    Operation.MEMBER_LEAVE: Role.VIEWER,
}


@dataclass(frozen=True, slots=True)
class Access:
    """That an actor may do what they asked for: the portfolio's id in its one spelling, and their role."""

    portfolio_id: str
    role: Role

    def allows(self, operation: Operation) -> bool:
        """Whether the role is enough for another operation as well."""
        return self.role.covers(MINIMUM_ROLE[operation])


def require(*, actor: Actor, portfolio_id: str, operation: Operation) -> Access:
    """The access of `actor` to a portfolio for `operation`; one query.

    Raises:
        NotFound: there is no such portfolio, or none that the actor may know of.
        NotAllowed: the actor's role is too weak.
    """
    role = role_in(portfolio_id, actor=actor)
    if role is None:
        raise missing_portfolio()
    needed = MINIMUM_ROLE[operation]
    if not role.covers(needed):
        # There is none above an owner's.
        or_higher = "" if needed.covers(max(Role, key=lambda each: each.rank)) else phrase(" or a higher one")
        raise NotAllowed(
            phrase(
                "Expected the role {needed}{or_higher} to {value}, was {role}. An owner of the portfolio can change your role.",
                needed=needed,
                or_higher=or_higher,
                value=operation.value,
                role=role,
            )
        )
    return Access(portfolio_id=str(parse_id(portfolio_id)), role=role)


def missing_portfolio() -> NotFound:
    """The one answer to an id that does not exist and to one of somebody else."""
    return NotFound(phrase("Expected a portfolio that is there and shared with you, found none of that address."))
