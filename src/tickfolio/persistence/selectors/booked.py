"""Which instruments of feeds ledgers are about: those that are booked, and those that corporate actions made of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import Exists, Min, OuterRef

from tickfolio.domain.instruments import Symbol
from tickfolio.persistence.models import (
    CorporateActionFact,
    InstrumentRecord,
    LedgerTransaction,
    Portfolio,
    PrivateInstrument,
)
from tickfolio.persistence.selectors.market import record_ids
from tickfolio.persistence.tenancy import Actor


def booked_instruments(*, actor: Actor) -> dict[int, datetime | None]:
    """The keys of the instruments that living transactions name, or that became of these, or that portfolios are compared with.

    Each has the moment of its first transaction (UTC), or None. A symbol of once finds its instrument, under whatever symbol it
    has now. What only a portfolio knows is none of them, whoever else has its symbol. Some seven queries, and two more for each
    time that what became of something became something else.
    """
    firsts = _first_bookings(actor)
    found: dict[int, datetime | None] = {}
    for symbol, key in record_ids(firsts).items():
        found[key] = min(found.get(key) or firsts[symbol], firsts[symbol])
    portfolios = Portfolio.objects.for_actor(actor).filter(deleted_at=None).exclude(benchmark="")
    compared = record_ids(set(portfolios.values_list("benchmark", flat=True)))
    found = dict.fromkeys(_with_what_became(found)) | found
    return dict.fromkeys(compared.values()) | found


def booked_in(portfolio_id: str, *, actor: Actor) -> frozenset[int]:
    """The keys of those that one portfolio's living transactions name, or that became of these; some six queries."""
    return frozenset(_with_what_became(record_ids(_first_bookings(actor, portfolio_id)).values()))


def booked_symbols(*, actor: Actor) -> frozenset[Symbol]:
    """The symbols that `booked_instruments` have now."""
    known = InstrumentRecord.objects.filter(pk__in=list(booked_instruments(actor=actor)))
    return frozenset(Symbol(symbol) for symbol in known.values_list("symbol", flat=True))


def _first_bookings(actor: Actor, portfolio_id: str | None = None) -> dict[str, datetime]:
    """The moment of the first transaction that names each symbol, as what it is about or as what comes of it.

    Args:
        portfolio_id: whose transactions; those of all portfolios where it is None.
    """
    transactions = LedgerTransaction.objects.for_actor(actor).filter(is_deleted=False)
    if portfolio_id is not None:
        transactions = transactions.filter(portfolio_id=portfolio_id)
    firsts: dict[str, datetime] = {}
    for column in ("symbol", "current_version__new_symbol"):
        own = PrivateInstrument.objects.for_actor(actor).filter(
            portfolio=OuterRef("portfolio"), symbol=OuterRef(column), replaced_sequence=None
        )
        rows = (
            transactions.filter(~Exists(own)).exclude(**{column: ""}).order_by().values_list(column).annotate(Min("at"))
        )
        for symbol, at in rows:
            moment = at.astimezone(UTC)
            firsts[symbol] = min(firsts.get(symbol, moment), moment)
    return firsts


def _with_what_became(keys: Iterable[int]) -> set[int]:
    """These and what corporate actions made of them, and of that in turn."""
    found = became = set(keys)
    while became:
        facts = CorporateActionFact.objects.filter(instrument__in=list(became)).exclude(new_symbol="")
        became = set(record_ids(set(facts.values_list("new_symbol", flat=True))).values()) - found
        found = found | became
    return found
