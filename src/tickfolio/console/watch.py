"""`tickfolio watch SYMBOL…`: live quotes in a terminal, from any Tickfolio that can be reached.

In a terminal it is a table that stays in its place; into a file or a pipe it is one line a change. It needs no database.
"""

from __future__ import annotations

import argparse
import asyncio
import codecs
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext, suppress
from typing import TextIO
from urllib.parse import urlsplit

from msgspec.structs import replace
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tickfolio.client import Disconnected, LiveClient, News
from tickfolio.domain.instruments import normalise_symbol
from tickfolio.errors import TickfolioError
from tickfolio.live.wire.messages import Delta, Error, QuoteRow, Snapshot, Status, Welcome

HERE = "http://localhost:8000"
DASH = "—"
NARROWEST, WIDEST = 6, 32
GAP = 2
WIDTHS = {"Symbol": 6, "Name": NARROWEST, "Price": 12, "Change": 8, "Change %": 9, "Quality": 9, "UTC": 8}
"""The columns in their order, and how wide each is at least, so that none moves as its figures do."""
SPARED_FIRST = ("Name", "UTC", "Change", "Change %", "Quality")
"""What a narrow terminal goes without, one after the other; a price is never cut, since one that is looks like another."""
LEFT = ("Symbol", "Name")
SILENT_SECONDS = 4.0
"""Something comes every 3 s; after so long without it prices may be old, and pages say so as well."""
LOOK_SECONDS = 0.5
FRESH = frozenset({"live", "replay", "delayed", "simulated"})
UP, DOWN = "green", "red"


def main(words: Sequence[str], *, out: TextIO | None = None) -> int:
    """Watches until Ctrl-C or the end of the time; 0 then, and 2 where nothing of it could be watched."""
    options = _parser().parse_args(words)
    if out is None:
        _spell_what_the_output_lacks(sys.stdout)
    console = Console(file=out or sys.stdout, highlight=False)
    try:
        symbols = list(dict.fromkeys(normalise_symbol(symbol) for symbol in options.symbols))
        return asyncio.run(
            _watch(
                options.url,
                symbols,
                token=options.token or os.environ.get("TICKFOLIO_TOKEN") or None,
                console=console,
                seconds=options.seconds,
            )
        )
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    except TickfolioError as error:
        print(f"tickfolio watch: {error}", file=sys.stderr)
        return 2


def _spell_what_the_output_lacks(out: TextIO) -> None:
    """Some outputs know no dash and no real minus: a hyphen says the same, and a program that ends there says nothing."""
    codecs.register_error("tickfolio.hyphens", _hyphens)
    with suppress(AttributeError):
        out.reconfigure(errors="tickfolio.hyphens")  # type: ignore[attr-defined]  # of what Python itself opens


def _hyphens(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    missing = error.object[error.start : error.end]
    return "".join("-" if each in f"{DASH}−" else "?" for each in missing), error.end


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tickfolio watch",
        description="Live quotes in the terminal: a table, or one line a change where the output is no terminal.",
    )
    parser.add_argument("symbols", nargs="+", metavar="SYMBOL", help="what to watch, such as AAPL")
    parser.add_argument(
        "--url",
        default=os.environ.get("TICKFOLIO_URL", HERE),
        help=f"the address of a Tickfolio ({HERE}, or the variable TICKFOLIO_URL)",
    )
    # Its default is not the variable: a parser may print defaults, and a token must be in no text.
    parser.add_argument(
        "--token",
        help="a token of yours, where visitors see no quotes; other programs see it here, but not in TICKFOLIO_TOKEN",
    )
    parser.add_argument("--seconds", type=_seconds, metavar="N", help="end after so long instead of at Ctrl-C")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise ValueError(text)
    return seconds


_seconds.__name__ = "number of seconds"  # which argparse names where it refuses one


async def _watch(
    url: str, symbols: Sequence[str], *, token: str | None, console: Console, seconds: float | None
) -> int:
    board = Board(url, symbols)
    was_connected = False
    is_screen = console.is_terminal and not console.is_dumb_terminal
    screen = Live(console=console, auto_refresh=False) if is_screen else None
    _end_in_good_order()
    async with LiveClient(url, quotes=symbols, token=token) as client:
        try:
            async with asyncio.timeout(seconds):
                with screen or nullcontext(), ExitStack() as last:
                    if screen is not None:
                        watching = asyncio.create_task(_show_silence(board, screen, console))
                        last.callback(watching.cancel)
                    async for news in client:
                        was_connected = was_connected or isinstance(news, Welcome)
                        refused = board.refused_by(news)
                        changed = board.take(news, client)
                        # Or each is asked for after every reconnection.
                        await client.unsubscribe(refused)
                        if screen is not None:
                            screen.update(board.picture(*console.size), refresh=True)
                        else:
                            for line in changed:
                                # A pipe wants each line whole and at once, however wide the terminal would be.
                                print(line, file=console.file, flush=True)
                        if not board.symbols:
                            return 2
        except TimeoutError:
            pass
    return 0 if was_connected else 2


async def _show_silence(board: Board, screen: Live, console: Console) -> None:
    """Draws the table anew while nothing comes, so that it says since when."""
    while True:
        screen.update(board.picture(*console.size), refresh=True)
        await asyncio.sleep(LOOK_SECONDS)


def _end_in_good_order() -> None:
    """A request to stop ends it as Ctrl-C does: a terminal that is left otherwise shows no cursor any more."""
    task = asyncio.current_task()
    assert task is not None
    # Not on Windows, and in no thread but the first.
    with suppress(NotImplementedError, RuntimeError, ValueError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


class Board:
    """What is shown: a row for each symbol, where the prices come from, and how the connection is."""

    def __init__(self, url: str, symbols: Sequence[str], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.symbols = list(symbols)
        self._monotonic = monotonic
        self._heard_at: float | None = None
        """When something came last; None without a connection, of which the state tells."""
        self._url = _without_password(url)
        self._rows: dict[str, QuoteRow] = {}
        self._state, self._style = f"connecting to {self._url} …", "yellow"
        self._is_replay, self._market_time = False, ""
        self._lost = ""

    def refused_by(self, news: News) -> list[str]:
        """Of what is shown, the symbol that the server will not serve, if that is what it says."""
        return [symbol for symbol in self.symbols if isinstance(news, Error) and symbol == news.symbol]

    def take(self, news: News, client: LiveClient) -> list[str]:
        """Takes what the client heard; the lines that tell of it."""
        self._heard_at = None if isinstance(news, Disconnected) else self._monotonic()
        match news:
            case Disconnected():
                return self._disconnected(news)
            case Welcome():
                self._is_replay, self._lost = news.is_replay, ""
                self._heard(news.market_time)
                return [f"# {self._url}{', a replay of past prices' if news.is_replay else ''}"]
            case Status():
                self._heard(news.market_time)
                return []
            case Error():
                return self._refused(news)
            case Snapshot() | Delta():
                # Beside prices a clock that is told of every few seconds only would be behind.
                if (made := news.stamps.source) is not None and made > self._market_time:
                    self._heard(made)
                return self._quoted(client)
            case _:
                return []

    def picture(self, width: int, height: int) -> Group:
        """The table and the line below it, in a terminal of so many columns and lines.

        Where it is narrow, names are cut and columns left out; where it is low, the last symbols are.
        """
        text, style = self._told()
        state = textwrap.wrap(text, width)
        cells = [_cells(symbol, self._row(symbol)) for symbol in self.symbols]
        columns = _columns_that_fit(cells, width)
        names_stale = self._is_heard and "Quality" not in columns  # no room for a column, and not all are
        old = [each for each in self.symbols if names_stale and self._is_stale(each)]
        notes = textwrap.wrap(f"stale: {', '.join(old)}", width) if old else []
        fitting = _rows_that_fit(len(self.symbols), height - len(state) - len(notes))
        table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
        for heading, least in columns.items():
            table.add_column(
                heading,
                justify="left" if heading in LEFT else "right",
                style="bold" if heading == "Symbol" else "",
                no_wrap=True,
                width=least,
            )
        for row in cells[:fitting]:
            table.add_row(*(row[heading] for heading in columns))
        below = Text("\n".join(state), style)
        hidden = len(self.symbols) - fitting
        said = f"… and {hidden} more: they show in a taller terminal"
        more = [Text(said, "dim", no_wrap=True, overflow="ellipsis")] if hidden else []
        return Group(table, *more, *(Text(note, "red") for note in notes), below)

    def _row(self, symbol: str) -> QuoteRow | None:
        """As it was heard; of a server that says nothing any more no price is called fresh."""
        row = self._rows.get(symbol)
        if row is None or self._is_heard or row.quality not in FRESH:
            return row
        return replace(row, quality="stale")

    @property
    def _silent_seconds(self) -> float:
        """0 without a connection, of which the state tells."""
        return 0.0 if self._heard_at is None else self._monotonic() - self._heard_at

    @property
    def _is_heard(self) -> bool:
        return self._heard_at is not None and self._silent_seconds < SILENT_SECONDS

    def _is_stale(self, symbol: str) -> bool:
        return symbol in self._rows and self._rows[symbol].quality == "stale"

    def _told(self) -> tuple[str, str]:
        """What stands below the table, and its style."""
        silent = self._silent_seconds
        if silent < SILENT_SECONDS:
            return self._state, self._style
        return f"stale: nothing was heard for {silent:.0f} s", "red"

    def _heard(self, market_time: str) -> None:
        self._market_time = market_time
        moment = market_time[:16].replace("T", " ")
        self._state = f"{'replay of past prices' if self._is_replay else 'connected'}, {moment} UTC"
        self._style = "magenta" if self._is_replay else "dim"

    def _disconnected(self, news: Disconnected) -> list[str]:
        kept = ". The prices above are the last ones known" if self._rows else ""
        self._state, self._style = f"no connection: {news.reason.rstrip('.')}{kept}. Trying\u00a0again…", "red"
        # One line for all attempts that fail alike.
        is_told, self._lost = self._lost == news.reason, news.reason
        return [] if is_told else [f"# no connection: {news.reason}"]

    def _refused(self, error: Error) -> list[str]:
        refused = self.refused_by(error)
        # To be told once more, of what is watched no longer, is no news.
        if refused or error.symbol is None:
            self.symbols = [symbol for symbol in self.symbols if symbol not in refused]
            print(f"tickfolio watch: {error.message}", file=sys.stderr)
        return []

    def _quoted(self, client: LiveClient) -> list[str]:
        changed = []
        for symbol, row in client.quotes.items():
            if self._rows.get(symbol) != row:
                self._rows[symbol] = row
                changed.append(line(symbol, row))
        return changed


def line(symbol: str, row: QuoteRow) -> str:
    """A quote in columns: symbol, price, currency, change in percent, quality, the market's time."""
    percent = DASH if row.change_percent is None else f"{_signed(row.change_percent)} %"
    moment = row.source_time or DASH
    return f"{symbol:<8} {row.price or DASH:>12} {row.currency:<4} {percent:>10}  {row.quality:<9} {moment}"


def _cells(symbol: str, row: QuoteRow | None) -> dict[str, Text]:
    if row is None:
        texts = dict.fromkeys(WIDTHS, DASH) | {"Symbol": symbol, "Name": ""}
        return {heading: Text(text) for heading, text in texts.items()}
    style = "" if row.change is None else DOWN if row.change.startswith("-") else UP if row.change.strip("0.") else ""
    return {
        "Symbol": Text(symbol),
        "Name": Text(row.name),
        "Price": Text(DASH if row.price is None else f"{row.price} {row.currency}", "bold"),
        "Change": Text(DASH if row.change is None else _signed(row.change), style),
        "Change %": Text(DASH if row.change_percent is None else f"{_signed(row.change_percent)} %", style),
        "Quality": Text(row.quality),
        "UTC": Text(DASH if row.source_time is None else row.source_time[11:19]),
    }


def _columns_that_fit(cells: Sequence[dict[str, Text]], width: int) -> dict[str, int]:
    """The columns that a terminal has room for, each with its width; the name gets what is left."""
    widths = {heading: max([least, *(row[heading].cell_len for row in cells)]) for heading, least in WIDTHS.items()}
    longest, widths["Name"] = widths["Name"], NARROWEST
    for spared in SPARED_FIRST:
        if sum(widths.values()) + GAP * (len(widths) - 1) <= width:
            break
        del widths[spared]
    if "Name" in widths:
        left = width - sum(widths.values()) - GAP * (len(widths) - 1)
        widths["Name"] += max(0, min(left, min(longest, WIDEST) - NARROWEST))
    return widths


def _rows_that_fit(symbols: int, lines: int) -> int:
    """Below the headings; where not all do, a line is left to say so."""
    return symbols if symbols < lines else max(1, lines - 2)


def _without_password(url: str) -> str:
    with suppress(ValueError):
        netloc = urlsplit(url).netloc
        return url.replace(netloc, netloc.rpartition("@")[2], 1) if netloc else url
    return url


def _signed(digits: str) -> str:
    """The amount with its sign, a real minus, so that colour is never all that tells them apart."""
    return f"−{digits[1:]}" if digits.startswith("-") else f"+{digits}" if digits.strip("0.") else digits
