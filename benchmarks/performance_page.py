"""The performance page of one large portfolio: `python -m benchmarks.performance_page DATA PORTFOLIO SYMBOLS`.

The database is the one that `benchmarks.cold_ledger` writes. It prints two times in ms of CPU, the page's first answer in this
process and the median of the ones after it, over the whole history with a benchmark, by the product's own view.
"""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.portfolio_server import set_up, shares
from tickfolio.runtime.collector import collect_rarely

ROUNDS = 9
HERE = "127.0.0.1"


def main(data: str, portfolio: str, instruments: int) -> None:
    """Asks for the page as a browser does."""
    set_up(data)
    from django.conf import settings
    from django.test import Client

    from tickfolio.feeds.ecb.history import rate_history
    from tickfolio.identity.models import User
    from tickfolio.services import price_history

    histories = shares(instruments)
    # The replay knows five shares; here each of the portfolio's has the days of one of them.
    vars(price_history)["share_histories"] = lambda: histories
    settings.ALLOWED_HOSTS = [HERE]
    collect_rarely()
    rate_history()  # read once a process, from a file
    client = Client(SERVER_NAME=HERE)
    client.force_login(User.objects.get())
    address = f"/portfolios/{portfolio}/performance/?span=all&against={next(iter(histories))}"

    def answered() -> float:
        began = time.process_time()
        answer = client.get(address)
        took = time.process_time() - began
        if answer.status_code != 200 or b"fully valued" not in answer.content or b"not available: " in answer.content:
            raise RuntimeError(f"Expected a page with all figures, was {answer.status_code}.")
        return took * 1000

    first = answered()
    print(first, statistics.median(answered() for _ in range(ROUNDS)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
