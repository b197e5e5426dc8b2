"""What breaks in a simulation, how often, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.live.portfolios import OTHER
from tests.simulation.network import Weather
from tests.simulation.pages import V1Page
from tests.simulation.vendor import SYMBOLS

if TYPE_CHECKING:
    from tests.simulation.world import World


class Faults:
    """Breaks one thing after another until told to stop."""

    def __init__(self, world: World) -> None:
        self._world = world

    def begin(self) -> None:
        """One fault, and soon the next one."""
        if not self._world.is_faulty:
            return
        fault = self._world.draw.choice(
            [
                self._cut_a_page,
                self._cut_a_page,
                self._cut_a_page,
                self._slow_a_page,
                self._half_open_a_page,
                self._slow_a_page,
                self._worsen_a_network,
                self._darken_a_network,
                self._kill_the_server,
                self._stop_the_server,
                self._lose_the_bus,
                self._deafen_the_bus,
                self._doubt_the_bus,
                self._cut_the_vendor,
                self._silence_the_vendor,
                self._mix_up_the_vendor,
                self._err,
                self._err,
                self._keep_the_database_busy,
            ]
        )
        self._world.note(fault.__name__.strip("_").replace("_", " "))
        fault()
        self._world.loop.call_later(self._world.draw.uniform(0.1, 2.5), self.begin)

    def _for_a_while(self, most: float, heal: Callable[[], None]) -> None:
        self._world.loop.call_later(self._world.draw.uniform(0.2, most), heal)

    def _some_page(self) -> V1Page:
        return self._world.draw.choice([page for page in self._world.pages if isinstance(page, V1Page)])

    def _cut_a_page(self) -> None:
        self._world.draw.choice(self._world.pages).cut()

    def _half_open_a_page(self) -> None:
        if (line := self._some_page().line) is not None:
            line.die()

    def _slow_a_page(self) -> None:
        weather = self._world.draw.choice(self._world.pages).weather
        weather.bytes_per_second = self._world.draw.choice((50.0, 500.0, 2_000.0))
        self._for_a_while(12.0, lambda: setattr(weather, "bytes_per_second", None))
        if self._world.draw.random() < 0.3:
            # More events than may wait for somebody who does not read.
            for number in range(3):
                self._world.loop.call_later(1.0 + number, self._world.book, OTHER, 30)

    def _worsen_a_network(self) -> None:
        weather = self._some_page().weather
        weather.loss, weather.doubling, weather.mixing = (self._world.draw.choice((0.0, 0.2, 0.5)) for _ in range(3))
        self._for_a_while(8.0, lambda: _improve(weather))

    def _darken_a_network(self) -> None:
        page = self._some_page()
        page.weather.is_dark = True
        if page.line is not None:
            page.line.die()
        self._for_a_while(6.0, lambda: setattr(page.weather, "is_dark", False))

    def _kill_the_server(self) -> None:
        self._world.kill()

    def _stop_the_server(self) -> None:
        if self._world.process is not None:
            self._world.process.stop(self._world.draw.uniform(0.3, 6.0))

    def _lose_the_bus(self) -> None:
        if self._world.valkey.is_up:
            self._world.valkey.go_away()
            self._for_a_while(5.0, self._world.valkey.come_back)

    def _deafen_the_bus(self) -> None:
        self._world.valkey.lose_subscribers()

    def _doubt_the_bus(self) -> None:
        self._world.valkey.forgets_answers = True
        self._for_a_while(3.0, lambda: setattr(self._world.valkey, "forgets_answers", False))

    def _cut_the_vendor(self) -> None:
        self._world.vendor.cut()
        if self._world.draw.random() < 0.5:
            self._world.vendor.is_away = True
            self._for_a_while(3.0, lambda: setattr(self._world.vendor, "is_away", False))
        self._world.vendor.is_unanswering = self._world.draw.random() < 0.3

    def _silence_the_vendor(self) -> None:
        self._world.vendor.fall_silent()

    def _mix_up_the_vendor(self) -> None:
        self._world.vendor.is_untidy = not self._world.vendor.is_untidy

    def _err(self) -> None:
        self._world.vendor.err(self._world.draw.choice(SYMBOLS))

    def _keep_the_database_busy(self) -> None:
        self._world.database.is_busy = True
        self._for_a_while(4.0, lambda: setattr(self._world.database, "is_busy", False))

    def blow_a_last_gale(self) -> None:
        """Prices, and frames that get lost: after them there may be none that would tell of it."""
        for page in self._world.pages:
            if isinstance(page, V1Page) and self._world.draw.random() < 0.5:
                page.weather.loss = 0.6
        for number, symbol in enumerate(SYMBOLS):
            self._world.loop.call_later(0.2 * number, self._world.vendor.trade, symbol)

    def stop(self) -> None:
        """Everything works from now on. What is half-open stays so, and whoever waits goes on waiting."""
        world = self._world
        world.vendor.say_late_ones()
        world.vendor.is_away = world.vendor.is_unanswering = world.vendor.is_untidy = False
        world.valkey.forgets_answers = world.database.is_busy = False
        if not world.valkey.is_up:
            world.valkey.come_back()
        for page in world.pages:
            _improve(page.weather)
            page.weather.bytes_per_second, page.weather.is_dark = None, False


def _improve(weather: Weather) -> None:
    weather.loss = weather.doubling = weather.mixing = 0.0
