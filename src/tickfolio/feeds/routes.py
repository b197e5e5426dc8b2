"""The routes of all instruments of a live market: which feed serves each of them, and what each feed is to stream."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from tickfolio.domain.instruments import Instrument, Publication, Symbol
from tickfolio.feeds.feed import Feed, Operation
from tickfolio.feeds.routing import FeedHealth, Move, Route, plan


class Routes:
    """One `Route` an instrument, and what they share: the feeds by name, the preferred first, and how each of them is."""

    def __init__(self, feeds: Mapping[str, Feed], *, orders: Mapping[Symbol, tuple[str, ...]], at: datetime) -> None:
        self._feeds = feeds
        self._orders = dict(orders)
        self._instruments: dict[Symbol, Instrument] = {}
        self._asked: Mapping[str, frozenset[Symbol]] = {}
        self.by_symbol: dict[Symbol, Route] = {}
        self.health = FeedHealth(list(feeds), at=at)

    def add(self, instrument: Instrument) -> None:
        """Makes the route of an instrument; no feed serves it before `decide`."""
        self._instruments[instrument.symbol] = instrument
        self.by_symbol[instrument.symbol] = self._new_route(instrument)

    def is_served_by(self, name: str, symbol: Symbol) -> bool:
        """Whether a feed has the word on a known instrument: one that was just left may still say a price."""
        return self.by_symbol[symbol].current == name

    def serving(self, symbol: Symbol) -> Feed | None:
        """The feed that serves a known instrument; None where none does."""
        return self._feeds.get(self.by_symbol[symbol].current)

    def others(self, symbol: Symbol) -> list[Feed]:
        """The feeds that could give a second opinion on a known instrument; its route is compared with the first of them."""
        return [self._feeds[name] for name in self.by_symbol[symbol].opinions]

    def note_refusals(self, symbols: Collection[Symbol]) -> None:
        """Takes from the feeds' reports which of `symbols` they will not stream, and which of them they stream again after all."""
        for name, feed in self._feeds.items():
            refused = feed.report().refused
            for symbol in symbols:
                route = self.by_symbol[symbol]
                if symbol in refused:
                    route.refuse(name, refused[symbol])
                elif name in route.refused and symbol in self._asked.get(name, ()):
                    # It had no other feed to go to, and there is room for it now, or it was asked for anew.
                    route.readmit(name)

    def decide(
        self, wanted: Collection[Symbol], *, is_open: Callable[[Symbol], bool], at: datetime
    ) -> tuple[Move, ...]:
        """Sends every wanted instrument to the feed that is to serve it now, and tells each feed what it is to stream.

        Args:
            is_open: whether a price of the symbol may be expected at `at`.
        """
        limits = {name: feed.capabilities.symbol_limit for name, feed in self._feeds.items()}
        routes = [self.by_symbol[symbol] for symbol in wanted]
        planned = plan(routes, self.health, limits=limits, is_open=is_open, at=at)
        self._asked = planned.wanted
        for name, symbols in planned.wanted.items():
            self._feeds[name].want(symbols)
        return planned.moves

    def follow(self, orders: Mapping[Symbol, tuple[str, ...]], *, at: datetime) -> dict[Symbol, Move | None]:
        """The instruments with an order of their own, all of them as they are by now; gives those whose order is another.

        Each goes to the first feed that can serve it, whichever did before; its move is None where that is the same one.
        """
        before, self._orders = self._orders, dict(orders)
        changed = [symbol for symbol in sorted({*before, *orders}) if before.get(symbol) != orders.get(symbol)]
        return {symbol: self._begin_anew(symbol, at) for symbol in changed if symbol in self._instruments}

    def _begin_anew(self, symbol: Symbol, at: datetime) -> Move | None:
        left = self.by_symbol[symbol].current
        self.by_symbol[symbol] = route = self._new_route(self._instruments[symbol])
        move = route.decide(self.health, at=at) if left else None
        if move is None or move.new == left:
            return None
        return replace(move, old=left, reason="so the operator wants it")

    def _new_route(self, instrument: Instrument) -> Route:
        mute = {name for name, feed in self._feeds.items() if not feed.capabilities.can(Operation.SNAPSHOT)}
        return Route(instrument.symbol, self._order_of(instrument), mute=frozenset(mute))

    def _order_of(self, instrument: Instrument) -> tuple[str, ...]:
        """The feeds that may serve an instrument: its own order where it names one, else the operator's."""
        if instrument.publication is Publication.MANUAL:
            return ()
        named = [name for name in self._orders.get(instrument.symbol, ()) if name in self._feeds]
        names = named or list(self._feeds)
        return tuple(name for name in names if self._feeds[name].capabilities.streams(instrument))
