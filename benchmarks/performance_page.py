"""The performance page of one large portfolio: `python -m benchmarks.performance_page DATA PORTFOLIO SYMBOLS`.

The database is the one that `benchmarks.cold_ledger` writes. It prints times in ms of CPU, of the whole history beside a
benchmark: all figures of the page and the page as a browser gets it, both where they were asked for before, the page's first
answer in this process, and the tree that explains the return of five years.
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

    from tickfolio.domain.explain.printing import as_data, shown
    from tickfolio.feeds.ecb.history import rate_history
    from tickfolio.identity.models import User
    from tickfolio.persistence.tenancy import Person
    from tickfolio.services import explanations, price_history
    from tickfolio.services.explanations import explanation_of, usual_depth
    from tickfolio.services.performance import Asked, SpanName, performance_of

    histories = shares(instruments)
    # The replay knows five shares; here each of the portfolio's has the days of one of them.
    vars(price_history)["share_histories"] = lambda: histories
    settings.ALLOWED_HOSTS = [HERE]
    collect_rarely()
    rate_history()  # read once a process, from a file
    client = Client(SERVER_NAME=HERE)
    client.force_login(User.objects.get())
    owner = User.objects.get().pk
    address = f"/portfolios/{portfolio}/performance/?span=all&against={next(iter(histories))}"

    def answered() -> float:
        began = time.process_time()
        answer = client.get(address)
        took = time.process_time() - began
        if answer.status_code != 200 or b"fully valued" not in answer.content or b"not available: " in answer.content:
            raise RuntimeError(f"Expected a page with all figures, was {answer.status_code}.")
        return took * 1000

    def worked_out() -> float:
        began = time.process_time()
        asked = Asked(name=SpanName.ALL, against=next(iter(histories)))
        found = performance_of(actor=Person(owner), portfolio_id=portfolio, asked=asked)
        took = time.process_time() - began
        if found is None or found.figures.incomplete:
            raise RuntimeError("Expected the figures of days that are all valued.")
        return took * 1000

    def explained() -> float:
        began = time.process_time()
        found = explanation_of(
            actor=Person(owner), portfolio_id=portfolio, asked=explanations.Asked("twr", {"span": "5y"})
        )
        told = as_data(shown(found.tree, depth=usual_depth("twr"), most=1_000))
        took = time.process_time() - began
        if not told:
            raise RuntimeError("Expected a tree of the time-weighted return.")
        return took * 1000

    first = answered()
    print(
        statistics.median(worked_out() for _ in range(ROUNDS)),
        statistics.median(answered() for _ in range(ROUNDS)),
        first,
        statistics.median(explained() for _ in range(ROUNDS)),
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
