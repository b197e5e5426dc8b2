"""The portfolios in memory: read when first watched, kept while watched and a little longer, valued on the beat."""

from __future__ import annotations

from collections.abc import Mapping

from tickfolio.domain.instruments import Symbol
from tickfolio.live.ports import LoadedPortfolio, PortfolioSource, Standing
from tickfolio.live.watched_portfolio import Market, WatchedPortfolio
from tickfolio.live.wire.vocabulary import portfolio_id

LINGER_SECONDS = 60.0
"""How long a portfolio stays in memory after the last page that showed it was closed."""


class PortfolioShelf:
    """By id, every portfolio that is watched here, and by symbol those that hold it. In another currency it is one of its own.

    A tick does not touch it: which symbols changed is asked on the beat.
    """

    def __init__(self, *, source: PortfolioSource, market: Market) -> None:
        self._source = source
        self._market = market
        self._portfolios: dict[str, WatchedPortfolio] = {}
        self._holders: dict[Symbol, dict[WatchedPortfolio, None]] = {}
        self._version = 0

    def __len__(self) -> int:
        return len(self._portfolios)

    def all(self) -> list[WatchedPortfolio]:
        """All of them."""
        return list(self._portfolios.values())

    def get(self, portfolio: str) -> WatchedPortfolio | None:
        """The one of that id, where it is in memory."""
        return self._portfolios.get(portfolio)

    def want(self, portfolio: str) -> WatchedPortfolio:
        """The one of that id; where it is not in memory yet, it begins to be read."""
        held = self._portfolios.get(portfolio)
        if held is None:
            held = self._portfolios[portfolio] = WatchedPortfolio(portfolio)
        held.idle_since = None
        if held.rows is None:
            self._load(held)
        return held

    def ids(self) -> frozenset[str]:
        """The ids of all of them: whose standings are to be read from the database every few seconds."""
        return frozenset(self._portfolios)

    def head_heard(self, portfolio: str, sequence: int) -> None:
        """Somebody says that the ledger of a portfolio is at `sequence`."""
        for held in self.all():
            if portfolio_id(held.id) == portfolio:
                held.heard_head = max(held.heard_head, sequence)
                if held.is_behind:
                    self._load(held)

    def loaded(self, loaded: LoadedPortfolio) -> WatchedPortfolio | None:
        """Takes what was read; None where it came too late or too early, and then it is read again if need be."""
        held = self._portfolios.get(loaded.id)
        if held is None:
            return None
        held.is_loading = False
        if held.is_void:
            held.is_void = False
            self._load(held)
            return None
        self._unindex(held)
        held.take(loaded)
        for symbol in held.symbols:
            self._holders.setdefault(symbol, {})[held] = None
        if held.is_behind:
            self._load(held)
        return held

    def failed(self, portfolio: str) -> WatchedPortfolio | None:
        """A portfolio could not be read; it is tried again with the next look at the database."""
        held = self._portfolios.get(portfolio)
        if held is not None:
            held.is_loading = held.is_void = False
        return held

    def drop(self, held: WatchedPortfolio) -> None:
        """Forgets a portfolio; nothing of it stays."""
        self._unindex(held)
        self._portfolios.pop(held.id, None)

    def begin_run(self) -> None:
        """A replay began anew: what was reached in the old run no longer counts."""
        for held in self._portfolios.values():
            self._unindex(held)
            held.forget_valuation()
            held.is_void = held.is_loading
            self._load(held)

    def mark_changed(self) -> None:
        """Notes in each portfolio which of its symbols have another quote, quality or session since the last call."""
        self._market.rows.refresh()
        changed = self._market.rows.changed_since(self._version) if self._holders else ()
        self._version = self._market.rows.version
        for symbol in changed:
            for held in self._holders.get(symbol, ()):
                held.dirty.add(symbol)

    def value(self, held: WatchedPortfolio) -> bool:
        """Values a portfolio; False where that failed, and then it must be read anew."""
        if self._source.attempt(held.id, lambda: held.value(self._market)):
            return True
        self._unindex(held)
        held.forget_valuation()
        held.lend_spare()  # what failed half-way is of no use to anybody
        return False

    def forget_idle(self, at: float) -> None:
        """Lets go of what nobody has watched for a while."""
        for held in self.all():
            if held.idle_since is not None and at - held.idle_since >= LINGER_SECONDS:
                self.drop(held)

    def standings_read(self, standings: Mapping[str, Standing]) -> None:
        """Compares with the database: reads again what moved on or could not be read."""
        for portfolio, standing in standings.items():
            held = self._portfolios.get(portfolio)
            if held is not None and (held.rows is None or held.standing != standing):
                self._load(held)

    def _load(self, held: WatchedPortfolio) -> None:
        if not held.is_loading:
            held.is_loading = True
            held.heard_head = 0
            known_head = None if held.standing is None else held.standing.head
            self._source.load(held.id, known_head=known_head, spare=held.lend_spare())

    def _unindex(self, held: WatchedPortfolio) -> None:
        for symbol in held.symbols:
            holders = self._holders.get(symbol, {})
            holders.pop(held, None)
            if not holders:
                self._holders.pop(symbol, None)
