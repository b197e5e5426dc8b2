"""Any figure explained: for a person who may see the portfolio, as of a moment that stays as it was.

What an explanation depends on is frozen when it is first asked for: how far the ledger was known, the moment of the market and,
where that is now, the quotes. A token carries it, signed, from page to page; to keep it writes it down, and nothing else does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction

from tickfolio.domain.explain.nodes import Explained
from tickfolio.domain.instruments import Symbol
from tickfolio.domain.market.quotes import MarketSession, Quote
from tickfolio.domain.money import plain
from tickfolio.errors import InvalidValue, NotFound
from tickfolio.persistence.models import KeptExplanation
from tickfolio.persistence.tenancy import Actor
from tickfolio.runtime.clocks import SystemClock
from tickfolio.services.explained_figures import FIGURES, OF_A_BENCHMARK, PARAMS, figure_of, usual_depth
from tickfolio.services.explanation_ground import Frozen, Ground
from tickfolio.services.known_books import Known, known_at, known_now
from tickfolio.services.permissions import Operation, require
from tickfolio.services.portfolios import portfolio_view
from tickfolio.services.valuations import recorded_market
from tickfolio.words import marked_phrase, phrase

__all__ = ["FIGURES", "PARAMS", "usual_depth"]
SALT = "tickfolio.explanation"
MAX_TOKEN_LENGTH = 200_000
_DIGEST_LENGTH = 64
_NOT_OURS = marked_phrase(
    "Expected the token of an explanation that was made here of this portfolio, was another text."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure, of what.

    Attributes:
        params: those of `PARAMS` that are given, by name.
    """

    figure: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with all that it came about by.

    Attributes:
        token: what it depends on, signed: with it the same is explained again.
    """

    asked: Asked
    frozen: Frozen
    tree: Explained
    token: str


def explanation_of(*, actor: Actor, portfolio_id: str, asked: Asked, known_by: datetime | None = None) -> Explanation:
    """A figure as it is now.

    Args:
        known_by: a moment of real time: what was recorded later does not count. None: all counts.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: there is no such figure, or nothing of what it is asked of.
        ImpossibleLedger: the transactions cannot follow one another.
    """
    if known_by is None:
        known = known_now(actor=actor, portfolio_id=portfolio_id)
    else:
        known = known_at(actor=actor, portfolio_id=portfolio_id, at=known_by)
    market, asked = recorded_market(), _with_benchmark(actor, portfolio_id, asked)
    ground = Ground(actor, portfolio_id, Frozen(known, market.at, (), known_by))
    ground.freeze(market.quotes, beside=asked.params.get("against", ""))
    return _explained(portfolio_id, asked, ground)


def explanation_from(*, actor: Actor, portfolio_id: str, token: str) -> Explanation:
    """The explanation that a token was made of.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the token was not made here, or of another portfolio.
    """
    require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    asked, frozen = _read(_loaded(portfolio_id, token))
    return _explained(portfolio_id, asked, Ground(actor, portfolio_id, frozen))


@transaction.atomic
def explanation_keep(*, actor: Actor, portfolio_id: str, token: str) -> str:
    """Keeps what a token was made of, so that its address lasts: the digest that the address names.

    Raises:
        NotFound: there is no such portfolio for this actor.
        InvalidValue: the token was not made here, or of another portfolio.
    """
    access = require(actor=actor, portfolio_id=portfolio_id, operation=Operation.PORTFOLIO_VIEW)
    content = _canonical(_loaded(portfolio_id, token))
    digest = hashlib.sha256(content.encode()).hexdigest()
    rows = KeptExplanation.objects.for_actor(actor)
    row = KeptExplanation(portfolio_id=access.portfolio_id, digest=digest, content=content, kept_at=SystemClock().now())
    rows.bulk_create([row], ignore_conflicts=True)
    return digest


def explanation_kept(*, actor: Actor, portfolio_id: str, digest: str) -> Explanation:
    """An explanation that was kept. Whether the actor may see it is asked again where the ledger is read.

    Raises:
        NotFound: there is no such portfolio for this actor, or none was kept by that digest.
    """
    rows = KeptExplanation.objects.for_actor(actor)
    kept = rows.filter(portfolio_id=portfolio_id, digest=digest[:_DIGEST_LENGTH])
    content = kept.values_list("content", flat=True).first()
    if content is None:
        raise NotFound(phrase("Expected an explanation that was kept, found none of that address."))
    asked, frozen = _read(json.loads(content))
    return _explained(portfolio_id, asked, Ground(actor, portfolio_id, frozen))


def _with_benchmark(actor: Actor, portfolio_id: str, asked: Asked) -> Asked:
    """With the benchmark that the portfolio remembers now, where one is needed and none is named; elsewhere without any."""
    params = {name: text for name, text in asked.params.items() if name != "against"}
    if asked.figure in OF_A_BENCHMARK:
        named = asked.params.get("against") or portfolio_view(actor=actor, portfolio_id=portfolio_id).benchmark
        params |= {"against": named.strip().upper()} if named else {}
    return Asked(asked.figure, params)


def _explained(portfolio_id: str, asked: Asked, ground: Ground) -> Explanation:
    tree = figure_of(ground, asked.figure, asked.params)
    return Explanation(asked, ground.frozen, tree, _token(portfolio_id, asked, ground.frozen))


# ---------- What is frozen, as data ----------


def _token(portfolio_id: str, asked: Asked, frozen: Frozen) -> str:
    known = frozen.known
    data = {
        "portfolio": portfolio_id,
        "figure": asked.figure,
        "params": dict(sorted(asked.params.items())),
        "known": [known.head, known.actions, known.base, known.zone, *_facts(known)],
        "at": frozen.at.isoformat(),
        "quotes": [_quote_data(quote) for quote in frozen.quotes],
    }
    if frozen.known_by is not None:
        data["known_by"] = frozen.known_by.astimezone(UTC).isoformat()
    return signing.Signer(salt=SALT).sign_object(data, compress=True)


def _facts(known: Known) -> tuple[int | None, ...]:
    """The recorded closes and rates that count; a replay has none of its own."""
    return () if settings.TICKFOLIO_IS_REPLAY else (known.bars, known.rates)


def _loaded(portfolio_id: str, token: str) -> dict[str, Any]:
    try:
        data: dict[str, Any] = signing.Signer(salt=SALT).unsign_object(token[:MAX_TOKEN_LENGTH])
    except signing.BadSignature:
        raise InvalidValue(_NOT_OURS) from None
    if data["portfolio"] != portfolio_id:
        raise InvalidValue(_NOT_OURS)
    return data


def _canonical(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def _read(data: Mapping[str, Any]) -> tuple[Asked, Frozen]:
    """What `_token` wrote; it is signed, so it has that form."""
    at = datetime.fromisoformat(data["at"]).astimezone(UTC)
    known_by = datetime.fromisoformat(data["known_by"]).astimezone(UTC) if "known_by" in data else None
    frozen = Frozen(Known(*data["known"]), at, tuple(map(_quote, data["quotes"])), known_by)
    return Asked(data["figure"], data["params"]), frozen


def _quote_data(quote: Quote) -> list[str | None]:
    return [
        quote.symbol,
        plain(quote.price),
        None if quote.previous_close is None else plain(quote.previous_close),
        quote.session_day.isoformat(),
        quote.session.value,
        quote.source_time.isoformat(),
        quote.source,
    ]


def _quote(data: Sequence[str | None]) -> Quote:
    symbol, price, session_day, session, source_time, source = (str(each) for each in (*data[:2], *data[3:]))
    previous_close = data[2]
    made_at = datetime.fromisoformat(source_time).astimezone(UTC)
    return Quote(
        symbol=Symbol(symbol),
        price=Decimal(price),
        previous_close=None if previous_close is None else Decimal(previous_close),
        session_day=date.fromisoformat(session_day),
        session=MarketSession(session),
        source_time=made_at,
        received_time=made_at,
        source=source,
        version=1,
    )
