"""Makes the replay's price history from the stock sample of the bokeh_sampledata wheel.

By hand, once: ``python tools/import_stock_history.py stocks.csv.gz src/tickfolio/feeds/replay/data/daily.csv.gz``
The wheel's file has numbers as floating-point text ("127.0", "9616100"); the product's has exact decimals with at least
two places and is the same bytes on every run.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from decimal import Decimal
from pathlib import Path

HEADING = ["symbol", "day", "open", "high", "low", "close", "volume", "adjusted_close"]


def main(source: Path, target: Path) -> None:
    """Reads the wheel's `source` and writes the product's `target`."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADING)
    for symbol, day, *prices, volume, adjusted_close in sorted(rows):
        writer.writerow([symbol, day, *map(_price, prices), int(volume), Decimal(adjusted_close)])
    target.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))


def _price(text: str) -> str:
    """`text` with at least two decimal places: 127.0 becomes 127.00, 29.715 stays."""
    places = len(text.partition(".")[2])
    return f"{Decimal(text):.{max(2, places)}f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
