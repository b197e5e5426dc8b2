"""What `./dev bench fanout` measures of portfolios: a thousand of them, each with one page open on it."""

from __future__ import annotations

import statistics

from benchmarks.fanout.driving import Order
from benchmarks.fanout.peers import PATH, Program, Seat, python, seated, tell
from benchmarks.fanout.portfolio_server import portfolio_id
from benchmarks.fanout.rounds import Window, messages_of, window
from benchmarks.report import Figure

SYMBOLS, PORTFOLIOS, HOLDINGS = 500, 1000, 30
ORDER = Order(ticks=2000, per_second=500, burst=5, batch=5, beat_ms=250)
ROUNDS = 3
FIRST_MESSAGES = 2
"""A welcome, and the portfolio."""
SETTLE_SECONDS = 90.0


def portfolio_figures() -> list[Figure]:
    """The share of a core that it takes to value all of them four times a second and to send their frames."""
    program = python("portfolio_server", "{symbols}", str(HOLDINGS))
    with seated(program, symbols=SYMBOLS) as seat:
        watch(seat, program, count=PORTFOLIOS)
        windows = [window(seat, ORDER, watchers=0, conflates=True) for _ in range(ROUNDS)]
    return told(windows, order=ORDER, portfolios=PORTFOLIOS)


def watch(seat: Seat, program: Program, *, count: int) -> int:
    """Opens a page on each portfolio; how many messages came until all had theirs."""
    pages = [[portfolio_id(number)] for number in range(count)]
    seat.clients.ask(
        {"do": "connect", "port": seat.port, "path": PATH, "watch": pages, "dialect": "portfolio", "stride": 0}
    )
    wait = {"do": "wait", "messages": FIRST_MESSAGES * count, "seconds": SETTLE_SECONDS}
    return messages_of(seat.clients.ask(wait))


def told(windows: list[Window], *, order: Order, portfolios: int) -> list[Figure]:
    """The figures, of the medians."""
    # A server that falls behind takes longer than the ticks should: then there are fewer frames a second, not more.
    share = statistics.median(one.cpu_seconds / ticking_seconds(one, order) for one in windows)
    frames = statistics.median(one.messages / portfolios / ticking_seconds(one, order) for one in windows)
    tell(f"portfolios: {100 * share:.0f} % of a core for {frames:.2f} frames a second of each")
    return [Figure("fanout.portfolios", share, "cores"), Figure("fanout.portfolios.frames", frames, "a second")]


def ticking_seconds(one: Window, order: Order) -> float:
    """How long the ticks went on; what is waited after them for the last beat is left out."""
    return max(order.ticks / order.per_second, one.seconds - order.settle_seconds)
